import { AppError } from '../common/errors.ts';
import { connectTimeoutLimit, heartbeatLimit, type ConnectionTarget, type TlsOptions } from './profile.ts';

/**
 * Reads the query of an AMQP URI. Numbers beyond what Warren takes become the nearest that it takes; heartbeats are never
 * switched off, and neither is the check of the broker's certificate, which only a person may do.
 * @see https://www.rabbitmq.com/docs/uri-query-parameters
 * @throws AppError `invalidUri`
 */
export function readQuery(query: string, tls: boolean): Partial<ConnectionTarget> {
  const given = new URLSearchParams(query);
  const heartbeat = wholeNumber(given, 'heartbeat');
  const timeoutMs = wholeNumber(given, 'connection_timeout');
  const authentication = readMechanism(given.get('auth_mechanism'));
  const tlsOptions = tls ? readTls(given) : {};
  return {
    ...(Object.keys(tlsOptions).length > 0 && { tlsOptions }),
    ...(authentication && { authentication }),
    ...(heartbeat && { heartbeatSeconds: within(heartbeatLimit, heartbeat) }),
    ...(timeoutMs && { connectTimeoutSeconds: within(connectTimeoutLimit, Math.ceil(timeoutMs / 1_000)) }),
  };
}

/** What `readQuery` reads, with its question mark; nothing where there is nothing to say. */
export function formatQuery(target: ConnectionTarget): string {
  const { authentication, heartbeatSeconds, connectTimeoutSeconds, tls, tlsOptions = {} } = target;
  const { caFiles = [], certFile, keyFile, serverName } = tls ? tlsOptions : {};
  const given: [name: string, value: string | number | undefined][] = [
    ...caFiles.map((file): [string, string] => ['cacertfile', file]),
    ['certfile', certFile],
    ['keyfile', keyFile],
    ['server_name_indication', serverName],
    ['auth_mechanism', authentication],
    ['heartbeat', heartbeatSeconds],
    ['connection_timeout', connectTimeoutSeconds && connectTimeoutSeconds * 1_000],
  ];
  const parts = given.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encode(String(value))}`]));
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

export function encode(part: string): string {
  return encodeURIComponent(wellFormed(part));
}

/** By way of UTF-8, since `encodeURIComponent` throws on half of a surrogate pair. */
export function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}

export function invalidUri(reason: string): AppError {
  return new AppError('invalidUri', { reason });
}

function readTls(given: URLSearchParams): TlsOptions {
  const caFiles = given.getAll('cacertfile').filter((file) => file !== '');
  const certFile = given.get('certfile');
  const keyFile = given.get('keyfile');
  const serverName = given.get('server_name_indication');
  return {
    ...(caFiles.length > 0 && { caFiles }),
    ...(certFile && { certFile }),
    ...(keyFile && { keyFile }),
    ...(serverName && { serverName }),
  };
}

function readMechanism(name: string | null): ConnectionTarget['authentication'] {
  const mechanism = name?.toLowerCase();
  if (mechanism === undefined || mechanism === 'plain') return undefined;
  if (mechanism === 'external' || mechanism === 'amqplain') return mechanism;
  throw invalidUri('auth_mechanism must be plain, amqplain or external');
}

function wholeNumber(given: URLSearchParams, name: string): number | undefined {
  const text = given.get(name);
  if (text === null) return undefined;
  if (!/^\d+$/.test(text)) throw invalidUri(`${name} must be a whole number`);
  return Number(text);
}

function within({ least, most }: { least: number; most: number }, value: number): number {
  return Math.min(most, Math.max(least, value));
}
