import type { Message } from '../message/message.ts';
import type { Draft } from '../publish/draft.ts';
import type { PublishOutcome } from '../publish/outcome.ts';
import type { Publisher } from '../publish/publisher.ts';
import type { Tail } from './tail.ts';

/** What became of one message that was to be copied and acked. */
export type CopyOutcome =
  /** The copy is confirmed in the other queue, and the message is acked. */
  | { readonly kind: 'moved' }
  /** The copy is there, but the message was not held any more when that was known: both may be there. */
  | { readonly kind: 'copied' }
  /** It was not held any more, and nothing was sent. */
  | { readonly kind: 'notHeld' }
  /** It cannot be published as it is; `reason` is a clause. It is still held. */
  | { readonly kind: 'notSent'; readonly reason: string }
  /** No copy is known to be there, so it is still held. */
  | { readonly kind: 'notConfirmed'; readonly outcome: Exclude<PublishOutcome, { kind: 'routed' }> };

export interface CopyOptions {
  readonly tail: Pick<Tail, 'buffer' | 'stateOf' | 'settle'>;
  readonly publisher: Pick<Publisher, 'publish'>;
  /** The queue that gets the copies, through the default exchange. */
  readonly queue: string;
  /** A message as it can be published again, or why it cannot be. */
  readonly toDraft: (message: Message) => { readonly draft: Draft } | { readonly problem: string };
  readonly signal?: AbortSignal;
}

/**
 * Copies held messages into another queue, one after the other, and acks each only when the broker has confirmed that its
 * copy is there. Stops at the first that could not be copied for a reason that is not its own.
 * @returns what became of each that was tried, by number
 * @throws AppError why nothing could be published; all that are not in what was told are still held
 */
export async function copyAndAck(
  numbers: Iterable<number>,
  options: CopyOptions,
  told: (number: number, outcome: CopyOutcome) => void,
): Promise<void> {
  for (const number of numbers) {
    const outcome = await copyOne(number, options);
    told(number, outcome);
    if (outcome.kind === 'notConfirmed') return;
  }
}

async function copyOne(number: number, options: CopyOptions): Promise<CopyOutcome> {
  const { tail, publisher, queue, toDraft, signal } = options;
  const message = tail.buffer.get(number);
  if (!message || tail.stateOf(number) !== 'held') return { kind: 'notHeld' };
  const made = toDraft(message);
  if ('problem' in made) return { kind: 'notSent', reason: made.problem };
  const outcome = await publisher.publish({ ...made.draft, exchange: '', routingKey: queue }, signal);
  if (outcome.kind !== 'routed') return { kind: 'notConfirmed', outcome };
  return { kind: tail.settle([number], 'acked') === 1 ? 'moved' : 'copied' };
}
