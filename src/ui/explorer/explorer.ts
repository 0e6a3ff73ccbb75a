import * as vscode from 'vscode';
import type { Session } from '../../broker/session.ts';
import type { DisposableStore } from '../../common/disposable.ts';
import { refreshIntervalMs } from '../config.ts';
import type { Connections } from '../connections/connections.ts';
import { setContextKey } from '../contextKeys.ts';
import { QueueTree } from './tree.ts';

const explorerViewId = 'warren.explorer';

/** Our own changes show soon, and many of them in one refresh. */
const touchedDelayMs = 300;

/** The tree in its view, as the rest of Warren needs it. */
export interface Explorer {
  readonly tree: QueueTree;
  /** Shows a connection with its queues. */
  readonly reveal: (session: Session) => Promise<void>;
  /** Something of Warren's has changed what is in a queue: its counts are read again soon, if anybody looks. */
  readonly touched: (session: Session, queue: string) => void;
}

/** Puts the tree into its view and keeps it fresh while it is visible; hidden, it asks the broker for nothing. */
export function registerExplorer(connections: Connections, store: DisposableStore): Explorer {
  const tree = store.add(new QueueTree(connections));
  const view = store.add(
    vscode.window.createTreeView(explorerViewId, { treeDataProvider: tree, showCollapseAll: true }),
  );
  let polling: NodeJS.Timeout | undefined;
  const pending = new Map<Session, NodeJS.Timeout>();
  const follow = (): void => {
    clearInterval(polling);
    if (view.visible) polling = setInterval(() => void tree.refresh(), refreshIntervalMs());
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
  store.add(connections.onDidChange(() => publishKeys(connections)));
  store.add({
    dispose: () => {
      clearInterval(polling);
      for (const timer of pending.values()) clearTimeout(timer);
    },
  });
  publishKeys(connections);
  follow();
  return {
    tree,
    reveal: async (session) => view.reveal(tree.connectionNode(session), { expand: true, select: true }),
    touched: (session, queue) => {
      if (!view.visible || pending.has(session)) return;
      const read = (): void => {
        pending.delete(session);
        if (session.isOpen) void session.queues.refresh([queue]);
      };
      pending.set(session, setTimeout(read, touchedDelayMs));
    },
  };
}

function publishKeys(connections: Connections): void {
  const sessions = connections.all();
  setContextKey('warren.hasConnections', sessions.length > 0);
  setContextKey(
    'warren.hasSharedConnections',
    sessions.some((session) => connections.originOf(session) === 'settings'),
  );
  setContextKey(
    'warren.connected',
    sessions.some(({ isOpen }) => isOpen),
  );
  setContextKey(
    'warren.waiting',
    sessions.some(({ state }) => state.kind === 'waiting'),
  );
}
