import * as vscode from 'vscode';
import type { BufferLimits } from '../broker/consume/messageBuffer.ts';

const section = 'warren';

/** Every setting; defaults and descriptions stand in package.json. */
export const settingKeys = [
  'refreshInterval',
  'tail.prefetch',
  'tail.bodyLimit',
  'tail.bufferMessages',
  'tail.bufferMegabytes',
  'publish.persistent',
  'publish.properties',
] as const;

type SettingKey = (typeof settingKeys)[number];

/** settings.json may hold anything: each reader below checks what it gets. */
function get(key: SettingKey): unknown {
  return vscode.workspace.getConfiguration(section).get(key);
}

function getDefault(key: SettingKey): unknown {
  return vscode.workspace.getConfiguration(section).inspect(key)?.defaultValue;
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
/** Bytes of a body that the Output panel shows. */
export const tailBodyLimit = (): number => getNumber('tail.bodyLimit', 0, 1 << 20);
/** What a tail keeps of its newest messages. */
export const tailBufferLimits = (): BufferLimits => ({
  messages: getNumber('tail.bufferMessages', 100, 1_000_000),
  bytes: getNumber('tail.bufferMegabytes', 1, 1024) << 20,
});
/** Whether messages are published as persistent. */
export const publishPersistent = (): boolean => get('publish.persistent') !== false;
/** Properties that override the defaults of a published message, by their AMQP names; not yet validated. */
export function publishProperties(): Readonly<Record<string, unknown>> {
  const value = get('publish.properties');
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
