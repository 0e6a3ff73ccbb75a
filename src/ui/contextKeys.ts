import * as vscode from 'vscode';
import type { TailMode } from '../broker/consume/tail.ts';

/** What `when` clauses in package.json may ask. */
export interface ContextValues {
  /** There is a connection, open or not. */
  'warren.hasConnections': boolean;
  /** There is a connection from the settings. */
  'warren.hasSharedConnections': boolean;
  /** There is an open connection. */
  'warren.connected': boolean;
  /** There is a connection that waits to be tried again. */
  'warren.waiting': boolean;
  /** There is a publish that can be repeated. */
  'warren.canPublishAgain': boolean;
  /** What the tutorial waits for: a message was published, confirmed and routed; a queue declared; a message acked. */
  'warren.hasPublished': boolean;
  'warren.hasDeclared': boolean;
  'warren.hasAcked': boolean;
  /** There is a batch under way in this window. */
  'warren.hasRunningBatch': boolean;
  /** There is a tail that has not ended. */
  'warren.hasTails': boolean;
  /** There is a tail that writes to a file. */
  'warren.hasFileTails': boolean;
  /** One of them reads a stream. */
  'warren.hasStreams': boolean;
  /** How the tail in the Output panel stands; `''` when another channel is shown. */
  'warren.shownTail': 'running' | 'paused' | 'interrupted' | 'ended' | '';
  'warren.shownTailMode': TailMode | '';
  /** The same of the tail in the Messages panel; `''` when there is none. */
  'warren.panelTail': 'running' | 'paused' | 'interrupted' | 'ended' | '';
  'warren.panelTailMode': TailMode | '';
}

const current = new Map<string, unknown>();

/** Sets a context key, unless it has this value already: each change makes VS Code look at all its menus. */
export function setContextKey<K extends keyof ContextValues>(key: K, value: ContextValues[K]): void {
  if (current.get(key) === value) return;
  current.set(key, value);
  void vscode.commands.executeCommand('setContext', key, value);
}

/** Takes back those that are true. @returns tells them again, as changes to true */
export function withdrawContextKeys(keys: readonly (keyof ContextValues)[]): () => void {
  const tell = (value: boolean): void => {
    for (const key of keys)
      if (current.get(key) === true) void vscode.commands.executeCommand('setContext', key, value);
  };
  tell(false);
  return () => {
    tell(false);
    tell(true);
  };
}
