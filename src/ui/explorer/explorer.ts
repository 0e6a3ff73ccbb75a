import * as vscode from 'vscode';
import type { Disposable, DisposableStore } from '../../common/disposable.ts';
import { refreshIntervalMs } from '../config.ts';
import type { Connections } from '../connections.ts';
import { setContextKey } from '../contextKeys.ts';
import { QueueTree } from './tree.ts';

export const explorerViewId = 'warren.explorer';

/** Puts the tree into its view and keeps it fresh while it is visible; hidden, it asks the broker for nothing. */
export function registerExplorer(connections: Connections, store: DisposableStore): QueueTree {
  const tree = store.add(new QueueTree(connections));
  const view = store.add(
    vscode.window.createTreeView(explorerViewId, { treeDataProvider: tree, showCollapseAll: true }),
  );
  let timer: Disposable | undefined;
  const follow = (): void => {
    timer?.dispose();
    timer = undefined;
    if (!view.visible) return;
    const handle = setInterval(() => void tree.refresh(), refreshIntervalMs());
    timer = { dispose: () => clearInterval(handle) };
  };
  store.add(
    view.onDidChangeVisibility(({ visible }) => {
      if (visible) void tree.refresh();
      follow();
    }),
  );
  store.add(
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('warren.refreshInterval')) follow();
    }),
  );
  store.add({ dispose: () => timer?.dispose() });
  const publishKeys = (): void => {
    const sessions = connections.all();
    setContextKey('warren.hasConnections', sessions.length > 0);
    setContextKey(
      'warren.connected',
      sessions.some(({ isOpen }) => isOpen),
    );
  };
  store.add(connections.onDidChange(publishKeys));
  publishKeys();
  follow();
  return tree;
}
