import { isDeepStrictEqual } from 'node:util';
import type { ConnectionProfile, ConnectionSecrets, ConnectionTarget } from '../../broker/profile.ts';
import type { SecretChanges } from '../storage/secrets.ts';
import { targetOf, type FormValues } from './values.ts';

/**
 * What becomes of the stored secrets of a connection: those that were entered replace them. Those that were not are kept
 * as long as they belong to the same thing: the passphrase of another file, or the password of another user, is forgotten.
 * @param saved the connection that is edited; undefined for a new one
 */
export function secretChanges(values: FormValues, saved: ConnectionProfile | undefined): SecretChanges {
  const target = targetOf(values);
  const isNew = saved === undefined;
  return {
    password: passwordChange(values, isNew),
    tlsPassphrase: entered(values.tlsPassphrase, !isNew && isDeepStrictEqual(identityOf(target), identityOf(saved))),
    managementPassword: entered(
      values.managementPassword,
      !isNew && target.managementUsername !== undefined && target.managementUsername === saved.managementUsername,
    ),
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

function identityOf({ tlsOptions = {} }: ConnectionTarget): readonly (string | undefined)[] {
  return [tlsOptions.certFile, tlsOptions.keyFile, tlsOptions.pfxFile];
}

/** What was entered; else the stored one stays only when it is still for the same. */
function entered(secret: string | undefined, isSame: boolean): string | null | undefined {
  if (secret !== undefined && secret !== '') return secret;
  return isSame ? undefined : null;
}

/** A new connection may have an empty one; where a certificate logs in there is none. */
function passwordChange({ password, authentication }: FormValues, isNew: boolean): string | null | undefined {
  if (authentication === 'external') return null;
  return password === '' && !isNew ? undefined : password;
}
