import * as vscode from 'vscode';
import type { Session } from '../../broker/session.ts';
import { DisposableStore } from '../../common/disposable.ts';
import type { Connections } from '../connections/connections.ts';
import { connectionItem } from './connectionItem.ts';
import { queueFacts } from './describe.ts';
import type { ConnectionNode, NoticeNode, QueueNode, TreeNode } from './nodes.ts';
import { noticeItem } from './noticeItem.ts';
import { queueItem, queueTooltip } from './queueItem.ts';
import { QueueRows } from './queueRows.ts';
import { VisibleRows } from './visibleRows.ts';

/** What the tree keeps for one session. Nodes are kept: VS Code refreshes a row by its object, and no row for another one. */
interface Branch {
  readonly node: ConnectionNode;
  readonly rows: QueueRows;
  readonly queues: Map<string, QueueNode>;
  readonly notices: Map<NoticeNode['id'], NoticeNode>;
  /** The nodes shown last, by key, each with its looks: what is alike is not sent again. */
  shown: Map<string, string>;
}

/** The tree of connections and their queues. */
export class QueueTree implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  readonly #connections: Connections;
  readonly #visibleRows = new VisibleRows();
  readonly #branches = new Map<string, Branch>();
  readonly #changed = new vscode.EventEmitter<TreeNode | TreeNode[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #store = new DisposableStore();

  constructor(connections: Connections) {
    this.#connections = connections;
    this.#store.add(connections.onDidChange((session) => this.#update(session)));
    this.#store.add(this.#visibleRows.onDidDraw(() => this.#countDrawn()));
  }

  /** Brings the queues of every open session up to date. */
  async refresh(options: { whole: boolean } = { whole: false }): Promise<void> {
    const visible = this.#visibleRows.current();
    const open = this.#connections.all().filter(({ isOpen: ready, management }) => ready && management);
    await Promise.all(
      open.map((session) => session.refreshQueues(visible.get(session.profile.id) ?? [], options.whole)),
    );
  }

  /** What the tree shows of a session's queues. */
  rowsOf(session: Session): QueueRows {
    return this.#branch(session).rows;
  }

  /** Shows a session's rows anew, after its filter or its page has changed. */
  redraw(session: Session): void {
    this.#changed.fire(this.#branch(session).node);
  }

  connectionNode(session: Session): ConnectionNode {
    return this.#branch(session).node;
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return node.kind === 'connection' ? undefined : this.#branch(node.session).node;
  }

  getChildren(node?: TreeNode): TreeNode[] {
    if (!node) return this.#connections.all().map((session) => this.#branch(session).node);
    if (node.kind !== 'connection') return [];
    const { session } = node;
    // Opening a connection's branch is asking to see its queues.
    if (session.state.kind === 'idle' && this.#connections.isAllowed(session)) connectQuietly(session);
    const branch = this.#branch(session);
    const children = this.#childrenOf(branch);
    branch.shown = this.#looks([node, ...children]);
    if (session.isOpen && session.queues.isLoaded && branch.rows.completePage()) {
      setImmediate(() => this.#update(session));
    }
    return children;
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    const { session } = node;
    const { rows } = this.#branch(session);
    switch (node.kind) {
      case 'connection':
        return connectionItem(session, rows.filter, {
          origin: this.#connections.originOf(session),
          place: this.#connections.placeOf(session),
        });
      case 'queue':
        return queueItem(node, session.queues.get(node.queue), this.#visibleRows.uriOf(node));
      case 'notice':
        return noticeItem(node, rows);
    }
  }

  /** VS Code asks when the pointer rests on a row. */
  resolveTreeItem(item: vscode.TreeItem, node: TreeNode): vscode.TreeItem {
    const entry = node.kind === 'queue' ? node.session.queues.get(node.queue) : undefined;
    if (entry) item.tooltip = queueTooltip(entry);
    return item;
  }

  dispose(): void {
    this.#store.dispose();
    this.#visibleRows.dispose();
    this.#changed.dispose();
  }

  #childrenOf(branch: Branch): TreeNode[] {
    const { session } = branch.node;
    const notice = (id: NoticeNode['id']): NoticeNode => noticeNode(branch, id);
    const { queues } = session;
    const { kind } = session.state;
    const trouble = kind === 'failed' || kind === 'waiting' ? [notice('state'), notice('remedy')] : [];
    if (!session.isOpen || !queues.isLoaded) return trouble.length > 0 ? trouble : [notice('state')];
    const { shown, matching, total } = branch.rows.read();
    const children: TreeNode[] = [];
    if (kind === 'blocked') children.push(notice('blocked'));
    // One of the other connections: the queues are there, what was published or tailed is not.
    children.push(...trouble);
    if (queues.failure) children.push(notice('failure'));
    else if (!queues.isComplete) children.push(notice('incomplete'));
    if (branch.rows.filter !== '') children.push(notice('filter'));
    for (const { name } of shown) children.push(queueNode(branch, name));
    if (matching > shown.length) children.push(notice('more'));
    if (total === 0 && queues.isComplete) children.push(notice('empty'));
    return children;
  }

  /** Sends VS Code only what looks different: thousands of rows need not be drawn again for one count. */
  #update(session: Session | undefined): void {
    if (!session || this.#connections.get(session.profile.id) !== session) {
      this.#forgetBranches();
      this.#changed.fire(undefined);
      return;
    }
    if (session.isOpen && session.management && !session.queues.isLoaded) void session.queues.refresh([]);
    const branch = this.#branch(session);
    const nodes = [branch.node, ...this.#childrenOf(branch)];
    const before = branch.shown;
    const now = this.#looks(nodes);
    branch.shown = now;
    const different = nodes.filter((node) => before.get(keyOf(node)) !== now.get(keyOf(node)));
    const isSameList = now.size === before.size && [...now.keys()].every((key) => before.has(key));
    if (!isSameList || different[0] === branch.node) this.#changed.fire(branch.node);
    else if (different.length > 0) this.#changed.fire(different);
  }

  #looks(nodes: readonly TreeNode[]): Map<string, string> {
    return new Map(nodes.map((node) => [keyOf(node), this.#looksOf(node)]));
  }

  #looksOf(node: TreeNode): string {
    const { label, description, contextValue, iconPath, tooltip } = this.getTreeItem(node);
    const entry = node.kind === 'queue' ? node.session.queues.get(node.queue) : undefined;
    const told = entry ? queueFacts(entry) : typeof tooltip === 'object' ? tooltip.value : tooltip;
    return JSON.stringify([label, description, contextValue, iconPath, told]);
  }

  #branch(session: Session): Branch {
    const { id } = session.profile;
    const existing = this.#branches.get(id);
    if (existing?.node.session === session) return existing;
    const branch: Branch = {
      node: { kind: 'connection', session },
      rows: new QueueRows(session),
      queues: new Map(),
      notices: new Map(),
      shown: new Map(),
    };
    this.#branches.set(id, branch);
    return branch;
  }

  #forgetBranches(): void {
    for (const [id, { node }] of this.#branches) {
      if (this.#connections.get(id) !== node.session) this.#branches.delete(id);
    }
  }

  /** Counts the consumers of rows that came into view and have no count yet. */
  #countDrawn(): void {
    for (const [profileId, names] of this.#visibleRows.current()) {
      const session = this.#connections.get(profileId);
      const uncounted = names.filter((name) => session?.queues.get(name)?.consumers === undefined);
      if (session?.isOpen && uncounted.length > 0) void session.queues.countConsumers(uncounted);
    }
  }
}

function queueNode(branch: Branch, queue: string): QueueNode {
  const existing = branch.queues.get(queue);
  if (existing) return existing;
  const node: QueueNode = { kind: 'queue', session: branch.node.session, queue };
  branch.queues.set(queue, node);
  return node;
}

function noticeNode(branch: Branch, id: NoticeNode['id']): NoticeNode {
  const existing = branch.notices.get(id);
  if (existing) return existing;
  const node: NoticeNode = { kind: 'notice', session: branch.node.session, id };
  branch.notices.set(id, node);
  return node;
}

function keyOf(node: TreeNode): string {
  if (node.kind === 'queue') return `queue ${node.queue}`;
  return node.kind === 'notice' ? `notice ${node.id}` : 'connection';
}

/** The tree itself shows how it went. VS Code opens branches by itself too: nobody may be asked then. */
function connectQuietly(session: Session): void {
  session.resume().catch(() => undefined);
}
