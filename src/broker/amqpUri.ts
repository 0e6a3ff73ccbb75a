import { encode, formatQuery, invalidUri, readQuery, wellFormed } from './amqpUriQuery.ts';
import {
  hostsOf,
  isHostName,
  usualPort,
  type Authentication,
  type ConnectionTarget,
  type HostPort,
} from './profile.ts';

const portRange = 'the port must be from 1 to 65535';

/**
 * Reads an AMQP URI: `amqp(s)://user:password@host:port/vhost`, all parts but the host optional, percent-encoded. Several
 * hosts stand in a list, each with its port: `amqp://a:5672,b:5673/vhost`. No path means vhost `/`; a path of `/` alone
 * is read as `/` too, as amqplib and most clients do although the specification calls it the empty vhost.
 * @see https://www.rabbitmq.com/docs/uri-spec
 * @param beside how to log in, where that is said beside the URI
 * @throws AppError `invalidUri`
 */
export function parseAmqpUri(text: string, beside?: Authentication): { target: ConnectionTarget; password: string } {
  const { scheme, login, hosts, path, query } = split(wellFormed(text.trim()));
  const tls = scheme === 'amqps';
  const [first, ...failover] = hosts.map((each) => parseHost(each, tls));
  if (!first) throw invalidUri('it names no host');
  const options = readQuery(query, tls);
  const isExternal = (options.authentication ?? beside) === 'external';
  const { username = isExternal ? '' : 'guest', password = isExternal ? '' : 'guest' } = parseLogin(login);
  if (path.includes('/')) throw invalidUri('a "/" inside the vhost must be written %2F');
  // RFC 3986 allows it, but nearly always what stands before it is in a password, the rest of which would be shown.
  if (path.includes('@')) throw invalidUri('a "/" in the password must be written %2F, and a "@" in the vhost %40');
  if (query.includes('@')) throw invalidUri('a "?" in the password must be written %3F, and a "@" in the query %40');
  return {
    target: {
      ...first,
      tls,
      vhost: path === '' ? '/' : decode(path, 'vhost'),
      username,
      ...(failover.length > 0 && { failover }),
      ...options,
    },
    password,
  };
}

/** The profile as an AMQP URI without the password, and without what a URI cannot say: safe to show and to copy. */
export function formatAmqpUri(target: ConnectionTarget): string {
  return formatAddress(target) + formatQuery(target);
}

/** Hosts, user and vhost as an AMQP URI. */
export function formatAddress(target: ConnectionTarget): string {
  const hosts = hostsOf(target).map(formatHostPort).join();
  const scheme = target.tls ? 'amqps' : 'amqp';
  const login = target.username === '' ? '' : `${encode(target.username)}@`;
  return `${scheme}://${login}${hosts}/${encode(target.vhost)}`;
}

/**
 * `user@host/vhost`, with the port where it is not the usual one, and the number of further hosts: the short form for
 * descriptions.
 */
export function describeTarget(target: ConnectionTarget): string {
  const { failover = [], username, vhost, tls } = target;
  const login = username === '' ? '' : `${username}@`;
  const more = failover.length === 0 ? '' : ` (+${failover.length})`;
  return `${login}${describeHost(target, tls)}${more}/${vhost === '/' ? '' : vhost}`;
}

/** `host:port`, IPv6 in brackets. */
export function formatHostPort({ host, port }: HostPort): string {
  return `${bracketed(host)}:${port}`;
}

/** `host`, with the port where it is not the usual one. */
export function describeHost({ host, port }: HostPort, tls: boolean): string {
  return port === usualPort(tls) ? bracketed(host) : formatHostPort({ host, port });
}

/**
 * Reads a list of hosts as people write it: `a, b:5673, [::1]`.
 * @throws AppError `invalidUri`
 */
export function parseHosts(text: string, tls: boolean): readonly HostPort[] {
  if (text.trim() === '') return [];
  return text.split(',').map((each) => {
    const host = each.trim();
    if (/[\s/@?#\\]/.test(host)) throw invalidUri(`"${host}" is not a host name or an IP address`);
    return parseHost(host, tls);
  });
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

interface Parts {
  readonly scheme: string;
  /** Undecoded; undefined when there is no `@`. */
  readonly login: string | undefined;
  readonly hosts: readonly string[];
  readonly path: string;
  readonly query: string;
}

/** By hand, since `URL` knows one host only, and resolves a vhost named `.` or `..`. */
function split(text: string): Parts {
  const scheme = /^(amqps?):\/\//i.exec(text)?.[1];
  if (scheme === undefined) throw invalidUri('it must start with amqp:// or amqps://');
  if (text.includes('#')) throw invalidUri('a "#" must be written %23');
  const [, authority = '', path = '', query = ''] = /^[^:]+:\/\/([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(text) ?? [];
  const at = authority.lastIndexOf('@');
  return {
    scheme: scheme.toLowerCase(),
    login: at < 0 ? undefined : authority.slice(0, at),
    hosts: authority.slice(at + 1).split(','),
    path,
    query,
  };
}

/** @throws AppError `invalidUri`; its cause's text would repeat the input: it is not carried on */
function parseHost(text: string, tls: boolean): HostPort {
  if (text === '') throw invalidUri('it names no host');
  let url: URL;
  try {
    url = new URL(`amqp://${text}`);
  } catch {
    const badPort = /:\d{6,}$|:(6[6-9]|[7-9]\d)\d{3}$/.test(text);
    throw invalidUri(badPort ? portRange : 'host, port or percent-encoding is malformed');
  }
  if (url.port === '0') throw invalidUri(portRange);
  const host = decode(url.hostname.replace(/^\[|\]$/g, ''), 'host');
  if (host === '') throw invalidUri('it names no host');
  if (!isHostName(host)) throw invalidUri('its host is no host name');
  return { host, port: url.port === '' ? usualPort(tls) : Number(url.port) };
}

/** What stands before the `@`; a user without a name is none. */
function parseLogin(login: string | undefined): { username?: string; password?: string } {
  if (login === undefined) return {};
  const [, user = '', secret] = /^([^:]*)(?::(.*))?$/s.exec(login) ?? [];
  const password = decode(secret ?? '', 'password');
  if (user === '') return password === '' ? {} : { password };
  return { username: decode(user, 'user'), password };
}

function decode(part: string, what: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw invalidUri(`the ${what} has a "%" that starts no percent-encoding`);
  }
}
