import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { FileTail, FileTailEnd } from '../../broker/saved/fileTail.ts';
import type { Session } from '../../broker/session.ts';
import type { AppError } from '../../common/errors.ts';
import { counted, formatBytes, formatCount, formatInteger } from '../../common/format.ts';
import { fullId } from '../commands/ids.ts';
import { say } from '../commands/tailTarget.ts';
import { setContextKey } from '../contextKeys.ts';
import { errorText } from '../errorText.ts';
import { Rate } from '../output/rate.ts';
import { sourceName } from '../output/sourceName.ts';
import { plainLabel } from '../plainLabel.ts';
import type { ErrorPresenter } from '../presentError.ts';

const updateMs = 1_000;

interface Running {
  readonly session: Session;
  readonly fileTail: FileTail;
  readonly item: vscode.StatusBarItem;
  readonly rate: Rate;
  readonly id: number;
}

/** The tails that write to files, each with an item in the status bar that says how far it is, and stops it. */
export class FileTails {
  readonly #errors: ErrorPresenter;
  readonly #running = new Map<number, Running>();
  #count = 0;

  constructor(errors: ErrorPresenter) {
    this.#errors = errors;
  }

  /** Shows a tail that has started, and tells how it ended. */
  add(session: Session, fileTail: FileTail): void {
    const id = ++this.#count;
    const item = vscode.window.createStatusBarItem(`warren.fileTail.${id}`, vscode.StatusBarAlignment.Left);
    item.name = 'RabbitMQ Tail to File';
    item.command = { command: fullId('tailToFile.stop'), title: 'Stop Tail to File', arguments: [id] };
    const running = { session, fileTail, item, rate: new Rate(), id };
    this.#running.set(id, running);
    setContextKey('warren.hasFileTails', true);
    draw(running);
    item.show();
    const timer = setInterval(() => draw(running), updateMs);
    void this.#watch(running).finally(() => clearInterval(timer));
  }

  /** Stops the one with this id, the only one, or the one that is chosen. */
  async stop(id: unknown): Promise<void> {
    const running = typeof id === 'number' ? this.#running.get(id) : await this.#pick();
    await running?.fileTail.stop();
  }

  async #pick(): Promise<Running | undefined> {
    const all = [...this.#running.values()];
    if (all.length === 0) say('No tail writes to a file');
    if (all.length <= 1) return all[0];
    const items = all.map((running) => ({
      label: plainLabel(nameOf(running)),
      description: running.fileTail.file.path,
      running,
    }));
    return (await vscode.window.showQuickPick(items, { title: 'Stop Tail to File' }))?.running;
  }

  async #watch(running: Running): Promise<void> {
    this.#ended(running, await running.fileTail.ended);
  }

  #ended(running: Running, { error }: FileTailEnd): void {
    running.item.dispose();
    this.#running.delete(running.id);
    setContextKey('warren.hasFileTails', this.#running.size > 0);
    const { session, fileTail } = running;
    const text = `${session.profile.name}: ${endText(nameOf(running), fileTail, error)}`;
    const open = { title: 'Open File', run: () => vscode.window.showTextDocument(vscode.Uri.file(fileTail.file.path)) };
    const show = error ? vscode.window.showErrorMessage : vscode.window.showInformationMessage;
    this.#errors.offer(show, text, fileTail.written > 0 ? [open] : []);
  }
}

function nameOf({ fileTail }: Running): string {
  return sourceName(fileTail.tail.source);
}

function draw(running: Running): void {
  const { fileTail, item, rate, session } = running;
  const { file, written, tail } = fileTail;
  const perSecond = rate.update(written, Date.now());
  const name = plainLabel(nameOf(running));
  const isInterrupted = tail.status.kind === 'interrupted';
  const facts = `${formatCount(written)} · ${formatBytes(file.bytes)}`;
  item.text = `$(save-all) ${name}: ${facts} · ${isInterrupted ? 'interrupted' : `${formatCount(perSecond)}/s`}`;
  item.backgroundColor = isInterrupted ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
  const lines = [`${nameOf(running)} on ${session.profile.name} is written to ${file.path}. Click to stop.`];
  item.tooltip = [...lines, ...remarks(fileTail)].join('\n');
  const state = isInterrupted ? 'interrupted' : `${perSecond} per second`;
  const label = `RabbitMQ: ${nameOf(running)} to file, ${written} messages, ${formatBytes(file.bytes)}, ${state}. Stop`;
  item.accessibilityInformation = { label, role: 'button' };
}

/** What became of a tail to a file, in sentences. */
function endText(name: string, fileTail: FileTail, error: AppError | undefined): string {
  const { written, file } = fileTail;
  const [first = ''] = file.paths;
  const files = file.paths.length === 1 ? basename(first) : `${file.paths.length} files from ${basename(first)} on`;
  const what = `${counted(written, 'message')} of ${name} written to ${files}.`;
  const why = error ? [`It stopped: ${errorText(error)}`, 'What was not written went back.'] : [];
  return [what, ...why, ...remarks(fileTail)].join(' ');
}

function remarks({ missed, left, whyLeft, mayRepeat }: FileTail): string[] {
  const all: string[] = [];
  if (mayRepeat) all.push('The connection was lost meanwhile: some messages may be there twice.');
  if (missed > 0) all.push(`${formatInteger(missed)} came too fast to be written.`);
  if (left > 0) all.push(`${formatInteger(left)} cannot be written as they came, and are not: ${whyLeft}.`);
  return all;
}
