import type { ConnectionSecrets } from '../../broker/profile.ts';
import type { SecretChanges } from '../storage/secrets.ts';

/** The secrets after those that are given have changed. */
export function merged(secrets: ConnectionSecrets, changes: SecretChanges): ConnectionSecrets {
  const given = Object.entries(changes).filter(([, secret]) => secret !== undefined);
  return { ...secrets, ...Object.fromEntries(given.map(([kind, secret]) => [kind, secret ?? undefined])) };
}

/** The changes that bring back what those have replaced. */
export function undoing(changes: SecretChanges, before: ConnectionSecrets): SecretChanges {
  const changed = Object.entries(changes).filter(([, secret]) => secret !== undefined);
  return Object.fromEntries(changed.map(([kind]) => [kind, before[kind as keyof ConnectionSecrets] ?? null]));
}
