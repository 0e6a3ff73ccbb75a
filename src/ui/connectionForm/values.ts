import { parseAmqpUri } from '../../broker/amqpUri.ts';
import { usualPort, type ConnectionProfile, type ConnectionTarget } from '../../broker/profile.ts';

/** What the connection form knows; the only place outside SecretStorage that has a password, while the form is open. */
export interface FormValues {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly vhost: string;
  readonly username: string;
  /** When a saved connection is edited, empty means the saved one. */
  readonly password: string;
  /** Empty: found by looking. */
  readonly managementUrl: string;
  /** Empty: the proposed one, which follows host and vhost. */
  readonly name: string;
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

/** The values of a saved connection; its password stays where it is. */
export function valuesOfProfile(profile: ConnectionProfile): FormValues {
  const { id: _, managementUrl = '', ...rest } = profile;
  return { ...rest, managementUrl, password: '' };
}

/** Where the values lead. */
export function targetOf(values: FormValues): ConnectionTarget {
  const { host, port, tls, vhost, username, managementUrl } = values;
  return { host, port, tls, vhost, username, ...(managementUrl === '' ? {} : { managementUrl }) };
}

/** What is saved: all but the password. */
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
  let name = base;
  for (let number = 2; taken.includes(name); number++) name = `${base} (${number})`;
  return name;
}

/** With or without TLS; a port that was the usual one becomes the usual one of the other kind. */
export function withTls(values: FormValues, tls: boolean): FormValues {
  const port = values.port === usualPort(values.tls) ? usualPort(tls) : values.port;
  return { ...values, tls, port };
}

/** Whether the two log in at the same place, wherever their management API is. */
export function isSameLogin(a: ConnectionTarget, b: ConnectionTarget): boolean {
  return a.host === b.host && a.port === b.port && a.tls === b.tls && a.vhost === b.vhost && a.username === b.username;
}

/** Whether the two lead to the same broker with the same login, so that only the name may differ. */
export function isSameTarget(a: ConnectionTarget, b: ConnectionTarget): boolean {
  return isSameLogin(a, b) && a.managementUrl === b.managementUrl;
}
