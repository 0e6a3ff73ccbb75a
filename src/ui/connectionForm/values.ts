import { parseAmqpUri } from '../../broker/amqpUri.ts';
import {
  freeName,
  usualPort,
  type Authentication,
  type ConnectionProfile,
  type ConnectionTarget,
  type HostPort,
  type TlsOptions,
  usesTls,
} from '../../broker/profile.ts';

/** What the connection form knows; the only place outside SecretStorage that has secrets, while the form is open. */
export interface FormValues {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly vhost: string;
  readonly username: string;
  /** When a saved connection is edited, empty means the saved one, see `keptSecrets`; so for the other secrets. */
  readonly password: string;
  /** Empty: found by looking. */
  readonly managementUrl: string;
  /** Empty: the proposed one, which follows host and vhost. */
  readonly name: string;
  readonly failover?: readonly HostPort[] | undefined;
  readonly tlsOptions?: TlsOptions | undefined;
  readonly authentication?: Authentication | undefined;
  readonly heartbeatSeconds?: number | undefined;
  readonly connectTimeoutSeconds?: number | undefined;
  readonly managementUsername?: string | undefined;
  readonly tlsPassphrase?: string | undefined;
  readonly managementPassword?: string | undefined;
  /** The questions about certificates are asked, answered or not. */
  readonly asksCertificates?: true | undefined;
  /** The questions that few need are asked. */
  readonly asksAll?: true | undefined;
}

/** A fresh RabbitMQ on this machine. `guest` may only log in from there. @see https://www.rabbitmq.com/docs/access-control#loopback-users */
export const localValues: FormValues = {
  host: 'localhost',
  port: usualPort(false),
  tls: false,
  vhost: '/',
  username: 'guest',
  password: 'guest',
  managementUrl: '',
  name: '',
};

/** Before anything was entered, for a form whose first question is the URI. */
export const blankValues: FormValues = { ...localValues, host: '', password: '' };

/** @throws AppError `invalidUri` */
export function valuesOfUri(uri: string): FormValues {
  const { target, password } = parseAmqpUri(uri);
  return { ...localValues, ...target, managementUrl: '', password };
}

/** The values of a saved connection; its secrets stay where they are. */
export function valuesOfProfile(profile: ConnectionProfile): FormValues {
  const { id: _, managementUrl = '', ...rest } = profile;
  return { ...rest, managementUrl, password: '' };
}

/** Where the values lead: without what does not apply, such as certificates where nothing is encrypted. */
export function targetOf(values: FormValues): ConnectionTarget {
  const { host, port, tls, vhost, managementUrl } = values;
  const { failover = [], authentication, heartbeatSeconds, connectTimeoutSeconds, managementUsername = '' } = values;
  const tlsOptions = usesTls(values) ? withoutBlanks(values.tlsOptions) : {};
  return {
    host,
    port,
    tls,
    vhost,
    username: authentication === 'external' ? '' : values.username,
    ...(failover.length > 0 && { failover }),
    ...(Object.keys(tlsOptions).length > 0 && { tlsOptions }),
    ...(authentication && { authentication }),
    ...(heartbeatSeconds !== undefined && { heartbeatSeconds }),
    ...(connectTimeoutSeconds !== undefined && { connectTimeoutSeconds }),
    ...(managementUrl !== '' && { managementUrl }),
    ...(managementUsername !== '' && { managementUsername }),
  };
}

/** What is saved: all but the secrets. */
export function profileOf(values: FormValues, taken: readonly string[]): Omit<ConnectionProfile, 'id'> {
  return { ...targetOf(values), name: nameOf(values, taken) };
}

/** The name that was entered, or else the proposed one. */
export function nameOf(values: FormValues, taken: readonly string[]): string {
  return values.name === '' ? proposeName(values, taken) : values.name;
}

/** `host`, `host/vhost`, with a number behind it where another connection has that name. */
export function proposeName(values: FormValues, taken: readonly string[]): string {
  const base = values.vhost === '/' ? values.host : `${values.host}/${values.vhost}`;
  return freeName(base, taken);
}

/** With or without TLS; ports that were the usual ones become the usual ones of the other kind. */
export function withTls(values: FormValues, tls: boolean): FormValues {
  const moved = (port: number): number => (port === usualPort(values.tls) ? usualPort(tls) : port);
  const failover = values.failover?.map(({ host, port }) => ({ host, port: moved(port) }));
  const next = { ...values, tls, port: moved(values.port), ...(failover && { failover }) };
  // A certificate logs in over TLS only.
  return !tls && values.authentication === 'external' ? { ...next, authentication: undefined } : next;
}

type Login = Pick<ConnectionTarget, 'host' | 'port' | 'tls' | 'vhost' | 'username'>;

/** Whether the two log in at the same place, wherever their management API is. */
export function isSameLogin(a: Login, b: Login): boolean {
  return a.host === b.host && a.port === b.port && a.tls === b.tls && a.vhost === b.vhost && a.username === b.username;
}

function withoutBlanks(options: TlsOptions = {}): TlsOptions {
  const given = Object.entries(options).filter(([, value]) => value !== undefined && value !== '' && !isEmpty(value));
  return Object.fromEntries(given);
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
