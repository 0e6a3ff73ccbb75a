import { statSync } from 'node:fs';
import { basename, extname } from 'node:path';
import * as vscode from 'vscode';
import { printTarget } from '../../broker/messageFile/print.ts';
import type { Session } from '../../broker/session.ts';
import { counted } from '../../common/format.ts';
import { visibleName } from '../../common/visibleText.ts';
import { matching, pickLive, type LiveItem } from '../picks/livePick.ts';
import { plainLabel } from '../plainLabel.ts';
import { pickTarget } from '../publish/pickTarget.ts';
import { defaultHeaders, type PublishSource } from '../publish/sources.ts';
import { describePublishTarget, type PublishTarget } from '../publish/target.ts';
import { TargetRoutes } from '../publish/targetRoutes.ts';
import { publishingUser } from '../saving/publishingUser.ts';
import type { BatchOrigin, BatchPlan, TemplateChoice } from './batchPlan.ts';
import { isSaved, readTemplate, stampOf } from './batchSource.ts';
import { savedTargets, savedTargetsLine, type SavedTarget } from './savedTargets.ts';

/** What is to be published, before it is known where to. */
export interface AskedOrigin {
  readonly label: string;
  readonly from: BatchOrigin;
  /** Where it is a message of a message file. */
  readonly template?: TemplateChoice;
}

/** What stands in the editor in front. */
export interface InFront {
  /** The texts that would be published: each selection, or all. */
  readonly text: PublishSource | undefined;
  /** The message at the cursor of a message file that is on disk. */
  readonly message: TemplateChoice | undefined;
}

interface OriginItem extends vscode.QuickPickItem {
  /** Undefined: the person escaped. */
  readonly ask: () => Promise<AskedOrigin | undefined>;
}

/** What a batch is made from: the file or folder that was clicked, or what is chosen. Undefined: the person escaped. */
export async function askOrigin(clicked: unknown, inFront: InFront): Promise<AskedOrigin | undefined> {
  if (clicked instanceof vscode.Uri) return originOf(clicked.fsPath);
  const items: OriginItem[] = [
    ...itemsInFront(inFront),
    { label: '$(file) JSON Lines or CSV…', detail: 'A message for each line, or each row', ask: askFile },
    {
      label: '$(folder) Folder…',
      detail: 'A message for each file in it, in the order of their names',
      ask: askFolder,
    },
  ];
  const picked = await vscode.window.showQuickPick(items, { title: 'Publish Batch', placeHolder: 'What to publish' });
  return picked?.ask();
}

function itemsInFront({ text, message }: InFront): OriginItem[] {
  const detail = 'The same message again and again, as fast or slowly as you choose';
  if (message) {
    const name = `Message ${message.index + 1} of ${basename(message.path)}`;
    const label = `$(copy) ${plainLabel(name)} Many Times…`;
    return [
      { label, detail: `${detail}; its variables have new values each time`, ask: () => askRepeat(name, message) },
    ];
  }
  if (!text) return [];
  if (text.count > 1) {
    const label = `$(selection) ${plainLabel(text.label)}`;
    return [{ label, detail: 'A message for each', ask: () => textsOf(text) }];
  }
  return [{ label: `$(copy) ${plainLabel(text.label)} Many Times…`, detail, ask: () => askRepeat(text.label, text) }];
}

async function askFile(): Promise<AskedOrigin | undefined> {
  const filters = { 'JSON Lines or CSV': ['jsonl', 'ndjson', 'csv', 'tsv'], 'All files': ['*'] };
  const [chosen] = (await vscode.window.showOpenDialog({ title: 'Publish Batch', openLabel: 'Choose', filters })) ?? [];
  return chosen && originOf(chosen.fsPath);
}

async function askFolder(): Promise<AskedOrigin | undefined> {
  const options = { title: 'Publish Batch', openLabel: 'Choose', canSelectFiles: false, canSelectFolders: true };
  const [chosen] = (await vscode.window.showOpenDialog(options)) ?? [];
  return chosen && originOf(chosen.fsPath);
}

async function textsOf(source: PublishSource): Promise<AskedOrigin> {
  const texts: string[] = [];
  let type = 'text/plain';
  for await (const { content, contentType } of source.read(0)) {
    texts.push(content.toString('utf8'));
    type = contentType;
  }
  return { label: source.label, from: { kind: 'texts', texts, contentType: type } };
}

async function originOf(path: string): Promise<AskedOrigin> {
  const label = basename(path);
  const stamp = await stampOf(path);
  if (statSync(path).isDirectory()) return { label, from: { kind: 'folder', path, stamp } };
  const extension = extname(path).toLowerCase();
  if (extension === '.csv' || extension === '.tsv') return { label, from: { kind: 'csv', path, stamp } };
  return { label, from: { kind: (await isSaved(path)) ? 'saved' : 'lines', path, stamp } };
}

async function askRepeat(label: string, what: PublishSource | TemplateChoice): Promise<AskedOrigin | undefined> {
  const times = await askNumber('Publish Batch', 'How many times', '1000');
  if (times === undefined) return undefined;
  const from = { kind: 'repeat', times, content: '', contentType: 'text/plain' } as const;
  if (!('read' in what)) return { label, from, template: what };
  const { value: body } = await what.read(0).next();
  if (!body) return undefined;
  const { contentType } = body;
  return { label, from: { ...from, content: body.content.toString('base64'), contentType } };
}

const toTarget = '$(send) To a Queue or Exchange…';

/** Where the messages go, and what they are put into. */
export type Destination = Pick<BatchPlan, 'to' | 'template'>;

/** Undefined: the person escaped. */
export async function askDestination(
  session: Session,
  { label, from, template }: AskedOrigin,
  recent: readonly PublishTarget[],
): Promise<Destination | undefined> {
  if (template) return { template };
  if (from.kind === 'saved') return askSavedDestination(session, label, from.path, recent);
  const how = await askHow(label);
  if (!how) return undefined;
  if (how !== 'target') return { template: how };
  const to = await pickTarget(session, label, recent, defaultHeaders());
  return to && { to };
}

/** Where saved messages would go now is shown as soon as the file and the broker's bindings have been read. */
async function askSavedDestination(
  session: Session,
  label: string,
  path: string,
  recent: readonly PublishTarget[],
): Promise<Destination | undefined> {
  const reading = publishingUser(session).then((user) => savedTargets(path, user));
  const routes = new TargetRoutes(session, undefined);
  let targets: readonly SavedTarget[] | undefined;
  const items = (): LiveItem<'asSaved' | 'target'>[] => {
    const route = targets && routes.topology ? savedTargetsLine(targets, routes.topology) : '';
    const detail = route === '' ? 'To its own exchange and routing key' : plainLabel(route);
    return [
      { value: 'asSaved', label: '$(history) Where Each Was Published', detail },
      { value: 'target', label: toTarget, detail: 'As they are, all to one queue or exchange' },
    ];
  };
  const how = await pickLive({
    title: `Publish ${visibleName(label)}`,
    placeholder: 'Where to',
    items: (typed) => matching(typed, items(), (item) => item.label),
    load: async () => {
      [targets] = await Promise.all([reading, routes.load(() => undefined)]);
    },
  });
  if (!how) return undefined;
  if (how === 'asSaved') return {};
  const to = await pickTarget(
    session,
    label,
    recent,
    (await reading)?.map(({ headers }) => headers),
  );
  return to && { to };
}

/** The template is chosen among the message files of the workspace; nothing is asked where there is no choice. */
async function askHow(label: string): Promise<'target' | TemplateChoice | undefined> {
  const files = await vscode.workspace.findFiles('**/*.amqp', '**/node_modules/**', 50);
  if (files.length === 0) return 'target';
  const items: (vscode.QuickPickItem & { readonly how: 'target' | vscode.Uri })[] = [
    { how: 'target', label: toTarget, detail: 'As they are, each as a message' },
    ...files.map((uri) => ({
      how: uri,
      label: `$(file-code) ${plainLabel(vscode.workspace.asRelativePath(uri))}`,
      detail: 'A template: its {{variables}} are the columns, fields or file names of each piece',
    })),
  ];
  const title = `Publish ${visibleName(label)}`;
  const picked = await vscode.window.showQuickPick(items, { title, placeHolder: 'Where to' });
  return picked?.how instanceof vscode.Uri ? askTemplate(picked.how.fsPath, title) : picked?.how;
}

async function askTemplate(path: string, title: string): Promise<TemplateChoice | undefined> {
  const stamp = await stampOf(path);
  const { file } = await readTemplate(path, 0);
  if (file.messages.length === 1) return { path, index: 0, stamp };
  const items = file.messages.map(({ name, target }, index) => {
    const to = target && plainLabel(printTarget(target));
    const label = name === undefined ? (to ?? `Message ${index + 1}`) : plainLabel(name);
    return { label, ...(name !== undefined && to !== undefined && { description: to }), index };
  });
  const picked = await vscode.window.showQuickPick(items, { title, placeHolder: 'Which message of the file' });
  return picked && { path, index: picked.index, stamp };
}

/** Says how many messages go where, and asks how fast. Undefined: the person escaped. */
export async function askPace(
  label: string,
  count: number,
  { to }: Destination,
  connection: string,
): Promise<{ readonly perSecond?: number } | undefined> {
  const where = to ? ` to ${visibleName(describePublishTarget(to))}` : '';
  const fast = { label: '$(rocket) As Fast as the Broker Confirms', isFast: true };
  const paced = { label: '$(watch) So Many a Second…', isFast: false };
  const title = `Publish ${counted(count, 'message')} of ${visibleName(label)}${where} on ${connection}`;
  const picked = await vscode.window.showQuickPick([fast, paced], { title, placeHolder: 'How fast' });
  if (!picked || picked.isFast) return picked && {};
  const perSecond = await askNumber(title, 'Messages a second', '10');
  return perSecond === undefined ? undefined : { perSecond };
}

async function askNumber(title: string, prompt: string, value: string): Promise<number | undefined> {
  const typed = await vscode.window.showInputBox({
    title,
    prompt,
    value,
    validateInput: problemOf,
    ignoreFocusOut: true,
  });
  return typed === undefined ? undefined : Number(typed);
}

function problemOf(typed: string): string | undefined {
  const isFine = /^\d{1,7}$/.test(typed.trim()) && Number(typed) > 0;
  return isFine ? undefined : 'Enter a whole number from 1 to 9,999,999.';
}
