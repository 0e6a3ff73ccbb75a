import { isIPv6 } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../common/errors.ts';
import { formatBaseUrl, parseManagementUrl } from './management/baseUrl.ts';

/** A host and its AMQP port. */
export interface HostPort {
  /** A host name or an IP address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** What TLS needs beyond the certificate authorities of the system. Files are absolute paths, read when it connects. */
export interface TlsOptions {
  /** Certificate authorities to trust beside those of the system; PEM. */
  readonly caFiles?: readonly string[];
  /** A client certificate (with its chain) and its private key; PEM. */
  readonly certFile?: string;
  readonly keyFile?: string;
  /** A client certificate and its key in one PKCS #12 file, instead of the two. */
  readonly pfxFile?: string;
  /** What the broker's certificate must be for, and what is sent as SNI, where that is not the host. */
  readonly serverName?: string;
  /** Whoever answers is taken for the broker. */
  readonly insecure?: true;
}

/** How it logs in where that is not PLAIN. @see https://www.rabbitmq.com/docs/access-control#mechanisms */
export type Authentication = 'external' | 'amqplain';

/** What it takes to reach a broker, without what is secret. Saved as is, so it must never grow a secret. */
export interface ConnectionProfile extends HostPort {
  readonly id: string;
  /** What people see; unique by choice, not by rule. */
  readonly name: string;
  readonly tls: boolean;
  readonly vhost: string;
  /** Empty with EXTERNAL, where the certificate says who it is. */
  readonly username: string;
  /** Tried in order after the first. */
  readonly failover?: readonly HostPort[];
  readonly tlsOptions?: TlsOptions;
  /** PLAIN when left out. */
  readonly authentication?: Authentication;
  readonly heartbeatSeconds?: number;
  readonly connectTimeoutSeconds?: number;
  /** Base URL of the management API when it is not at the usual place, path prefix included. */
  readonly managementUrl?: string;
  /** Its user where that is not `username`; its password is a secret of its own then. */
  readonly managementUsername?: string;
}

/** A profile's place and login, before it has an id and a name. */
export type ConnectionTarget = Omit<ConnectionProfile, 'id' | 'name'>;

/** What a connection keeps secret; in memory only while it is needed. */
export interface ConnectionSecrets {
  readonly password?: string | undefined;
  /** Of the client certificate's key, or of the PKCS #12 file. */
  readonly tlsPassphrase?: string | undefined;
  /** Of `managementUsername`. */
  readonly managementPassword?: string | undefined;
}

/** The range of a number, and what it is when nothing is said. */
export interface Limit {
  readonly least: number;
  readonly usual: number;
  readonly most: number;
}

/**
 * Seconds; RabbitMQ advises 5 to 20. A silent peer is noticed after two of them.
 * @see https://www.rabbitmq.com/docs/heartbeats
 */
export const heartbeatLimit: Limit = { least: 1, usual: 20, most: 600 };

/** Seconds for the TCP, TLS and AMQP handshakes with one host together. amqplib has no limit of its own. */
export const connectTimeoutLimit: Limit = { least: 1, usual: 10, most: 120 };

/** How long the handshakes with one host may take, in milliseconds. */
export function connectTimeoutMs({ connectTimeoutSeconds = connectTimeoutLimit.usual }: ConnectionTarget): number {
  return connectTimeoutSeconds * 1_000;
}

const defaultPort = { plain: 5672, tls: 5671 } as const;

/** The usual port of AMQP 0-9-1. @see https://www.rabbitmq.com/docs/networking#ports */
export function usualPort(tls: boolean): number {
  return tls ? defaultPort.tls : defaultPort.plain;
}

/** Whether a text can be a host name or an IP address, IPv6 without brackets: it has none of the characters that separate. */
export function isHostName(host: string): boolean {
  return isIPv6(host) || (host !== '' && !/[\s\p{Cc}/@:?#[\]%\\<>^|,]/u.test(host));
}

/** Every host of a connection, in the order in which they are tried. */
export function hostsOf({ host, port, failover = [] }: ConnectionTarget): readonly HostPort[] {
  return [{ host, port }, ...failover];
}

/** Whether both lead to the same broker in the same way, so that only the name may differ. */
export function isSameTarget(a: ConnectionProfile, b: ConnectionProfile): boolean {
  return isDeepStrictEqual({ ...a, name: '' }, { ...b, name: '' });
}

/** The name, with a number behind it where another connection has it. */
export function freeName(name: string, taken: readonly string[]): string {
  let free = name;
  for (let number = 2; taken.includes(free); number++) free = `${name} (${number})`;
  return free;
}

/** Whether a client certificate belongs to it. */
export function hasClientCertificate({ tlsOptions = {} }: { readonly tlsOptions?: TlsOptions | undefined }): boolean {
  return tlsOptions.certFile !== undefined || tlsOptions.pfxFile !== undefined;
}

/** Whether anything is encrypted: AMQP, or the management API alone. */
export function usesTls({ tls, managementUrl = '' }: Pick<ConnectionTarget, 'tls' | 'managementUrl'>): boolean {
  return tls || managementUrl.startsWith('https:');
}

/** Whether anybody may answer in the broker's place: a person switched the check of its certificate off. */
export function isUnverified(target: ConnectionTarget): boolean {
  return target.tlsOptions?.insecure === true && usesTls(target);
}

/**
 * Reads a profile's place and login from anything that was parsed: a saved profile, a setting, an imported file. What is
 * not a field of it, such as a secret, is left out.
 * @throws AppError `invalidInput` that names the first field that is wrong
 */
export function readTarget(value: unknown): ConnectionTarget {
  const fields = table(value, 'connection');
  const { host, port } = readHostPort(fields, '');
  const isExternal = fields['authentication'] === 'external';
  return defined({
    host,
    port,
    tls: fields['tls'] === undefined ? false : flag(fields['tls'], 'tls'),
    vhost: fields['vhost'] === undefined ? '/' : text(fields['vhost'], 'vhost'),
    username: fields['username'] === undefined && isExternal ? '' : text(fields['username'], 'username'),
    failover: optional(fields['failover'], (hosts) =>
      list(hosts, 'failover').map((each, at) => readHostPort(table(each, `failover[${at}]`), `failover[${at}].`)),
    ),
    tlsOptions: optional(fields['tlsOptions'], readTlsOptions),
    authentication: optional(fields['authentication'], readAuthentication),
    heartbeatSeconds: optional(fields['heartbeatSeconds'], (seconds) =>
      wholeNumber(seconds, 'heartbeatSeconds', heartbeatLimit.least, heartbeatLimit.most),
    ),
    connectTimeoutSeconds: optional(fields['connectTimeoutSeconds'], (seconds) =>
      wholeNumber(seconds, 'connectTimeoutSeconds', connectTimeoutLimit.least, connectTimeoutLimit.most),
    ),
    managementUrl: optional(fields['managementUrl'], readManagementUrl),
    managementUsername: optional(fields['managementUsername'], (user) => text(user, 'managementUsername')),
  });
}

/** As `readTarget`, with id and name. @throws AppError `invalidInput` */
export function readProfile(value: unknown): ConnectionProfile {
  const fields = table(value, 'connection');
  return { id: text(fields['id'], 'id'), name: text(fields['name'], 'name'), ...readTarget(value) };
}

function readHostPort(fields: Readonly<Record<string, unknown>>, prefix: string): HostPort {
  const host = text(fields['host'], `${prefix}host`);
  if (host === '') throw invalid(`${prefix}host`, 'must not be empty');
  return { host, port: wholeNumber(fields['port'], `${prefix}port`, 1, 65_535) };
}

function readTlsOptions(value: unknown): TlsOptions {
  const fields = table(value, 'tlsOptions');
  const file = (name: string): string | undefined => optional(fields[name], (path) => text(path, `tlsOptions.${name}`));
  const insecure = optional(fields['insecure'], (on) => flag(on, 'tlsOptions.insecure')) === true;
  return defined<TlsOptions>({
    caFiles: optional(fields['caFiles'], (paths) =>
      list(paths, 'tlsOptions.caFiles').map((path, at) => text(path, `tlsOptions.caFiles[${at}]`)),
    ),
    certFile: file('certFile'),
    keyFile: file('keyFile'),
    pfxFile: file('pfxFile'),
    serverName: file('serverName'),
    insecure: insecure ? true : undefined,
  });
}

/** Without a login that someone put into it: that would be a secret where none is expected. */
function readManagementUrl(value: unknown): string {
  const url = text(value, 'managementUrl');
  try {
    return formatBaseUrl(parseManagementUrl(url));
  } catch {
    throw invalid('managementUrl', 'must be like https://host:15671');
  }
}

function readAuthentication(value: unknown): Authentication {
  if (value === 'external' || value === 'amqplain') return value;
  throw invalid('authentication', 'must be "external" or "amqplain", or left out');
}

function table(value: unknown, field: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(field, 'must be an object');
  return value as Readonly<Record<string, unknown>>;
}

function list(value: unknown, field: string): readonly unknown[] {
  if (!Array.isArray(value)) throw invalid(field, 'must be a list');
  return value;
}

function text(value: unknown, field: string): string {
  if (typeof value !== 'string') throw invalid(field, 'must be a text');
  return value;
}

function flag(value: unknown, field: string): boolean {
  if (typeof value !== 'boolean') throw invalid(field, 'must be true or false');
  return value;
}

function wholeNumber(value: unknown, field: string, least: number, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw invalid(field, `must be a whole number from ${least} to ${most}`);
}

function optional<T>(value: unknown, read: (value: unknown) => T): T | undefined {
  return value === undefined ? undefined : read(value);
}

function invalid(field: string, reason: string): AppError {
  return new AppError('invalidInput', { field, reason });
}

/** Without the fields that are undefined. */
function defined<T extends object>(fields: { readonly [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
