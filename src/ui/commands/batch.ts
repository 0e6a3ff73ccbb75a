import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { BatchContext } from '../batch/batchSource.ts';
import { BatchFolder } from '../batch/batchFolder.ts';
import type { BatchPlan, TemplateChoice } from '../batch/batchPlan.ts';
import { RunningBatches } from '../batch/batchProgress.ts';
import { checkAll, openBatch, readTemplate, stampOf } from '../batch/batchSource.ts';
import { fatesText } from '../batch/batchWords.ts';
import { askDestination, askOrigin, askPace, type AskedOrigin } from '../batch/askBatch.ts';
import { checkSaved } from '../batch/savedLines.ts';
import { LedgerDocuments } from '../batch/ledgerDocuments.ts';
import { resumeBatch, saveFailed, startBatch, type BatchParts } from '../batch/runBatch.ts';
import { promptsOf } from '../../broker/messageFile/resolve.ts';
import type { Session } from '../../broker/session.ts';
import { toAppError } from '../../common/errors.ts';
import { counted } from '../../common/format.ts';
import { chosenVariables } from '../config.ts';
import type { Connections } from '../connections/connections.ts';
import type { ErrorPresenter } from '../presentError.ts';
import { withProgressWhenSlow } from '../progress.ts';
import { activeEditorSource, defaultProperties } from '../publish/sources.ts';
import { describePublishTarget, type RecentTargets } from '../publish/target.ts';
import { fileOf, messageAt, messageFileLanguage } from '../messageFile/parsedFiles.ts';
import { agreed } from '../saving/agreed.ts';
import { pickSavedFile } from '../saving/places.ts';
import { publishingUser } from '../saving/publishingUser.ts';
import { chooseSession, connected } from '../picks/targets.ts';
import type { CommandHandlers } from './registry.ts';
import { plainText } from '../plainText.ts';

type BatchCommands = Pick<CommandHandlers, 'publishBatch' | 'publishSaved' | 'resumeBatch' | 'batch.pauseOrResume'>;

export interface BatchCommandParts {
  readonly connections: Connections;
  readonly recent: RecentTargets;
  readonly errors: ErrorPresenter;
  readonly touched: (session: Session, queue: string) => void;
  /** Where Warren keeps what belongs to this machine. */
  readonly storagePath: string;
}

/** Commands that publish many messages, and go on where that was interrupted. */
export function batchCommands({ storagePath, ...rest }: BatchCommandParts): BatchCommands {
  const folder = new BatchFolder(storagePath);
  const parts: BatchParts = {
    ...rest,
    folder,
    running: new RunningBatches(),
    ledgers: new LedgerDocuments(),
    contextOf,
  };
  return {
    publishBatch: (clicked) => publishBatch(parts, rest.recent, clicked),
    publishSaved: (argument) => publishSaved(parts, rest.recent, argument),
    resumeBatch: () => chooseStored(parts),
    'batch.pauseOrResume': (id) => parts.running.toggle(id),
  };
}

async function publishBatch(parts: BatchParts, recent: RecentTargets, clicked: unknown): Promise<void> {
  // Read before anything is asked: a question takes the focus from the editor.
  const inFront = { text: activeEditorSource(), message: await messageInFront() };
  const origin = await askOrigin(clicked, inFront);
  if (origin) await publishOrigin(parts, recent, origin, undefined);
}

/** A batch of a file that Warren saved, whatever its first line is. */
async function publishSaved(parts: BatchParts, recent: RecentTargets, argument: unknown): Promise<void> {
  const clicked = argument instanceof vscode.Uri ? argument.fsPath : undefined;
  const path = clicked ?? (await pickSavedFile('Publish Saved Messages'));
  if (path === undefined) return;
  const from = { kind: 'saved', path, stamp: await stampOf(path) } as const;
  await publishOrigin(parts, recent, { label: basename(path), from }, clicked === undefined ? argument : undefined);
}

async function publishOrigin(
  parts: BatchParts,
  recent: RecentTargets,
  origin: AskedOrigin,
  argument: unknown,
): Promise<void> {
  const session = await chooseSession(parts.connections, argument, `Publish ${origin.label}`);
  if (!session) return;
  await connected(session);
  const destination = await askDestination(session, origin, recent.of(session));
  if (!destination) return;
  if (destination.to) await recent.add(session, destination.to);
  const { id: profileId, name: connection } = session.profile;
  const plan = { version: 1, profileId, connection, ...origin, ...destination, startedAt: Date.now() } as const;
  const context = await contextOf(session, plan);
  if (!context) return;
  const checked = await check(plan, context);
  if (!checked) return;
  const { count } = checked;
  if (count === 0) {
    void vscode.window.showInformationMessage(plainText(`There is no message in ${origin.label}.`));
    return;
  }
  const pace = await askPace(origin.label, count, destination, connection);
  if (pace) await startBatch(parts, { ...plan, ...checked, ...pace }, context);
}

type UncountedPlan = Omit<BatchPlan, 'count'>;

/** Looks at every message. Of saved ones those that cannot be published are left out, if the person agrees. */
async function check(
  plan: UncountedPlan,
  context: BatchContext,
): Promise<Pick<BatchPlan, 'from' | 'count'> | undefined> {
  const { from, label, connection, to } = plan;
  const progress = `Checking ${label}`;
  if (from.kind !== 'saved') {
    const source = await openBatch(plan, context);
    return { from, count: await withProgressWhenSlow(progress, (signal) => checkAll(source, signal)) };
  }
  const { notes, without } = await withProgressWhenSlow(progress, (signal) =>
    checkSaved(from.path, context.user, signal),
  );
  const where = to ? describePublishTarget(to) : 'their own exchanges';
  const question = `Publish ${counted(notes.count, 'message')} of ${label} to ${where} on ${connection}?`;
  if (!(await agreed(notes, question))) return undefined;
  return { from: { ...from, without }, count: notes.count };
}

/** The message at the cursor of a message file; it is saved first, for a batch reads it from there. */
async function messageInFront(): Promise<TemplateChoice | undefined> {
  const editor = vscode.window.activeTextEditor;
  if (!editor || editor.document.languageId !== messageFileLanguage || editor.document.uri.scheme !== 'file') {
    return undefined;
  }
  const { document, selection } = editor;
  const message = messageAt(document, selection.active);
  const index = message ? fileOf(document).messages.indexOf(message) : -1;
  if (index < 0 || !(await document.save())) return undefined;
  const path = document.uri.fsPath;
  return { path, index, stamp: await stampOf(path) };
}

/** What the messages of a batch need, the answers to the prompts of its template among it. */
async function contextOf(session: Session, { template }: Omit<BatchPlan, 'count'>): Promise<BatchContext | undefined> {
  const answers = new Map<string, string>();
  if (template) {
    const { file, message } = await readTemplate(template.path, template.index);
    for (const label of promptsOf(file, message)) {
      const answer = await vscode.window.showInputBox({ title: label, prompt: 'For every message of the batch' });
      if (answer === undefined) return undefined;
      answers.set(label, answer);
    }
  }
  const user = await publishingUser(session);
  return {
    propertiesFor: defaultProperties(),
    user,
    environment: chosenVariables(),
    answers,
    isTrusted: vscode.workspace.isTrusted,
  };
}

async function chooseStored(parts: BatchParts): Promise<void> {
  const stored = await parts.folder.stored();
  if (stored.length === 0) {
    void vscode.window.showInformationMessage('There is no batch to go on with.');
    return;
  }
  const show = { iconPath: new vscode.ThemeIcon('list-unordered'), tooltip: 'Show Ledger' };
  const save = { iconPath: new vscode.ThemeIcon('save'), tooltip: 'Save Failed…' };
  const forget = { iconPath: new vscode.ThemeIcon('trash'), tooltip: 'Forget This Batch' };
  const picker = vscode.window.createQuickPick<vscode.QuickPickItem & { readonly batch: (typeof stored)[number] }>();
  picker.title = 'Resume Batch';
  picker.placeholder = 'What is confirmed is not sent again';
  picker.items = stored.map((batch) => ({
    batch,
    label: batch.plan.label,
    description: `${batch.plan.connection}, ${new Date(batch.plan.startedAt).toLocaleString()}`,
    detail: fatesText(batch.plan, batch.ledger),
    buttons: parts.folder.hasFailed(batch.id, batch.ledger) ? [show, save, forget] : [show, forget],
  }));
  const chosen = new Promise<(typeof stored)[number] | undefined>((resolve) => {
    picker.onDidTriggerItemButton(({ button, item: { batch } }) => {
      picker.hide();
      const { id, plan, ledger } = batch;
      const done =
        button === show
          ? parts.ledgers.show(id, plan, ledger)
          : button === save
            ? saveFailed(parts, id, plan, ledger)
            : parts.folder.remove(id);
      done.catch((error: unknown) => parts.errors.present(toAppError(error)));
    });
    picker.onDidAccept(() => {
      resolve(picker.selectedItems[0]?.batch);
      picker.hide();
    });
    picker.onDidHide(() => {
      resolve(undefined);
      picker.dispose();
    });
  });
  picker.show();
  const batch = await chosen;
  if (batch) await resumeBatch(parts, batch.id, batch.plan, batch.ledger);
}
