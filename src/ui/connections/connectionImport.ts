import type { ConnectionEntry } from '../../broker/connectionEntry.ts';
import { isSameTarget, type ConnectionProfile } from '../../broker/profile.ts';
import type { Session } from '../../broker/session.ts';
import { visibleLine } from '../../common/visibleText.ts';

/** An imported connection that has the name of a saved one. */
export interface Replacement {
  readonly entry: ConnectionEntry;
  readonly session: Session;
  /** Whether both log in at the same place in the same way, so that what is kept secret stays valid. */
  readonly keepsSecrets: boolean;
}

/** The imported connections whose name a saved one has. Each saved one is replaced once: a second of its name is added. */
export function replaces(entries: readonly ConnectionEntry[], saved: readonly Session[]): Replacement[] {
  const left = [...saved];
  return entries.flatMap((entry) => {
    const at = left.findIndex(({ profile }) => profile.name === entry.name);
    const [session] = at < 0 ? [] : left.splice(at, 1);
    return session ? [{ entry, session, keepsSecrets: keepsSecrets(entry, session.profile) }] : [];
  });
}

/** What is asked when names are taken. */
export function replaceQuestion(names: readonly string[]): { message: string; detail: string } {
  const shown = names.slice(0, 10).map((name) => visibleLine(name, 60));
  if (names.length > shown.length) shown.push(`and ${names.length - shown.length} more`);
  const [only] = names;
  return {
    message:
      names.length === 1
        ? `There is a connection named "${visibleLine(only ?? '', 60)}" already. Replace it?`
        : `There are connections with ${names.length} of these names already. Replace them?`,
    detail: `${names.length === 1 ? '' : `${shown.join(', ')}. `}One that leads elsewhere than before loses its password. Keep Both adds a number to the new name.`,
  };
}

function keepsSecrets(entry: ConnectionEntry, saved: ConnectionProfile): boolean {
  return isSameTarget({ ...entry, ...anyway }, { ...saved, ...anyway });
}

/** What does not decide where secrets go. */
const anyway = { id: '', heartbeatSeconds: 0, connectTimeoutSeconds: 0 };
