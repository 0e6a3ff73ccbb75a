import { AppError } from '../common/errors.ts';
import { readEntries, type ConnectionEntry } from './connectionEntry.ts';
import type { ConnectionProfile } from './profile.ts';

/** Larger files are not read: a thousand connections take 300 kB. */
export const largestFileBytes = 1_000_000;
const mostConnections = 1_000;

const kind = 'warren.connections';
const version = 1;

/** Everything that is exported of a profile, in this order: a field that is not here stays, so that no secret can slip out. */
const exportedFields = [
  'name',
  'host',
  'port',
  'failover',
  'tls',
  'tlsOptions',
  'vhost',
  'username',
  'authentication',
  'heartbeatSeconds',
  'connectTimeoutSeconds',
  'managementUrl',
  'managementUsername',
] as const;

/** Connections as the text of a file, without passwords and without ids. */
export function formatConnectionFile(profiles: readonly ConnectionProfile[]): string {
  const connections = profiles.map((profile) => {
    const fields: Readonly<Record<string, unknown>> = { ...profile };
    return Object.fromEntries(
      exportedFields.flatMap((field) => (isSet(fields[field]) ? [[field, fields[field]]] : [])),
    );
  });
  return `${JSON.stringify({ kind, version, connections }, undefined, 2)}\n`;
}

/**
 * Reads what `formatConnectionFile` has written, or somebody by hand: all of it or nothing.
 * @throws AppError `invalidInput` with field `file`; its reason repeats nothing that could be a secret
 */
export function parseConnectionFile(text: string): ConnectionEntry[] {
  const file = parseJson(text);
  if (file['kind'] !== kind) throw refused('holds no connections exported by Warren');
  if (file['version'] !== version)
    throw refused('was written by another version of Warren, in a form that is not known');
  const unknown = Object.keys(file).find((field) => !['kind', 'version', 'connections'].includes(field));
  if (unknown !== undefined) throw refused('has a field beside kind, version and connections');
  const { connections } = file;
  if (!Array.isArray(connections) || connections.length === 0) throw refused('has no list of connections');
  if (connections.length > mostConnections) throw refused(`has more than ${mostConnections} connections`);
  const { entries, problems } = readEntries(connections);
  const [first] = problems;
  if (!first) return entries;
  const which = `connection ${first.index + 1}${first.name === undefined ? '' : ` (${first.name})`}`;
  const others = problems.length === 1 ? '' : `. ${problems.length - 1} more cannot be used either`;
  throw refused(`was not imported: ${which} ${first.reason}${others}`);
}

/** With EXTERNAL there is no user name, which an entry leaves out. */
function isSet(value: unknown): boolean {
  return value !== undefined && value !== '';
}

function parseJson(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    // The cause's text repeats what it met.
    throw refused('is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refused('is not a JSON object');
  return { ...value };
}

function refused(reason: string): AppError {
  return new AppError('invalidInput', { field: 'file', reason });
}
