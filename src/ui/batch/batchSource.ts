import { randomUUID } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { BatchSource } from '../../broker/batch/batchRun.ts';
import { csvItems } from '../../broker/batch/items/csv.ts';
import { filesIn, folderItems } from '../../broker/batch/items/folder.ts';
import type { ReadItems } from '../../broker/batch/items/item.ts';
import { lineItems, readLines } from '../../broker/batch/items/lines.ts';
import { repeated } from '../../broker/batch/items/repeat.ts';
import { templated, type BatchTemplate } from '../../broker/batch/templated.ts';
import type { MessageFile, MessageNode } from '../../broker/messageFile/model.ts';
import { parseMessageFile } from '../../broker/messageFile/parse.ts';
import { validateDraft, type Draft, type DraftProperties } from '../../broker/publish/draft.ts';
import { loadMessage, type PublishingUser } from '../../broker/saved/saved.ts';
import { AppError, toError } from '../../common/errors.ts';
import { contentTypeOfFile } from '../publish/contentType.ts';
import type { BatchOrigin, BatchPlan, TemplateChoice } from './batchPlan.ts';
import { savedDrafts } from './savedLines.ts';

const piecesAtOnce = 500;

/** What a batch needs to know beside its plan. */
export interface BatchContext {
  /** The properties of a message that says none itself. */
  readonly propertiesFor: (contentType: string) => DraftProperties;
  readonly user: PublishingUser;
  /** Variables for templates. */
  readonly environment: ReadonlyMap<string, string>;
  /** What was answered to the prompts of the template. */
  readonly answers: ReadonlyMap<string, string>;
  /** Else a template gets no variables of the process and no files: it could send them to whom it names. */
  readonly isTrusted: boolean;
}

/**
 * The messages of a batch as it is planned.
 * @throws AppError `fileUnreadable`, or `invalidInput` where a file is not what it was when the batch began
 */
export async function openBatch(plan: Omit<BatchPlan, 'count'>, context: BatchContext): Promise<BatchSource> {
  const { from, to, template } = plan;
  if ('path' in from) await mustBe(from.path, from.stamp);
  if (template) await mustBe(template.path, template.stamp);
  if (from.kind === 'saved') return { drafts: () => savedDrafts(from, to, context.user) };
  const read = itemsOf(from);
  if (template) {
    const filled = await openTemplate(template, context);
    return { drafts: () => templated(read, filled) };
  }
  if (!to) throw new AppError('invalidInput', { field: 'batch', reason: 'says nowhere to publish to' });
  return { drafts: () => plainDrafts(read, to, context.propertiesFor) };
}

/**
 * How many messages there are, each looked at: what cannot be published is told before anything is.
 * @throws AppError as reading does, `invalidInput` for a message that the protocol cannot carry, `cancelled`
 */
export async function checkAll(source: BatchSource, signal: AbortSignal): Promise<number> {
  let count = 0;
  for await (const draft of source.drafts()) {
    validateDraft(draft);
    if (++count % piecesAtOnce !== 0) continue;
    // The editor has other things to do.
    await new Promise(setImmediate);
    if (signal.aborted) throw new AppError('cancelled', {});
  }
  return count;
}

/** Whether the first line of a file is a message that Warren has saved. @throws AppError `fileUnreadable` */
export async function isSaved(path: string): Promise<boolean> {
  for await (const { bytes } of readLines(path)) return 'draft' in loadMessage(bytes.toString('utf8'));
  return false;
}

/** Changes when the file does, or a file of the folder. @throws AppError `fileUnreadable` */
export async function stampOf(path: string): Promise<string> {
  const state = await attempt(path, () => stat(path));
  if (!state.isDirectory()) return `${state.size} ${state.mtimeMs}`;
  const names = await filesIn(path);
  const states = await Promise.all(names.map((name) => attempt(path, () => stat(resolve(path, name)))));
  const size = states.reduce((sum, each) => sum + each.size, 0);
  return `${names.length} ${size} ${Math.max(0, ...states.map(({ mtimeMs }) => mtimeMs))}`;
}

/** A message of a message file. @throws AppError `fileUnreadable`, `invalidInput` where there is none */
export async function readTemplate(
  path: string,
  index: number,
): Promise<{ readonly file: MessageFile; readonly message: MessageNode }> {
  const file = parseMessageFile((await attempt(path, () => readFile(path))).toString('utf8'));
  const message = file.messages[index];
  if (!message) throw new AppError('invalidInput', { field: basename(path), reason: `has no message ${index + 1}` });
  return { file, message };
}

async function openTemplate({ path, index }: TemplateChoice, context: BatchContext): Promise<BatchTemplate> {
  const { environment, answers, isTrusted } = context;
  const sources = {
    environment,
    answers,
    clock: { now: () => Date.now() },
    random: Math.random,
    uuid: randomUUID,
    env: (name: string) => (isTrusted ? process.env[name] : undefined),
  };
  const readBody = (body: string): Promise<Buffer> => {
    if (!isTrusted) return Promise.reject(untrusted(path));
    const file = resolve(dirname(path), body);
    return attempt(file, () => readFile(file));
  };
  return { ...(await readTemplate(path, index)), sources, readBody };
}

function itemsOf(from: Exclude<BatchOrigin, { kind: 'saved' }>): ReadItems {
  switch (from.kind) {
    case 'lines':
      return lineItems(from.path);
    case 'csv':
      return csvItems(from.path);
    case 'folder':
      return folderItems(from.path, contentTypeOfFile);
    case 'texts':
      return textItems(from.texts, from.contentType);
    case 'repeat': {
      const { content, contentType, times } = from;
      return repeated({ content: Buffer.from(content, 'base64'), contentType }, times);
    }
  }
}

function textItems(texts: readonly string[], contentType: string): ReadItems {
  return async function* () {
    for (const [i, text] of texts.entries()) {
      yield { place: `selection ${i + 1}`, content: Buffer.from(text), contentType, values: {} };
    }
  };
}

async function* plainDrafts(
  read: ReadItems,
  target: Pick<Draft, 'exchange' | 'routingKey'>,
  propertiesFor: BatchContext['propertiesFor'],
): AsyncGenerator<Draft> {
  for await (const { content, contentType } of read()) {
    yield { ...target, content, properties: propertiesFor(contentType) };
  }
}

function untrusted(path: string): AppError {
  const reason = 'takes a body from a file, which a message file may not in an untrusted workspace';
  return new AppError('invalidInput', { field: basename(path), reason });
}

async function mustBe(path: string, stamp: string): Promise<void> {
  if ((await stampOf(path)) === stamp) return;
  const reason = 'has changed since the batch began, so which of its messages were published is not known';
  throw new AppError('invalidInput', { field: basename(path), reason });
}

async function attempt<T>(path: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('fileUnreadable', { name: basename(path), reason: toError(error).message }, { cause: error });
  }
}
