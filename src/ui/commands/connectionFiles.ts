import * as vscode from 'vscode';
import { describeTarget } from '../../broker/amqpUri.ts';
import type { ConnectionEntry } from '../../broker/connectionEntry.ts';
import { freeName, type ConnectionProfile } from '../../broker/profile.ts';
import type { Session } from '../../broker/session.ts';
import { AppError, toError } from '../../common/errors.ts';
import { counted } from '../../common/format.ts';
import { replaceQuestion, replaces, type Replacement } from '../connections/connectionImport.ts';
import { stopsOn } from '../connectionForm/confirm.ts';
import type { Connections } from '../connections/connections.ts';
import { plainLabel } from '../plainLabel.ts';
import type { CommandHandlers } from './registry.ts';

type FileCommands = Pick<CommandHandlers, 'exportConnections' | 'importConnections'>;

const keepBoth = 'Keep Both';

const filters = { 'RabbitMQ connections': ['json'] };

/** Commands that write connections to a file, and read them from one; never with a secret. */
export function connectionFileCommands(connections: Connections): FileCommands {
  return {
    exportConnections: () => exportConnections(connections),
    importConnections: () => importConnections(connections),
  };
}

async function exportConnections(connections: Connections): Promise<void> {
  const kept = connections.all().filter((session) => connections.originOf(session) !== 'window');
  if (kept.length === 0) {
    await vscode.window.showInformationMessage('There is no saved connection to export.');
    return;
  }
  const chosen = await pickSome(
    'Export Connections',
    'Connections to write to a file, without their passwords',
    kept.map(({ profile }) => profile),
  );
  if (!chosen) return;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const name = 'rabbitmq-connections.json';
  const target = await vscode.window.showSaveDialog({
    title: 'Export Connections',
    saveLabel: 'Export',
    filters,
    defaultUri: folder ? vscode.Uri.joinPath(folder, name) : vscode.Uri.file(name),
  });
  if (!target) return;
  const { formatConnectionFile } = await import('../../broker/connectionFile.ts');
  await vscode.workspace.fs.writeFile(target, Buffer.from(formatConnectionFile(chosen)));
  const count = counted(chosen.length, 'connection');
  vscode.window.setStatusBarMessage(`$(check) Exported ${count}, without passwords`, 5_000);
}

async function importConnections(connections: Connections): Promise<void> {
  const [file] =
    (await vscode.window.showOpenDialog({ title: 'Import Connections', openLabel: 'Import', filters })) ?? [];
  if (!file) return;
  const chosen = await pickSome('Import Connections', 'Connections to add', await readFile(file));
  if (!chosen) return;
  const replacements = replaces(
    chosen,
    connections.all().filter((session) => isSaved(connections, session)),
  );
  const answer = replacements.length === 0 ? keepBoth : await askWhetherToReplace(replacements);
  if (answer === undefined) return;
  const replaced = answer === keepBoth ? [] : replacements;
  for (const entry of chosen) {
    const replacement = replaced.find((each) => each.entry === entry);
    // Each is saved before the next, in the order of the file.
    // oxlint-disable-next-line no-await-in-loop
    await (replacement ? replace(connections, replacement) : add(connections, entry));
  }
  const count = counted(chosen.length, 'connection');
  vscode.window.setStatusBarMessage(`$(check) Imported ${count}`, 5_000);
}

/** @throws AppError `fileUnreadable`, `invalidInput` */
async function readFile(file: vscode.Uri): Promise<ConnectionEntry[]> {
  const { largestFileBytes, parseConnectionFile } = await import('../../broker/connectionFile.ts');
  try {
    const { size } = await vscode.workspace.fs.stat(file);
    if (size > largestFileBytes) throw new AppError('invalidInput', { field: 'file', reason: 'is larger than 1 MB' });
    return parseConnectionFile(new TextDecoder().decode(await vscode.workspace.fs.readFile(file)));
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('fileUnreadable', {
      name: vscode.workspace.asRelativePath(file),
      reason: toError(error).message,
    });
  }
}

async function askWhetherToReplace(replacements: readonly Replacement[]): Promise<string | undefined> {
  const { message, detail } = replaceQuestion(replacements.map(({ entry }) => entry.name));
  const stops = stopsOn(replacements.map(({ session }) => session));
  const options = { modal: true, detail: `${detail} ${stops}`.trim() };
  return vscode.window.showWarningMessage(message, options, keepBoth, 'Replace');
}

async function add(connections: Connections, entry: ConnectionEntry): Promise<void> {
  const taken = connections.all().map(({ profile }) => profile.name);
  await connections.add({ ...entry, name: freeName(entry.name, taken) }, {});
}

/** What leads elsewhere than before must not be sent the old secrets. */
async function replace(connections: Connections, { entry, session, keepsSecrets }: Replacement): Promise<void> {
  const forgotten = { password: null, tlsPassphrase: null, managementPassword: null };
  await connections.update({ ...entry, id: session.profile.id }, keepsSecrets ? {} : forgotten);
}

function isSaved(connections: Connections, session: Session): boolean {
  return ['global', 'workspace'].includes(connections.originOf(session));
}

/** @returns undefined when the person escaped, or chose none */
async function pickSome<T extends Omit<ConnectionProfile, 'id'>>(
  title: string,
  placeHolder: string,
  all: readonly T[],
): Promise<readonly T[] | undefined> {
  const items = all.map((value) => ({
    label: plainLabel(value.name),
    description: describeTarget(value),
    picked: true,
    value,
  }));
  const options = { title, placeHolder, canPickMany: true, matchOnDescription: true } as const;
  const chosen = await vscode.window.showQuickPick(items, options);
  return chosen === undefined || chosen.length === 0 ? undefined : chosen.map(({ value }) => value);
}
