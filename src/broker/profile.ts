import { AppError } from '../common/errors.ts';

/** What it takes to reach a broker, without the password. Saved as is, so it must never grow a secret. */
export interface ConnectionProfile {
  readonly id: string;
  /** What people see; unique by choice, not by rule. */
  readonly name: string;
  /** A host name or an IP address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly vhost: string;
  readonly username: string;
  /** Base URL of the management API when it is not at the usual place, path prefix included. */
  readonly managementUrl?: string;
}

/** A profile's place and login, before it has an id and a name. */
export type ConnectionTarget = Omit<ConnectionProfile, 'id' | 'name'>;

const portRange = 'the port must be from 1 to 65535';
const defaultPort = { plain: 5672, tls: 5671 } as const;

/**
 * Reads an AMQP URI: `amqp(s)://user:password@host:port/vhost`, all parts but the host optional, percent-encoded.
 * No path means vhost `/`; a path of `/` alone is read as `/` too, as amqplib and most clients do although the
 * specification calls it the empty vhost.
 * @see https://www.rabbitmq.com/docs/uri-spec
 * @throws AppError `invalidUri`
 */
export function parseAmqpUri(text: string): { target: ConnectionTarget; password: string } {
  const url = parseUrl(text.trim());
  const tls = url.protocol === 'amqps:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (host === '') throw invalidUri('it names no host');
  if (url.port === '0') throw invalidUri(portRange);
  // Not `pathname`: it resolves a vhost named `.` or `..`.
  const path = /^[^:]+:\/\/[^/?#]*\/([^?#]*)/.exec(text.trim())?.[1] ?? '';
  if (path.includes('/')) throw invalidUri('a "/" inside the vhost must be written %2F');
  return {
    target: {
      host: decode(host, 'host'),
      port: url.port === '' ? (tls ? defaultPort.tls : defaultPort.plain) : Number(url.port),
      tls,
      vhost: path === '' ? '/' : decode(path, 'vhost'),
      username: url.username === '' ? 'guest' : decode(url.username, 'user'),
    },
    password: url.username === '' && url.password === '' ? 'guest' : decode(url.password, 'password'),
  };
}

/** The profile as an AMQP URI without the password: safe to show and to copy. */
export function formatAmqpUri(target: ConnectionTarget): string {
  const host = target.host.includes(':') ? `[${target.host}]` : target.host;
  const scheme = target.tls ? 'amqps' : 'amqp';
  return `${scheme}://${encode(target.username)}@${host}:${target.port}/${encode(target.vhost)}`;
}

/** `user@host/vhost`, with the port where it is not the usual one: the short form for descriptions. */
export function describeTarget(target: ConnectionTarget): string {
  const usual = target.tls ? defaultPort.tls : defaultPort.plain;
  const host = target.host.includes(':') ? `[${target.host}]` : target.host;
  const port = target.port === usual ? '' : `:${target.port}`;
  return `${target.username}@${host}${port}/${target.vhost === '/' ? '' : target.vhost}`;
}

/** The usual port of AMQP 0-9-1. @see https://www.rabbitmq.com/docs/networking#ports */
export function usualPort(tls: boolean): number {
  return tls ? defaultPort.tls : defaultPort.plain;
}

function parseUrl(text: string): URL {
  if (!/^amqps?:\/\//i.test(text)) throw invalidUri('it must start with amqp:// or amqps://');
  if (text.includes('#')) throw invalidUri('a "#" must be written %23');
  try {
    return new URL(text);
  } catch {
    // The cause's text repeats the input, password included: it is not carried on.
    const badPort = /:\d{6,}|:(6[6-9]|[7-9]\d)\d{3}(\/|$)/.test(text);
    throw invalidUri(badPort ? portRange : 'host, port or percent-encoding is malformed');
  }
}

/** By way of UTF-8, since `encodeURIComponent` throws on half of a surrogate pair. */
function encode(part: string): string {
  return encodeURIComponent(Buffer.from(part, 'utf8').toString('utf8'));
}

function decode(part: string, what: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw invalidUri(`the ${what} has a "%" that starts no percent-encoding`);
  }
}

function invalidUri(reason: string): AppError {
  return new AppError('invalidUri', { reason });
}
