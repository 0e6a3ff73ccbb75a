import * as z from 'zod/mini';
import { AppError, toAppError } from '../common/errors.ts';
import { visibleLine } from '../common/visibleText.ts';
import { formatBaseUrl, parseManagementUrl } from './management/baseUrl.ts';
import { parseAmqpUri } from './amqpUri.ts';
import {
  connectTimeoutLimit,
  heartbeatLimit,
  isHostName,
  usualPort,
  type Authentication,
  type ConnectionProfile,
  type ConnectionTarget,
  usesTls,
} from './profile.ts';

/** A connection as a setting or an exported file has it: a profile before it has an id. */
export type ConnectionEntry = Omit<ConnectionProfile, 'id'>;

/** One of several entries that cannot be used. */
export interface EntryProblem {
  /** From 0. */
  readonly index: number;
  /** The name it gives itself, safe to show. */
  readonly name: string | undefined;
  /** A clause that goes on from the entry's name; repeats nothing that could be a secret. */
  readonly reason: string;
}

/** Names go over the wire as short strings. Source: AMQP 0-9-1, section 4.2.5.3. */
const longestName = 255;
/** More failover hosts, or certificate files, than anybody has. */
const longestList = 32;

const name = z.string().check(z.refine((text) => text.trim() !== '' && isShort(text)));
const host = z.string().check(z.refine(isHost));
const port = z.int().check(z.minimum(1), z.maximum(65_535));
const secondsIn = ({ least, most }: { least: number; most: number }) =>
  z.int().check(z.minimum(least), z.maximum(most));
const path = z.string().check(z.minLength(1), z.maxLength(4_096));

/** All that an entry may say. Unknown fields are refused: a misspelt `tls` must not end in a plain connection. */
const shape = z.strictObject({
  name: z.optional(name),
  uri: z.optional(z.string().check(z.maxLength(8_192))),
  host: z.optional(host),
  port: z.optional(port),
  tls: z.optional(z.boolean()),
  vhost: z.optional(z.string().check(z.refine(isShort))),
  username: z.optional(z.string().check(z.refine((text) => text !== '' && isShort(text)))),
  failover: z.optional(z.array(z.strictObject({ host, port })).check(z.maxLength(longestList))),
  tlsOptions: z.optional(
    z.strictObject({
      caFiles: z.optional(z.array(path).check(z.maxLength(longestList))),
      certFile: z.optional(path),
      keyFile: z.optional(path),
      pfxFile: z.optional(path),
      serverName: z.optional(host),
      insecure: z.optional(z.literal(true)),
    }),
  ),
  authentication: z.optional(z.enum(['external', 'amqplain'])),
  heartbeatSeconds: z.optional(secondsIn(heartbeatLimit)),
  connectTimeoutSeconds: z.optional(secondsIn(connectTimeoutLimit)),
  managementUrl: z.optional(z.string().check(z.refine(isManagementUrl))),
  managementUsername: z.optional(z.string().check(z.refine((text) => text !== '' && isShort(text)))),
});

/** What each field takes, for the sentence about one that is wrong. */
const expected: Readonly<Record<string, string>> = {
  name: 'a text of up to 255 bytes',
  uri: 'an AMQP URI',
  host: 'a host name or an IP address',
  port: 'a whole number from 1 to 65535',
  tls: 'true or false',
  vhost: 'a text of up to 255 bytes',
  username: 'a text of up to 255 bytes',
  failover: 'a list of at most 32 objects with host and port',
  tlsOptions: 'an object',
  caFiles: 'a list of at most 32 paths',
  certFile: 'a path',
  keyFile: 'a path',
  pfxFile: 'a path',
  serverName: 'a host name',
  insecure: 'true, or left out',
  authentication: '"external" or "amqplain"',
  heartbeatSeconds: `a whole number from ${heartbeatLimit.least} to ${heartbeatLimit.most}`,
  connectTimeoutSeconds: `a whole number from ${connectTimeoutLimit.least} to ${connectTimeoutLimit.most}`,
  managementUrl: 'a URL like https://host:15671',
  managementUsername: 'a text of up to 255 bytes',
};

type TargetFields = Readonly<Partial<Record<'host' | 'vhost' | 'username', string | undefined>>> & {
  readonly port?: number | undefined;
  readonly tls?: boolean | undefined;
  readonly authentication?: string | undefined;
};

/** Fields that stand for a target, which a URI says already. */
const targetFields = ['host', 'port', 'tls', 'vhost', 'username', 'failover'] as const;

/** What the query of a URI may say too. */
const queryFields = ['tlsOptions', 'authentication', 'heartbeatSeconds', 'connectTimeoutSeconds'] as const;

type UriFields = Readonly<Partial<Record<(typeof targetFields)[number] | (typeof queryFields)[number], unknown>>> & {
  readonly authentication?: Authentication | undefined;
};

/**
 * Reads a connection that someone else may have written: all or nothing, with no secret in it. Where it names no name, the
 * host and vhost are it.
 * @throws AppError `invalidInput` with field `connection`; its reason repeats nothing that could be a secret
 */
export function readEntry(value: unknown): ConnectionEntry {
  const secret = findSecret(value);
  if (secret !== undefined)
    throw refused(`has ${secret}, which must not stand there: remove it. Warren asks for it once`);
  const parsed = shape.safeParse(value);
  if (!parsed.success) throw refused(issueText(parsed.error.issues[0]));
  const { uri, name: given, ...fields } = parsed.data;
  const target = uri === undefined ? targetOfFields(fields) : targetOfUri(uri, fields);
  const managementUrl = fields.managementUrl && formatBaseUrl(parseManagementUrl(fields.managementUrl));
  const { host: at, vhost, tls } = target;
  if (fields.tlsOptions !== undefined && !usesTls({ tls, ...(managementUrl !== undefined && { managementUrl }) })) {
    throw refused(
      `has tlsOptions but ${uri === undefined ? 'no "tls": true' : 'a uri without TLS'}, so nothing would be encrypted`,
    );
  }
  return {
    ...fields,
    ...target,
    ...(managementUrl !== undefined && { managementUrl }),
    name: given?.trim() ?? (vhost === '/' ? at : `${at}/${vhost}`),
  } as ConnectionEntry;
}

/** Reads each entry by itself, so that a bad one does not keep the good ones away. */
export function readEntries(values: readonly unknown[]): { entries: ConnectionEntry[]; problems: EntryProblem[] } {
  const entries: ConnectionEntry[] = [];
  const problems: EntryProblem[] = [];
  for (const [index, value] of values.entries()) {
    try {
      entries.push(readEntry(value));
    } catch (error) {
      const failure = toAppError(error);
      if (!failure.is('invalidInput')) throw failure;
      problems.push({ index, name: nameIn(value), reason: failure.params.reason });
    }
  }
  return { entries, problems };
}

function targetOfFields(fields: TargetFields): ConnectionTarget {
  if (fields.host === undefined) throw refused('names neither a host nor a uri');
  const { tls = false } = fields;
  return {
    host: fields.host.trim().replace(/^\[(.*)\]$/, '$1'),
    port: fields.port ?? usualPort(tls),
    tls,
    vhost: fields.vhost === undefined || fields.vhost === '' ? '/' : fields.vhost,
    username: fields.username ?? (fields.authentication === 'external' ? '' : 'guest'),
  };
}

function targetOfUri(uri: string, fields: UriFields): ConnectionTarget {
  const double = targetFields.find((field) => fields[field] !== undefined);
  if (double !== undefined) throw refused(`has both a uri and ${double}: leave one of them out`);
  const target = parseUri(uri, fields.authentication);
  const twice = queryFields.find((field) => fields[field] !== undefined && target[field] !== undefined);
  if (twice !== undefined) throw refused(`has ${twice} both in its uri and beside it: leave one of them out`);
  return target;
}

function parseUri(uri: string, authentication: Authentication | undefined): ConnectionTarget {
  try {
    return parseAmqpUri(uri, authentication).target;
  } catch (error) {
    const failure = toAppError(error);
    throw failure.is('invalidUri') ? refused(`has a uri that cannot be used: ${failure.params.reason}`) : failure;
  }
}

const secretField = /pass(word|phrase|wd)?$|pwd|secret|token|credential/i;
/** `scheme://user:password@`; whatever stands in the password. */
const loginInUri = /:\/\/[^/?#]*:[^/?#]+@/;
const secretParameter = /[?&][^=&#]*(pass|pwd|secret|token|credential)[^=&#]*=/i;

/** What kind of secret stands somewhere in the value; the secret itself is never told. */
function findSecret(value: unknown, field = '', depth = 0): string | undefined {
  if (typeof value === 'string') {
    const where = expected[field] === undefined ? 'a text' : field;
    if (loginInUri.test(value)) return `a password inside ${where}`;
    return /:\/\//.test(value) && secretParameter.test(value) ? `a password inside ${where}` : undefined;
  }
  // Deeper than any entry goes; what is there is refused as unknown.
  if (typeof value !== 'object' || value === null || depth > 4) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const found = secretField.test(key)
      ? `a field "${visibleLine(key, 40)}"`
      : findSecret(inner, Array.isArray(value) ? field : key, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

type Issue = z.core.$ZodIssue;

function issueText(issue: Issue | undefined): string {
  if (issue === undefined) return 'cannot be read';
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.slice(0, 3).map((key) => `"${visibleLine(key, 40)}"`);
    return `has ${keys.length === 1 ? 'an unknown field' : 'unknown fields'}: ${keys.join(', ')}`;
  }
  const field = issue.path.findLast((part) => typeof part === 'string');
  const hint = field === undefined ? undefined : expected[field];
  return field === undefined || hint === undefined ? 'must be an object' : `has a ${field} that is not ${hint}`;
}

function nameIn(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('name' in value) || typeof value.name !== 'string')
    return undefined;
  return value.name.trim() === '' || findSecret(value.name) !== undefined
    ? undefined
    : visibleLine(value.name.trim(), 60);
}

function isHost(text: string): boolean {
  const bare = text.trim().replace(/^\[(.*)\]$/, '$1');
  return bare !== '' && isShort(bare) && isHostName(bare);
}

function isManagementUrl(text: string): boolean {
  try {
    return parseManagementUrl(text).hostname !== '';
  } catch {
    return false;
  }
}

function isShort(text: string): boolean {
  return Buffer.byteLength(text) <= longestName;
}

function refused(reason: string): AppError {
  return new AppError('invalidInput', { field: 'connection', reason });
}
