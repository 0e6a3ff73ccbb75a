import { isIPv6 } from 'node:net';
import { AppError } from '../common/errors.ts';
import { usualPort, type ConnectionTarget } from './profile.ts';

const portRange = 'the port must be from 1 to 65535';

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
  const host = decode(url.hostname.replace(/^\[|\]$/g, ''), 'host');
  if (host === '') throw invalidUri('it names no host');
  if (!isIPv6(host) && /[\s\p{Cc}/@:?#[\]%\\<>^|]/u.test(host)) throw invalidUri('its host is no host name');
  if (url.port === '0') throw invalidUri(portRange);
  // Not `pathname`: it resolves a vhost named `.` or `..`.
  const path = /^[^:]+:\/\/[^/?#]*\/([^?#]*)/.exec(text.trim())?.[1] ?? '';
  if (path.includes('/')) throw invalidUri('a "/" inside the vhost must be written %2F');
  // RFC 3986 allows it, but nearly always the slash before it is one in a password, the rest of which would be shown.
  if (path.includes('@')) throw invalidUri('a "/" in the password must be written %2F, and a "@" in the vhost %40');
  return {
    target: {
      host,
      port: url.port === '' ? usualPort(tls) : Number(url.port),
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
  const host = target.host.includes(':') ? `[${target.host}]` : target.host;
  const port = target.port === usualPort(target.tls) ? '' : `:${target.port}`;
  return `${target.username}@${host}${port}/${target.vhost === '/' ? '' : target.vhost}`;
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
