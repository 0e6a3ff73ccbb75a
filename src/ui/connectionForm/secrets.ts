import { isDeepStrictEqual } from 'node:util';
import {
  isUnverified,
  type ConnectionProfile,
  type ConnectionSecrets,
  type ConnectionTarget,
} from '../../broker/profile.ts';
import type { SecretChanges } from '../storage/secrets.ts';
import { targetOf, type FormValues } from './values.ts';

/** Which of the saved secrets stay where none is entered. */
export type KeptSecrets = Readonly<Record<keyof ConnectionSecrets, boolean>>;

/** For a new connection. */
export const keepsNone: KeptSecrets = { password: false, tlsPassphrase: false, managementPassword: false };

/**
 * Which secrets of the saved connection still belong to the same thing: a password is for one user at one place, and must
 * not be sent to another, nor to whoever answers there where the broker has to prove less than before that it is the broker;
 * a passphrase is for one file. Other certificate authorities, or another client certificate, change nothing of that.
 * @param saved the connection that is edited; undefined for a new one
 */
export function keptSecrets(values: FormValues, saved: ConnectionProfile | undefined): KeptSecrets {
  if (!saved) return keepsNone;
  const target = targetOf(values);
  const isSamePlace = isDeepStrictEqual(placeOf(target), placeOf(saved)) && isProvedAsWell(target, saved);
  return {
    password: isSamePlace && target.username === saved.username,
    tlsPassphrase: isDeepStrictEqual(identityOf(target), identityOf(saved)),
    managementPassword:
      isSamePlace &&
      target.managementUrl === saved.managementUrl &&
      target.managementUsername !== undefined &&
      target.managementUsername === saved.managementUsername,
  };
}

/**
 * What becomes of the stored secrets of a connection: those that were entered replace them, and of the others those that
 * are not for the same thing any more are forgotten.
 * @param saved the connection that is edited; undefined for a new one
 */
export function secretChanges(values: FormValues, saved: ConnectionProfile | undefined): SecretChanges {
  const kept = keptSecrets(values, saved);
  return {
    password: passwordChange(values, saved === undefined, kept.password),
    tlsPassphrase: entered(values.tlsPassphrase, kept.tlsPassphrase),
    managementPassword: entered(values.managementPassword, kept.managementPassword),
  };
}

/** The secrets as they will be. */
export function changedSecrets(current: ConnectionSecrets, changes: SecretChanges): ConnectionSecrets {
  const changed = (kind: keyof ConnectionSecrets): string | undefined =>
    changes[kind] === undefined ? current[kind] : (changes[kind] ?? undefined);
  return {
    password: changed('password'),
    tlsPassphrase: changed('tlsPassphrase'),
    managementPassword: changed('managementPassword'),
  };
}

function placeOf({ host, port, tls, failover = [] }: ConnectionTarget): readonly unknown[] {
  return [host, port, tls, failover];
}

/** Whether who answers must prove to be the same broker as before, or to be the host itself. */
function isProvedAsWell(target: ConnectionTarget, saved: ConnectionTarget): boolean {
  const { serverName } = target.tlsOptions ?? {};
  const isSameName = serverName === undefined || serverName === saved.tlsOptions?.serverName;
  return isSameName && (!isUnverified(target) || isUnverified(saved));
}

function identityOf({ tlsOptions = {} }: ConnectionTarget): readonly (string | undefined)[] {
  return [tlsOptions.certFile, tlsOptions.keyFile, tlsOptions.pfxFile];
}

/** What was entered; else the stored one stays only when it is still for the same. */
function entered(secret: string | undefined, isSame: boolean): string | null | undefined {
  if (secret !== undefined && secret !== '') return secret;
  return isSame ? undefined : null;
}

/** A new connection may have an empty one; where a certificate logs in there is none. */
function passwordChange(values: FormValues, isNew: boolean, isSame: boolean): string | null | undefined {
  if (values.authentication === 'external') return null;
  return isNew ? values.password : entered(values.password, isSame);
}
