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

export function invalidUri(reason: string): AppError {
  return new AppError('invalidUri', { reason });
}

function readTls(given: URLSearchParams): TlsOptions {
  const caFile = given.get('cacertfile');
  const certFile = given.get('certfile');
  const keyFile = given.get('keyfile');
  const serverName = given.get('server_name_indication');
  return {
    ...(caFile && { caFiles: [caFile] }),
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
