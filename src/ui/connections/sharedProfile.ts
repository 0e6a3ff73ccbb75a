import { createHash } from 'node:crypto';
import { isAbsolute, resolve } from 'node:path';
import type { ConnectionEntry } from '../../broker/connectionEntry.ts';
import { hostsOf, isUnverified, type ConnectionProfile, type TlsOptions } from '../../broker/profile.ts';
import type { Session } from '../../broker/session.ts';
import { visibleLine } from '../../common/visibleText.ts';

/** Ids of connections that stand in settings begin with it. */
export const sharedPrefix = 'settings:';

/**
 * A connection from settings with an id made of everything that decides where credentials go and who is taken for the broker.
 * Consent and password are kept under it: when the settings change the host, neither is found any more.
 */
export function sharedProfile(entry: ConnectionEntry): ConnectionProfile {
  const { host, port, tls, vhost, username, failover, tlsOptions, authentication, managementUrl, managementUsername } =
    entry;
  const leads = [host, port, tls, vhost, username, failover, authentication, managementUrl, managementUsername];
  const { caFiles, certFile, keyFile, pfxFile, serverName, insecure } = tlsOptions ?? {};
  const trusts = [caFiles, certFile, keyFile, pfxFile, serverName, insecure];
  const digest = createHash('sha256')
    .update(JSON.stringify([leads, trusts]))
    .digest('hex');
  return { ...entry, id: `${sharedPrefix}${digest.slice(0, 32)}` };
}

/** The connection from the settings that has now the name of one that was there. */
export function successorOf(all: readonly Session[], { profile: { id, name } }: Session): Session | undefined {
  if (!id.startsWith(sharedPrefix)) return undefined;
  return all.find(({ profile }) => profile.id.startsWith(sharedPrefix) && profile.name === name);
}

/** The TLS files of an entry as absolute paths: what is relative, or begins with `${workspaceFolder}`, is in the folder. */
export function withFilesIn(entry: ConnectionEntry, folder: string): ConnectionEntry {
  if (!entry.tlsOptions) return entry;
  const at = (path: string): string => {
    const inFolder = path.replace(/^\$\{workspaceFolder\}[\\/]*/, '');
    return isAbsolute(inFolder) ? inFolder : resolve(folder, inFolder);
  };
  const { caFiles, certFile, keyFile, pfxFile } = entry.tlsOptions;
  const tlsOptions: TlsOptions = {
    ...entry.tlsOptions,
    ...(caFiles && { caFiles: caFiles.map(at) }),
    ...(certFile !== undefined && { certFile: at(certFile) }),
    ...(keyFile !== undefined && { keyFile: at(keyFile) }),
    ...(pfxFile !== undefined && { pfxFile: at(pfxFile) }),
  };
  return { ...entry, tlsOptions };
}

/** Where credentials will go, who is taken for the broker, and what makes that less safe, in a sentence each. */
export function consentDetail(profile: ConnectionProfile): string {
  const { tls, username, managementUrl, managementUsername = username } = profile;
  const hosts = hostsOf(profile).map(({ host, port }) => `${host}, port ${port}`);
  const sentences = [
    `It sends the login of ${username === '' ? 'its certificate' : `user ${username}`} to ${hosts.join('; then to ')}.`,
  ];
  if (managementUrl !== undefined) sentences.push(`For the management API it goes to ${managementUrl}.`);
  if (managementUsername !== username) sentences.push(`The user of the management API is ${managementUsername}.`);
  if (!tls) sentences.push('The connection is not encrypted.');
  else if (managementUrl?.startsWith('http:')) sentences.push('The management API is not encrypted.');
  if (isUnverified(profile)) sentences.push("The broker's certificate is not verified.");
  // Each for itself: a long one must not hide those behind it.
  return [...sentences, ...trustSentences(profile)].map((each) => visibleLine(each, 2_000)).join(' ');
}

function trustSentences({ tlsOptions = {} }: ConnectionProfile): readonly string[] {
  const { caFiles = [], certFile, pfxFile, serverName } = tlsOptions;
  const shown = certFile ?? pfxFile;
  return [
    ...(serverName === undefined ? [] : [`Whoever has a certificate for ${serverName} is taken for the broker.`]),
    ...(caFiles.length === 0 ? [] : [`It also trusts the certificate authorities in ${caFiles.join(', ')}.`]),
    ...(shown === undefined ? [] : [`It shows the client certificate ${shown}.`]),
  ];
}
