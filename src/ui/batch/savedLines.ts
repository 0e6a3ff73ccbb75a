import { isUtf8 } from 'node:buffer';
import { basename } from 'node:path';
import { readLines } from '../../broker/batch/items/lines.ts';
import { validateDraft, type Draft } from '../../broker/publish/draft.ts';
import { loadMessage, toPublish, type Publishable, type PublishingUser } from '../../broker/saved/saved.ts';
import { AppError } from '../../common/errors.ts';
import { PublishNotes } from '../saving/notes.ts';

/** The largest body that RabbitMQ can be set to take is 512 MB, which no line of base64 could be; in bytes. */
const longestLine = 400 * 1024 * 1024;
const linesAtOnce = 500;

/** The messages of a file that Warren saved, as a batch has them. */
export interface SavedLines {
  readonly path: string;
  /** Numbers of lines that are left out, for they could not be published when the batch began. */
  readonly without?: readonly number[];
}

/** What is to be known before the messages of a file are published. */
export interface SavedCheck {
  readonly notes: PublishNotes;
  /** The lines that cannot be published. */
  readonly without: readonly number[];
}

/**
 * Looks at all lines.
 * @throws AppError `savedLineInvalid` where no line can be published, `fileUnreadable`, `cancelled`
 */
export async function checkSaved(path: string, user: PublishingUser, signal: AbortSignal): Promise<SavedCheck> {
  const notes = new PublishNotes();
  const without: number[] = [];
  let lines = 0;
  for await (const { number, result } of savedLines(path, user)) {
    notes.add(`Line ${number}`, result);
    if ('problem' in result) without.push(number);
    if (++lines % linesAtOnce !== 0) continue;
    // The editor has other things to do.
    await new Promise(setImmediate);
    if (signal.aborted) throw new AppError('cancelled', {});
  }
  const [line] = without;
  const [first] = notes.problems;
  if (notes.count > 0 || !first || line === undefined) return { notes, without };
  throw new AppError('savedLineInvalid', { name: basename(path), line, reason: first.why });
}

/** As they were saved, to where they were published or all to one target. @throws AppError `savedLineInvalid`, `fileUnreadable` */
export async function* savedDrafts(
  { path, without = [] }: SavedLines,
  target: Pick<Draft, 'exchange' | 'routingKey'> | undefined,
  user: PublishingUser,
): AsyncGenerator<Draft> {
  const leftOut = new Set(without);
  for await (const { number, result } of savedLines(path, user)) {
    if (leftOut.has(number)) continue;
    if ('problem' in result) {
      throw new AppError('savedLineInvalid', { name: basename(path), line: number, reason: result.problem });
    }
    yield { ...result.draft, ...target };
  }
}

/** A line of a file that Warren saved. */
export interface SavedLine {
  /** 1 is the first. */
  readonly number: number;
  readonly result: Publishable | { readonly problem: string };
}

/** Each with what it says, or why it cannot be published. @throws AppError `fileUnreadable` */
export async function* savedLines(path: string, user: PublishingUser): AsyncGenerator<SavedLine> {
  for await (const { number, bytes } of readLines(path, longestLine)) yield { number, result: readLine(bytes, user) };
}

function readLine(bytes: Buffer, user: PublishingUser): SavedLine['result'] {
  if (!isUtf8(bytes)) return { problem: 'it is not UTF-8' };
  const loaded = loadMessage(bytes.toString('utf8'));
  if ('problem' in loaded) return loaded;
  try {
    validateDraft(loaded.draft);
  } catch (error) {
    if (!(error instanceof AppError) || !error.is('invalidInput')) throw error;
    return { problem: `its ${error.params.field} ${error.params.reason}` };
  }
  return toPublish(loaded.draft, user);
}
