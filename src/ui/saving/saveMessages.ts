import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { AtomicFile } from '../../broker/files/atomicFile.ts';
import { AtomicFolder } from '../../broker/files/atomicFolder.ts';
import type { Message } from '../../broker/message/message.ts';
import { AppError } from '../../common/errors.ts';
import { formatInteger } from '../../common/format.ts';
import { say } from '../commands/tailTarget.ts';
import type { Output } from '../output/output.ts';
import { plainLabel } from '../plainLabel.ts';
import { withProgressWhenSlow } from '../progress.ts';
import { chooseMessages, describeChosen, describeCount, type ChosenMessages } from './chosenMessages.ts';
import { fileNameOf, pickFolder, pickNewFile } from './places.ts';
import { problemsText, type Problem } from './problems.ts';

/** A form that messages are saved in. */
interface Form extends vscode.QuickPickItem {
  /** Undefined when the person thought better of it. */
  save(chosen: ChosenMessages): Promise<Saved | undefined>;
}

interface Saved {
  readonly path: string;
  readonly count: number;
}

const forms: readonly Form[] = [
  {
    label: '$(json) JSON Lines',
    description: 'a line each',
    detail: 'Everything of a message, to be published again as it was',
    save: saveLines,
  },
  {
    label: '$(files) Bodies Only',
    description: 'a file each',
    detail: 'The bytes of the bodies, named by number and content type',
    save: saveBodies,
  },
  {
    label: '$(table) CSV',
    description: 'a row each',
    detail: 'For people and spreadsheets; cannot be published again',
    save: saveTable,
  },
];

/**
 * Saves messages of a tail: `(tailId, numbers)`, all that is kept without numbers.
 * @throws AppError `fileUnwritable`; nothing is left of the file then
 */
export async function saveMessages(output: Output, args: readonly unknown[]): Promise<void> {
  const chosen = await chooseMessages(output, args);
  if (!chosen) return;
  const options = { title: `Save ${describeChosen(chosen)}`, placeHolder: 'In which form', matchOnDetail: true };
  const form = await vscode.window.showQuickPick(forms, options);
  const saved = await form?.save(chosen);
  if (!saved) return;
  const what = describeCount(saved.count, chosen.output);
  say(`$(check) Saved ${what} to ${plainLabel(basename(saved.path))}`);
}

async function saveLines(chosen: ChosenMessages): Promise<Saved | undefined> {
  const path = await pickNewFile(fileNameOf(chosen.output.subject), 'jsonl', 'JSON Lines');
  if (path === undefined) return undefined;
  const { saveMessage } = await import('../../broker/saved/saved.ts');
  const problems: Problem[] = [];
  const count = (): number => chosen.messages.length - problems.length;
  return writeFile(chosen, path, {
    count,
    toText: (message) => {
      const saved = saveMessage(message);
      if ('line' in saved) return `${saved.line}\n`;
      problems.push({ what: `#${message.number}`, why: saved.problem });
      return '';
    },
    mayKeep: () => agreesToTheOthers(chosen.messages.length, problems),
  });
}

async function saveTable(chosen: ChosenMessages): Promise<Saved | undefined> {
  const path = await pickNewFile(fileNameOf(chosen.output.subject), 'csv', 'CSV');
  if (path === undefined) return undefined;
  const { csvHeader, csvRow } = await import('../../broker/saved/saved.ts');
  const count = (): number => chosen.messages.length;
  return writeFile(chosen, path, { head: csvHeader, toText: csvRow, count, mayKeep: () => Promise.resolve(true) });
}

interface Writing {
  readonly head?: string;
  toText(this: void, message: Message): string;
  /** Of the messages that are written. */
  count(this: void): number;
  /** Asked when all is written. */
  mayKeep(this: void): Promise<boolean>;
}

async function writeFile(
  chosen: ChosenMessages,
  path: string,
  { head = '', toText, count, mayKeep }: Writing,
): Promise<Saved | undefined> {
  const file = await AtomicFile.create(path);
  try {
    await file.write(head);
    await eachWithProgress(chosen, (message) => file.write(toText(message)));
    if (!(await mayKeep())) {
      await file.discard();
      return undefined;
    }
    await file.commit();
    return { path, count: count() };
  } catch (error) {
    await file.discard();
    throw error;
  }
}

/** Into a new folder in the one that is chosen: nothing that is there is touched. */
async function saveBodies(chosen: ChosenMessages): Promise<Saved | undefined> {
  const parent = await pickFolder('Save Bodies Here');
  if (parent === undefined) return undefined;
  const { bodyFileName } = await import('../../broker/saved/saved.ts');
  const now = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  const folder = await AtomicFolder.create(join(parent, `${fileNameOf(chosen.output.subject)} ${now}`));
  try {
    await eachWithProgress(chosen, (message) => folder.write(bodyFileName(message), message.content));
    await folder.commit();
    return { path: folder.path, count: chosen.messages.length };
  } catch (error) {
    await folder.discard();
    throw error;
  }
}

/** @throws AppError `cancelled` */
async function eachWithProgress(chosen: ChosenMessages, run: (message: Message) => Promise<void>): Promise<void> {
  const { messages } = chosen;
  await withProgressWhenSlow(`Saving ${describeChosen(chosen)}`, async (signal, report) => {
    let done = 0;
    for (const message of messages) {
      if (signal.aborted) throw new AppError('cancelled', {});
      // In order, and no faster than the disk.
      // oxlint-disable-next-line no-await-in-loop
      await run(message);
      if (++done % 500 === 0) {
        report(`${formatInteger(done)} of ${formatInteger(messages.length)}`, (done / messages.length) * 100);
        // Writing to memory gives no turn to others, such as the button that cancels.
        // oxlint-disable-next-line no-await-in-loop
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  });
}

async function agreesToTheOthers(count: number, problems: readonly Problem[]): Promise<boolean> {
  if (problems.length === 0) return true;
  const others = count - problems.length;
  const title = `${formatInteger(problems.length)} of ${formatInteger(count)} cannot be saved exactly`;
  const button = `Save the Other ${formatInteger(others)}`;
  const buttons = others === 0 ? [] : [button];
  const detail = problemsText(problems);
  const chosen = await vscode.window.showWarningMessage(title, { modal: true, detail }, ...buttons);
  return chosen === button;
}
