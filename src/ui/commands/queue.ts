import * as vscode from 'vscode';
import { checkQueueName, type QueueCounts } from '../../broker/admin.ts';
import type { Session } from '../../broker/session.ts';
import { unlessAborted } from '../../common/abort.ts';
import { tailOfQueue } from '../../broker/consume/tail.ts';
import { AppError } from '../../common/errors.ts';
import { counted } from '../../common/format.ts';
import { shortName, visibleName } from '../../common/visibleText.ts';
import type { Connections } from '../connections/connections.ts';
import { setContextKey } from '../contextKeys.ts';
import { askDeclaration } from '../declareForm.ts';
import type { QueueTree } from '../explorer/tree.ts';
import { readDetails } from '../modes/readDetails.ts';
import { plainLabel } from '../plainLabel.ts';
import { refusal } from '../picks/refusal.ts';
import { withProgressWhenSlow } from '../progress.ts';
import {
  chooseQueue,
  chooseSession,
  connected,
  onConnection,
  queueNameOf,
  sessionOf,
  type QueueTarget,
} from '../picks/targets.ts';
import type { CommandHandlers } from './registry.ts';

type QueueCommands = Pick<
  CommandHandlers,
  | 'refresh'
  | 'filterQueues'
  | 'clearFilter'
  | 'showMoreQueues'
  | 'addQueue'
  | 'forgetQueue'
  | 'declareQueue'
  | 'purgeQueue'
  | 'deleteQueue'
  | 'copyName'
>;

/** Commands on queues and on the list of them. */
export function queueCommands(connections: Connections, tree: QueueTree): QueueCommands {
  return {
    refresh: () => tree.refresh({ whole: true }),
    filterQueues: (argument) => filterQueues(connections, tree, argument),
    clearFilter: (argument) => {
      const session = sessionOf(argument);
      if (session) setFilter(tree, session, '');
    },
    showMoreQueues: (argument) => {
      const session = sessionOf(argument);
      if (!session) return;
      tree.rowsOf(session).showMore();
      tree.redraw(session);
    },
    addQueue: (argument) => addQueue(connections, argument),
    forgetQueue: async (argument) => {
      const target = await chooseQueue(connections, argument, 'Remove Queue from List');
      target?.session.queues.removeKnown(target.queue);
    },
    declareQueue: (argument) => declareQueue(connections, argument),
    purgeQueue: async (argument) => {
      const target = await chooseQueue(connections, argument, 'Purge Queue');
      if (target) await purgeQueue(target);
    },
    deleteQueue: async (argument) => {
      const target = await chooseQueue(connections, argument, 'Delete Queue');
      if (target) await deleteQueue(target);
    },
    copyName: async (argument) => {
      const target = await chooseQueue(connections, argument, 'Copy Queue Name');
      if (target) await vscode.env.clipboard.writeText(target.queue);
    },
  };
}

async function filterQueues(connections: Connections, tree: QueueTree, argument: unknown): Promise<void> {
  const session = await chooseSession(connections, argument, 'Filter Queues');
  if (!session) return;
  const text = await vscode.window.showInputBox({
    title: `Filter Queues on ${session.profile.name}`,
    prompt: 'Part of the name; empty shows all',
    value: tree.rowsOf(session).filter,
  });
  if (text !== undefined) setFilter(tree, session, text);
}

function setFilter(tree: QueueTree, session: Session, text: string): void {
  tree.rowsOf(session).filter = text;
  tree.redraw(session);
}

async function addQueue(connections: Connections, argument: unknown): Promise<void> {
  const session = await chooseSession(connections, argument, 'Add Queue by Name');
  if (!session) return;
  const name = await vscode.window.showInputBox({
    title: `Add Queue by Name on ${session.profile.name}`,
    prompt: 'Looks whether the queue exists; never creates it',
    validateInput: (text) => refusal(() => checkQueueName(text)),
  });
  if (name === undefined) return;
  await connected(session);
  await onConnection(session, () =>
    withProgressWhenSlow(`Looking for ${visibleName(name)}`, (signal) => session.admin.check(name, signal)),
  );
  session.queues.addKnown(name);
  await session.queues.refresh([name]);
}

/** Declares a queue; returns its name once it is there. A missing queue of the tree, or a `name`, is proposed. */
async function declareQueue(connections: Connections, argument: unknown): Promise<string | undefined> {
  const session = await chooseSession(connections, argument, 'Declare Queue');
  if (!session) return undefined;
  await connected(session);
  const declaration = await askDeclaration(session, proposedName(argument));
  if (!declaration) return undefined;
  await onConnection(session, () =>
    withProgressWhenSlow(`Declaring ${visibleName(declaration.name)}`, (signal) =>
      session.admin.declare(declaration, signal),
    ),
  );
  setContextKey('warren.hasDeclared', true);
  session.queues.addKnown(declaration.name);
  await session.queues.refresh([declaration.name], true);
  return declaration.name;
}

function proposedName(argument: unknown): string {
  const name = typeof argument === 'object' && argument !== null && 'name' in argument ? argument.name : undefined;
  return typeof name === 'string' ? name : (queueNameOf(argument) ?? '');
}

async function purgeQueue({ session, queue }: QueueTarget): Promise<void> {
  await connected(session);
  await onConnection(session, async () => {
    // It would end the whole connection (540), with all its tails. Measured on 3.10 and 4.0.
    if ((await readDetails(session, queue))?.type === 'stream') throw new AppError('queueIsStream', { queue });
  });
  const name = visibleName(queue);
  const { ready } = await looked(session, queue);
  const verb = `Purge ${shortName(queue)}`;
  const chosen = await vscode.window.showWarningMessage(
    `Purge ${name}?`,
    {
      modal: true,
      detail: `${counted(ready, 'message')} on ${session.profile.name} will be dropped for good. Messages that consumers hold stay.`,
    },
    verb,
  );
  if (chosen !== verb) return;
  const dropped = await onConnection(session, () =>
    withProgressWhenSlow(`Purging ${name}`, (signal) => session.admin.purge(queue, signal)),
  );
  vscode.window.setStatusBarMessage(`Purged ${plainLabel(queue)}: ${counted(dropped, 'message')} dropped`, 5000);
  await session.queues.refresh([queue]);
}

async function deleteQueue({ session, queue }: QueueTarget): Promise<void> {
  await connected(session);
  const { ready, consumers } = await looked(session, queue);
  const name = visibleName(queue);
  const verbs = {
    delete: `Delete ${shortName(queue)}`,
    ifEmpty: 'Delete If Empty',
    ifUnused: 'Delete If Unused',
  } as const;
  const entry = session.queues.get(queue);
  // A quorum queue answers these conditions by ending the whole connection (540), and a stream ignores them: it would be
  // gone with all it has. Measured on 3.10 and 4.0.
  const conditions = entry?.info?.type === 'classic' ? [verbs.ifEmpty, verbs.ifUnused] : [];
  const ours = tailOfQueue(session.tails, queue)?.heldCount ?? 0;
  const messages = ready + Math.max(entry?.unacknowledged ?? 0, ours);
  const chosen = await vscode.window.showWarningMessage(
    `Delete ${name}?`,
    {
      modal: true,
      detail: deleteDetail(session.profile.name, messages, consumers),
    },
    verbs.delete,
    ...conditions,
  );
  if (chosen === undefined) return;
  const condition = { ifEmpty: chosen === verbs.ifEmpty, ifUnused: chosen === verbs.ifUnused };
  await onConnection(session, () =>
    withProgressWhenSlow(`Deleting ${name}`, (signal) => session.admin.delete(queue, condition, signal)),
  );
  session.queues.removeKnown(queue);
  await session.queues.refresh([], true);
}

/** A queue's counts at this moment. @throws AppError `queueNotFound`, `cancelled`, ... */
async function looked(session: Session, queue: string): Promise<QueueCounts> {
  return onConnection(session, () =>
    withProgressWhenSlow(`Looking at ${visibleName(queue)}`, (signal) =>
      unlessAborted(session.admin.check(queue), signal),
    ),
  );
}

function deleteDetail(connection: string, messages: number, consumers: number): string {
  return messages === 0
    ? `The queue on ${connection} will be gone for good. It has no messages and ${consumersOf(consumers)}.`
    : `The queue on ${connection} and its ${counted(messages, 'message')} will be gone for good. It has ${consumersOf(consumers)}.`;
}

function consumersOf(count: number): string {
  return count === 0 ? 'no consumers' : counted(count, 'consumer');
}
