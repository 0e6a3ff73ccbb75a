import * as vscode from 'vscode';
import { describeTarget } from '../../broker/amqpUri.ts';
import type { QueueEntry } from '../../broker/queueList.ts';
import { Session } from '../../broker/session.ts';
import { AppError, toAppError } from '../../common/errors.ts';
import type { Connections } from '../connections/connections.ts';
import { describeQueue } from '../explorer/describe.ts';
import { matching, pickLive, type LiveItem } from './livePick.ts';
import { plainLabel } from '../plainLabel.ts';
import { SortedNames } from './sortedNames.ts';
import { withProgressWhenSlow } from '../progress.ts';

/** A queue of a connection. */
export interface QueueTarget {
  readonly session: Session;
  readonly queue: string;
}

/** The session of the tree node that a command was started on. */
export function sessionOf(argument: unknown): Session | undefined {
  const session = field(argument, 'session');
  return session instanceof Session ? session : undefined;
}

/** The queue that an argument names: a tree node, or the `args` of a keybinding. */
export function queueNameOf(argument: unknown): string | undefined {
  const queue = field(argument, 'queue');
  return typeof queue === 'string' && queue !== '' ? queue : undefined;
}

/** The exchange that the `args` of a keybinding name. */
export function exchangeNameOf(argument: unknown): string | undefined {
  const exchange = field(argument, 'exchange');
  return typeof exchange === 'string' && exchange !== '' ? exchange : undefined;
}

/** The connection that the `args` of a keybinding name: `{ "connection": "local", "queue": "orders" }`. */
function sessionNamed(connections: Connections, argument: unknown): Session | undefined {
  const name = field(argument, 'connection');
  return connections.all().find(({ profile }) => profile.name === name);
}

function field(argument: unknown, name: string): unknown {
  return typeof argument === 'object' && argument !== null ? (argument as Record<string, unknown>)[name] : undefined;
}

/**
 * The connection to work with: the argument's, or the only one, or the one that is chosen.
 * @returns undefined when the person escaped, or has no connection and did not want one
 */
export async function chooseSession(
  connections: Connections,
  argument: unknown,
  title: string,
): Promise<Session | undefined> {
  const given = sessionOf(argument) ?? sessionNamed(connections, argument);
  // A row that was drawn before an edit has the session that the edit has closed.
  if (given) return connections.get(given.profile.id) ?? given;
  const all = connections.all();
  if (all.length === 0) {
    await offerAddConnection();
    return undefined;
  }
  const open = all.filter((session) => session.isOpen);
  const only = open.length === 1 ? open[0] : all.length === 1 ? all[0] : undefined;
  if (only) return only;
  const items = all.map((session) => ({
    label: session.profile.name,
    description: describeTarget(session.profile),
    detail: session.isOpen ? '$(pass-filled) connected' : '$(circle-outline) not connected',
    session,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: 'Connection',
    matchOnDescription: true,
  });
  return picked?.session;
}

/**
 * The queue to work with: the argument's, or one that is chosen or typed in.
 * @throws AppError why the connection cannot be opened
 */
export async function chooseQueue(
  connections: Connections,
  argument: unknown,
  title: string,
): Promise<QueueTarget | undefined> {
  const session = await chooseSession(connections, argument, title);
  if (!session) return undefined;
  const queue = queueNameOf(argument) ?? (await pickQueue(session, title));
  return queue === undefined ? undefined : { session, queue };
}

/**
 * A quick pick over the session's queues; a name that is not among them can be typed.
 * @param without a queue that is not offered
 */
export async function pickQueue(session: Session, title: string, without?: string): Promise<string | undefined> {
  const sorted = new SortedNames(session);
  return pickLive({
    title,
    placeholder: `Queue on ${session.profile.name}`,
    items: (typed) => {
      const entries = sorted.entries().filter(({ name }) => name !== without);
      const items = matching(typed, entries, ({ name }) => name).map(toItem);
      const isThere = typed === '' || typed === without || entries.some(({ name }) => name === typed);
      return isThere
        ? items
        : [...items, { label: plainLabel(typed), description: 'queue by this name', value: typed }];
    },
    load: () => session.ready(),
  });
}

function toItem(entry: QueueEntry): LiveItem<string> {
  return { label: plainLabel(entry.name), description: describeQueue(entry), value: entry.name };
}

async function offerAddConnection(): Promise<void> {
  const add = 'Add Connection…';
  const chosen = await vscode.window.showInformationMessage('There is no RabbitMQ connection yet.', add);
  if (chosen === add) await vscode.commands.executeCommand('warren.addConnection');
}

/** The open session a command needs; the wait can be cancelled. @throws AppError why it cannot be opened */
export async function connected(session: Session): Promise<Session> {
  await onConnection(session, async () => {
    if (!session.isOpen) {
      // What has to be asked first is no part of the wait.
      await session.prepare();
      await withProgressWhenSlow(`Connecting to ${session.profile.name}`, (signal) => session.connect(signal));
    }
    if (!session.isOpen) throw new AppError('notConnected', {});
  });
  return session;
}

const sessionsOfErrors = new WeakMap<AppError, Session>();

/** Runs something; what it throws is told with the name of this connection, and with what can be done about it there. */
export async function onConnection<T>(session: Session, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (thrown) {
    const error = toAppError(thrown);
    sessionsOfErrors.set(error, session);
    throw error;
  }
}

/** Where it happened, if that was a connection's {@link onConnection}. */
export function sessionOfError(error: AppError): Session | undefined {
  return sessionsOfErrors.get(error);
}
