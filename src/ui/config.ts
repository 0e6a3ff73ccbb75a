import * as vscode from 'vscode';
import { mostPeeked } from '../broker/consume/peekPlan.ts';
import type { BufferLimits } from '../broker/consume/messageBuffer.ts';

const section = 'warren';

/** Every setting; defaults and descriptions stand in package.json. */
export const settingKeys = [
  'refreshInterval',
  'tail.prefetch',
  'peek.count',
  'tail.bodyLimit',
  'tail.bufferMessages',
  'tail.bufferMegabytes',
  'tailToFile.rotateMegabytes',
  'stream.pageSize',
  'publish.persistent',
  'publish.properties',
  'publish.replyTimeout',
  'connections',
  'environments',
  'environment',
  'decoders',
] as const;

type SettingKey = (typeof settingKeys)[number];

/** settings.json may hold anything: each reader below checks what it gets. */
function get(key: SettingKey, scope?: vscode.Uri): unknown {
  return vscode.workspace.getConfiguration(section, scope).get(key);
}

function getDefault(key: SettingKey): unknown {
  return inspect(key)?.defaultValue;
}

function getNumber(key: SettingKey, min: number, max: number): number {
  const value = get(key);
  const number = typeof value === 'number' && Number.isFinite(value) ? value : Number(getDefault(key));
  return Math.min(max, Math.max(min, Math.floor(number)));
}

/** Milliseconds between two refreshes of a visible tree. */
export const refreshIntervalMs = (): number => getNumber('refreshInterval', 1, 3600) * 1000;
/** Messages held at once in a hold tail. */
export const tailPrefetch = (): number => getNumber('tail.prefetch', 1, 65_535);
/** How many messages are looked at unless a person says otherwise. */
export const peekCount = (): number => getNumber('peek.count', 1, mostPeeked);
/** Bytes of a body that the Output panel shows. */
export const tailBodyLimit = (): number => getNumber('tail.bodyLimit', 0, 1 << 20);
/** What a tail keeps of its newest messages. */
export const tailBufferLimits = (): BufferLimits => ({
  messages: getNumber('tail.bufferMessages', 100, 1_000_000),
  bytes: getNumber('tail.bufferMegabytes', 1, 1024) << 20,
});
/** The size of a file at which a tail to a file goes on in the next, in bytes. */
export const rotateBytes = (): number => getNumber('tailToFile.rotateMegabytes', 1, 100_000) * 1_000_000;
/** Messages to a page of a stream. */
export const streamPageSize = (): number => getNumber('stream.pageSize', 1, 10_000);
/** Whether messages are published as persistent. */
export const publishPersistent = (): boolean => get('publish.persistent') !== false;
/** How long a request awaits its reply, in milliseconds. */
export const replyTimeoutMs = (): number => getNumber('publish.replyTimeout', 1, 3600) * 1000;
/** Properties that override the defaults of a published message, by their AMQP names; not yet validated. */
export function publishProperties(): Readonly<Record<string, unknown>> {
  const value = get('publish.properties');
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** Variables of message files, by environment; what is no text, number or truth value is left out. */
export function environments(scope?: vscode.Uri): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const value = get('environments', scope);
  if (typeof value !== 'object' || value === null) return new Map();
  return new Map(Object.entries(value).map(([name, variables]: [string, unknown]) => [name, toVariables(variables)]));
}

/** The environment that is chosen; `''` is none. */
export function chosenEnvironment(scope?: vscode.Uri): string {
  const value = get('environment', scope);
  return typeof value === 'string' ? value : '';
}

/** The variables of the environment that is chosen. */
export function chosenVariables(scope?: vscode.Uri): ReadonlyMap<string, string> {
  return environments(scope).get(chosenEnvironment(scope)) ?? new Map();
}

/** Kept in the workspace where there is one. */
export async function chooseEnvironment(name: string, scope?: vscode.Uri): Promise<void> {
  const { ConfigurationTarget, workspace } = vscode;
  const target = workspace.workspaceFolders ? ConfigurationTarget.Workspace : ConfigurationTarget.Global;
  await workspace.getConfiguration(section, scope).update('environment', name, target);
}

function toVariables(value: unknown): ReadonlyMap<string, string> {
  if (typeof value !== 'object' || value === null) return new Map();
  const known = Object.entries(value).filter(([, each]) => ['string', 'number', 'boolean'].includes(typeof each));
  return new Map(known.map(([name, each]) => [name, String(each)]));
}

/** Decoders by content type, not yet validated; a workspace that is not trusted adds none. */
export function decoderSettings(): Readonly<Record<string, unknown>> {
  const value = get('decoders');
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/**
 * Writes the decoder of a content type into the settings of the workspace, or of the user where there is none.
 * @param value undefined takes it out
 */
export async function writeDecoderSetting(mediaType: string, value: unknown): Promise<void> {
  const inWorkspace = vscode.workspace.workspaceFolders !== undefined;
  const inspected = inspect('decoders');
  const before: unknown = inWorkspace ? inspected?.workspaceValue : inspected?.globalValue;
  const others = Object.entries(typeof before === 'object' && before !== null ? before : {}).filter(
    ([type]) => type.toLowerCase() !== mediaType,
  );
  const all = value === undefined ? others : [...others, [mediaType, value]];
  const target = inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  await vscode.workspace
    .getConfiguration(section)
    .update('decoders', all.length === 0 ? undefined : Object.fromEntries(all), target);
}

/** What relative paths in settings are relative to; undefined where there is no folder on a disk. */
export function firstFolder(): string | undefined {
  return pathOf(vscode.workspace.workspaceFolders?.[0]);
}

/** A place in which connections stand. */
export interface ConnectionSetting {
  /** As in `workspace settings`. */
  readonly place: string;
  /** What relative paths are relative to; undefined in user settings, or where it is not on a disk. */
  readonly folder: string | undefined;
  /** Not yet validated. */
  readonly value: unknown;
}

/** `warren.connections` of every kind of settings that counts; of an untrusted workspace, only what the user wrote. */
export function connectionSettings(): ConnectionSetting[] {
  const { isTrusted, workspaceFolders = [] } = vscode.workspace;
  const inspected = inspect('connections');
  const [first] = workspaceFolders;
  const all: ConnectionSetting[] = [
    { place: 'user settings', folder: undefined, value: inspected?.globalValue },
    { place: 'workspace settings', folder: pathOf(first), value: inspected?.workspaceValue },
  ];
  // With a single folder its settings are those of the workspace.
  for (const folder of workspaceFolders.length > 1 ? workspaceFolders : []) {
    const value = inspect('connections', folder.uri)?.workspaceFolderValue;
    all.push({ place: `settings of folder ${folder.name}`, folder: pathOf(folder), value });
  }
  return all.filter(({ place, value }) => value !== undefined && (isTrusted || place === 'user settings'));
}

function inspect(key: SettingKey, folder?: vscode.Uri) {
  return vscode.workspace.getConfiguration(section, folder ?? null).inspect(key);
}

function pathOf(folder: vscode.WorkspaceFolder | undefined): string | undefined {
  return folder?.uri.scheme === 'file' ? folder.uri.fsPath : undefined;
}
