import { isUtf8 } from 'node:buffer';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { readLines } from '../../broker/batch/items/lines.ts';
import type { Draft } from '../../broker/publish/draft.ts';
import type { Publishable, PublishingUser } from '../../broker/saved/saved.ts';
import type { Session } from '../../broker/session.ts';
import { AppError } from '../../common/errors.ts';
import { formatInteger } from '../../common/format.ts';
import type { Connections } from '../connections.ts';
import { plainLabel } from '../plainLabel.ts';
import { withProgressWhenSlow } from '../progress.ts';
import { pickTarget } from '../publish/pickTarget.ts';
import type { PublishTarget, RecentTargets } from '../publish/target.ts';
import { chooseSession, connected } from '../targets.ts';
import { PublishNotes } from './notes.ts';
import { pickSavedFile } from './places.ts';
import { publishDrafts, whereOf } from './publishDrafts.ts';
import { publishingUser } from './publishingUser.ts';

export interface PublishSavedParts {
  readonly connections: Connections;
  readonly recent: RecentTargets;
}

const title = 'Publish Saved Messages';
/** The largest body that RabbitMQ can be set to take is 512 MB, which no line of base64 could be; in bytes. */
const longestLine = 400 * 1024 * 1024;

/**
 * Publishes the messages of a file that Warren saved: all lines are read and checked first, then it is asked, then they are sent.
 * @throws AppError `savedLineInvalid` where no line is a message, `fileUnreadable`, or why nothing was sent
 */
export async function publishSaved({ connections, recent }: PublishSavedParts, argument: unknown): Promise<void> {
  const clicked = argument instanceof vscode.Uri ? argument.fsPath : undefined;
  const path = clicked ?? (await pickSavedFile(title));
  if (path === undefined) return;
  const name = plainLabel(basename(path));
  const session = await chooseSession(connections, clicked === undefined ? argument : undefined, title);
  const chosen = session && (await pickWhere(session, name, recent));
  if (!chosen) return;
  await connected(session);
  const { target } = chosen;
  if (target) await recent.add(session, target);
  const user = await publishingUser(session);
  const notes = await check(path, user, target);
  if (!(await agreed(notes, name, whereOf(target), session.profile.name))) return;
  const { count } = notes;
  await publishDrafts(session, { count, label: labelOf(count, name), target, drafts: draftsIn(path, user, target) });
}

/** Undefined when the person escaped. */
async function pickWhere(
  session: Session,
  name: string,
  recent: RecentTargets,
): Promise<{ readonly target: PublishTarget | undefined } | undefined> {
  const asSaved = { label: '$(history) As saved', detail: 'Each to the exchange it came from, by its own routing key' };
  const toOne = {
    label: '$(inbox) All to one queue or exchange…',
    detail: 'With the body and properties that they have',
  };
  const options = { title: `Publish ${name} to ${session.profile.name}`, placeHolder: 'Where to' };
  const chosen = await vscode.window.showQuickPick([asSaved, toOne], options);
  if (!chosen) return undefined;
  if (chosen === asSaved) return { target: undefined };
  const target = await pickTarget(session, name, recent.of(session));
  return target && { target };
}

/** Reads all lines once, and counts. @throws AppError `cancelled`, `fileUnreadable`, `savedLineInvalid` */
async function check(path: string, user: PublishingUser, target: PublishTarget | undefined): Promise<PublishNotes> {
  const notes = new PublishNotes();
  let first: { readonly line: number; readonly reason: string } | undefined;
  await withProgressWhenSlow(`Reading ${basename(path)}`, async (signal, report) => {
    let lines = 0;
    for await (const { number, result } of publishablesIn(path, user, target)) {
      if (signal.aborted) throw new AppError('cancelled', {});
      notes.add(`Line ${number}`, result);
      if ('problem' in result) first ??= { line: number, reason: result.problem };
      if (++lines % 1_000 === 0) report(`${formatInteger(lines)} messages`, 0);
    }
  });
  if (notes.count > 0) return notes;
  const name = basename(path);
  if (first) throw new AppError('savedLineInvalid', { name, ...first });
  throw new AppError('fileUnreadable', { name, reason: 'there is no message in it' });
}

interface CheckedLine {
  readonly number: number;
  readonly result: Publishable | { readonly problem: string };
}

async function* publishablesIn(
  path: string,
  user: PublishingUser,
  target: PublishTarget | undefined,
): AsyncGenerator<CheckedLine> {
  const { loadMessage, toPublish } = await import('../../broker/saved/saved.ts');
  for await (const { number, bytes } of readLines(path, longestLine)) {
    const loaded = isUtf8(bytes) ? loadMessage(bytes.toString('utf8')) : { problem: 'it is not UTF-8' };
    yield { number, result: 'draft' in loaded ? toPublish({ ...loaded.draft, ...target }, user) : loaded };
  }
}

/** Those that can be published; the others were told of before. */
async function* draftsIn(path: string, user: PublishingUser, target: PublishTarget | undefined): AsyncGenerator<Draft> {
  for await (const { result } of publishablesIn(path, user, target)) {
    if ('draft' in result) yield result.draft;
  }
}

async function agreed({ count, text }: PublishNotes, name: string, where: string, on: string): Promise<boolean> {
  const button = count === 1 ? 'Publish 1 Message' : `Publish ${formatInteger(count)} Messages`;
  const question = `Publish ${labelOf(count, name)} to ${where} on ${on}?`;
  const chosen = await vscode.window.showWarningMessage(question, { modal: true, detail: text }, button);
  return chosen === button;
}

function labelOf(count: number, name: string): string {
  return `${count === 1 ? '1 message' : `${formatInteger(count)} messages`} of ${name}`;
}
