import type { MessageFile, MessageNode } from '../../broker/messageFile/model.ts';
import type { PublishOutcome } from '../../broker/publish/outcome.ts';
import type { AppError } from '../../common/errors.ts';
import { Emitter } from '../../common/event.ts';
import { errorText } from '../errorText.ts';
import { resultText } from '../publish/resultText.ts';
import type { PublishTarget } from '../publish/target.ts';

/** What became of a message of a file. */
export interface MessageResult {
  readonly outcome: PublishOutcome;
  readonly target: PublishTarget;
  /** The connection's name. */
  readonly connection: string;
  readonly at: Date;
}

/** Files with results; the oldest are forgotten. */
const mostFiles = 100;

/** The last result of each message, as long as its text stays what was published. */
export class MessageResults {
  readonly #byFile = new Map<string, Map<string, MessageResult>>();
  readonly #changed = new Emitter<string>();
  /** The URI of the file. */
  readonly onDidChange = this.#changed.event;

  set(uri: string, key: string, result: MessageResult): void {
    const results = this.#byFile.get(uri) ?? new Map<string, MessageResult>();
    results.set(key, result);
    this.#byFile.delete(uri);
    this.#byFile.set(uri, results);
    const [oldest] = this.#byFile.keys();
    if (this.#byFile.size > mostFiles && oldest !== undefined) this.#byFile.delete(oldest);
    this.#changed.fire(uri);
  }

  get(uri: string, key: string): MessageResult | undefined {
    return this.#byFile.get(uri)?.get(key);
  }

  forget(uri: string): void {
    this.#byFile.delete(uri);
  }
}

/** A message's text and which of those with this text it is: what moves within a file keeps its result. */
export function keysOf(text: string, { messages }: MessageFile): Map<MessageNode, string> {
  const seen = new Map<string, number>();
  return new Map(
    messages.map((message) => {
      const own = text.slice(message.head.start, message.range.end);
      const count = seen.get(own) ?? 0;
      seen.set(own, count + 1);
      return [message, `${count} ${own}`];
    }),
  );
}

/** A result in a few words, and all there is to say of it. */
export function resultWords({ outcome, target, connection, at }: MessageResult): { title: string; tooltip: string } {
  const batch = { count: 1, label: 'the message', target, drafts: none };
  const tooltip = `${connection}: ${resultText({ batch, outcomes: [outcome], error: undefined })}`;
  return { title: `${shortWords(outcome, target)} · ${at.toLocaleTimeString()}`, tooltip };
}

async function* none(): AsyncGenerator<never> {}

function shortWords(outcome: PublishOutcome, target: PublishTarget): string {
  switch (outcome.kind) {
    case 'routed':
      return '✓ confirmed, routed';
    case 'unroutable':
      return target.exchange === '' ? '⚠ unroutable: no such queue' : '⚠ unroutable: no queue is bound for it';
    case 'refused':
      return `✗ refused: ${firstSentence(outcome.error)}`;
    case 'unknown':
      return '? unknown: no confirm came';
  }
}

const longestReason = 100;

function firstSentence(error: AppError): string {
  const [sentence = ''] = errorText(error).split(/(?<=\.)\s/);
  return sentence.length > longestReason ? `${sentence.slice(0, longestReason)}…` : sentence.replace(/\.$/, '');
}
