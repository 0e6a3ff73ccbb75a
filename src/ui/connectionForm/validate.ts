import { statSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { homedir } from 'node:os';
import { delimiter, isAbsolute } from 'node:path';
import { formatBaseUrl, parseManagementUrl } from '../../broker/management/baseUrl.ts';
import { parseAmqpUri, parseHosts } from '../../broker/amqpUri.ts';
import { isHostName, type Limit } from '../../broker/profile.ts';
import { AppError, toAppError } from '../../common/errors.ts';
import { errorText } from '../errorText.ts';
import type { Problem } from '../picks/steps.ts';

/** Names go over the wire as short strings. Source: AMQP 0-9-1, section 4.2.5.3. */
const longestName = 255;

/** Whether a text means to be an AMQP URI, right or wrong. */
export function looksLikeUri(text: string): boolean {
  return /^\s*(?:amqps?:|\w+:\/\/)/i.test(text);
}

/** Why this is no AMQP URI; never repeats it, since it may hold a password. */
export function checkUri(text: string): Problem | undefined {
  if (text.trim() === '') return 'Enter a URI that starts with amqp:// or amqps://.';
  try {
    parseAmqpUri(text);
    return undefined;
  } catch (error) {
    return errorText(toAppError(error));
  }
}

/** Why this is neither a host name nor an IP address; IPv6 may stand in brackets. */
export function checkHost(text: string): Problem | undefined {
  const host = readHost(text);
  if (host === '') return 'Enter a host name or an IP address.';
  if (/^[a-z]+:\/\//i.test(host)) return 'Enter the host alone. To use a URI, go back to the start.';
  if (isIPv6(host)) return undefined;
  if (/:\d*$/.test(host)) return 'Enter the host alone. The port is asked for later.';
  return isHostName(host) ? undefined : 'That is not a host name or an IP address.';
}

/** The host as a profile has it: IPv6 without brackets. */
export function readHost(text: string): string {
  return text.trim().replace(/^\[(.*)\]$/, '$1');
}

/** Why these are no further hosts; empty is fine. */
export function checkHosts(text: string): Problem | undefined {
  try {
    parseHosts(text, false);
    return undefined;
  } catch (error) {
    const failure = toAppError(error);
    const reason = failure instanceof AppError && failure.is('invalidUri') ? failure.params.reason : '';
    return `Enter hosts with a comma between them, like rabbit-2, rabbit-3:5673: ${reason}.`;
  }
}

/** Why this cannot be the name in a certificate; empty is fine. */
export function checkServerName(text: string): Problem | undefined {
  return text.trim() === '' ? undefined : checkHost(text);
}

/** Why these are no files that exist; empty is fine. */
export function checkFiles(text: string): Problem | undefined {
  for (const path of readFiles(text)) {
    const problem = checkFile(path);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Why this is no file that exists. */
export function checkFile(text: string): Problem | undefined {
  const path = readPath(text);
  if (path === '') return 'Enter the path of a file, or browse for it.';
  if (!isAbsolute(path)) return 'Enter the whole path of the file.';
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats) return `There is no file ${path}.`;
    return stats.isFile() ? undefined : `${path} is not a file.`;
  } catch {
    return `${path} cannot be read.`;
  }
}

/** A path as a profile has it. */
export function readPath(text: string): string {
  return text.trim().replace(/^~(?=[/\\])/, homedir());
}

/** Paths with the separator of the system's PATH between them. */
export function readFiles(text: string): readonly string[] {
  return text
    .split(delimiter)
    .map(readPath)
    .filter((path) => path !== '');
}

/** Why this is no number of seconds within the limit; empty is the usual one. */
export function checkSeconds(text: string, { least, most }: Limit): Problem | undefined {
  const seconds = Number(text);
  if (text.trim() === '' || (/^\s*\d{1,4}\s*$/.test(text) && seconds >= least && seconds <= most)) return undefined;
  return `Enter a whole number from ${least} to ${most}.`;
}

/** Why this is no TCP port. */
export function checkPort(text: string): Problem | undefined {
  const port = Number(text);
  if (/^\s*\d{1,5}\s*$/.test(text) && port >= 1 && port <= 65_535) return undefined;
  return 'Enter a port from 1 to 65535.';
}

/** Why this cannot be a virtual host, or a note on a slash that is easily mistaken; empty means the default one. */
export function checkVhost(text: string): Problem | undefined {
  if (isTooLong(text)) return 'The name of a virtual host has at most 255 bytes.';
  if (text.length > 1 && text.startsWith('/')) {
    const message = `The slash belongs to the name: this is "${text}", not "${text.slice(1)}".`;
    return { severity: 'info', message };
  }
  return undefined;
}

/** Why this cannot be a user name. */
export function checkUsername(text: string): Problem | undefined {
  if (text === '') return 'Enter a user name.';
  return isTooLong(text) ? 'A user name has at most 255 bytes.' : undefined;
}

/** Why the management API cannot be at this URL; empty is fine. */
export function checkManagementUrl(text: string): Problem | undefined {
  if (text.trim() === '') return undefined;
  try {
    const url = parseManagementUrl(text);
    return url.hostname === '' ? wrongManagementUrl : undefined;
  } catch {
    return wrongManagementUrl;
  }
}

const wrongManagementUrl = 'Enter a URL like https://host:15671 or https://host/prefix, or nothing.';

/** The URL as a profile has it: without a login, which would be a secret. */
export function readManagementUrl(text: string): string {
  return text.trim() === '' ? '' : formatBaseUrl(parseManagementUrl(text));
}

/**
 * Why this cannot be a connection's name, or a warning that another one has it.
 * @param taken the names of the other connections
 */
export function checkName(text: string, taken: readonly string[]): Problem | undefined {
  const name = text.trim();
  if (name === '') return 'Enter a name.';
  return taken.includes(name) ? { severity: 'warning', message: 'Another connection has this name.' } : undefined;
}

function isTooLong(text: string): boolean {
  return Buffer.byteLength(text) > longestName;
}
