import type { MessageState } from '../../broker/consume/ackState.ts';
import type { TailMode } from '../../broker/consume/tail.ts';
import type { TailStatus } from '../../broker/consume/tailStatus.ts';
import type { Message } from '../../broker/message/message.ts';
import { visibleName } from '../../common/visibleText.ts';
import type { CommandId } from '../commands/ids.ts';
import type { DeliveryLimit, RejectFate } from '../../broker/consume/queueTraits.ts';

/** A control on a message, or words about it where there is no command. */
export interface Control {
  readonly title: string;
  readonly tooltip: string;
  readonly command?: CommandId;
}

/** What a message's controls depend on. */
export interface ControlContext {
  readonly mode: TailMode;
  readonly state: MessageState | undefined;
  /** Undefined when it is no longer kept. */
  readonly message: Pick<Message, 'routingKey' | 'properties'> | undefined;
  readonly fate: RejectFate;
  readonly limit: DeliveryLimit;
  /** Its queue is a quorum queue. */
  readonly isQuorum: boolean;
  /** Its next return would lose it. */
  readonly isLastReturn: boolean;
  /** What became of those that are lost. */
  readonly loss: Loss;
  /** Whether the broker has said that it handled what was done with it. */
  readonly isConfirmed: boolean;
}

/**
 * What is known of messages whose channel ended before they were settled: they are back in the queue, or gone with it; or
 * the broker did not answer, and may hold them until the connection ends.
 */
export type Loss = 'requeued' | 'queueGone' | 'unconfirmed';

/** What is known of the lost messages of a tail that stands so. */
export function lossOf(status: TailStatus): Loss {
  if (status.kind !== 'ended') return 'requeued';
  if (status.isUnconfirmed) return 'unconfirmed';
  return status.error?.is('queueNotFound') === true ? 'queueGone' : 'requeued';
}

/** What can be done with a message, or what became of it, with the cost of each. */
export function controlsOf(context: ControlContext): Control[] {
  const { state, message } = context;
  const open: Control[] = message
    ? [...replyTo(message), { title: 'Open', tooltip: 'Opens the whole body in an editor', command: 'message.open' }]
    : [];
  if (state === 'held') return [...settlements(context), ...open];
  const outcome = outcomeOf(context);
  return outcome ? [outcome, ...open] : open;
}

/** Where a message says that a reply goes; undefined when it awaits none. */
export function replyAddress({ properties }: Pick<Message, 'properties'>): string | undefined {
  const { replyTo: address } = properties as { readonly replyTo?: unknown };
  return typeof address === 'string' && address !== '' ? address : undefined;
}

function replyTo(message: Pick<Message, 'properties'>): Control[] {
  const address = replyAddress(message);
  if (address === undefined) return [];
  return [{ title: 'Reply', tooltip: `Writes a message to ${visibleName(address)}`, command: 'message.reply' }];
}

function settlements({ fate, limit, isQuorum, isLastReturn, message }: ControlContext): Control[] {
  const routingKey = message?.routingKey;
  const copy: Control = {
    title: 'Copy elsewhere and ack…',
    tooltip: 'Publishes a copy to a queue of your choice, and acks this one when the broker has confirmed that',
    command: 'message.copyAndAck',
  };
  const requeue = isLastReturn
    ? {
        title: 'Requeue (lose it)',
        tooltip: 'It came back as often as the delivery limit allows: the queue drops or dead-letters it',
      }
    : { title: 'Requeue', tooltip: requeueCost(limit, isQuorum) };
  return [
    { title: 'Ack', tooltip: 'Takes it off the queue for good', command: 'message.ack' },
    ...(isLastReturn ? [copy] : []),
    { ...requeue, command: 'message.requeue' },
    { ...rejection(fate, routingKey), command: 'message.reject' },
    {
      title: 'Ack up to here',
      tooltip: 'Takes this and every older held one off the queue',
      command: 'message.ackUpTo',
    },
  ];
}

/** Without a delivery limit a quorum queue puts it at its end. Measured on 3.10 and 4.0. */
function requeueCost(limit: DeliveryLimit, isQuorum: boolean): string {
  switch (limit.kind) {
    case 'known':
      return `Goes back to the queue, marked redelivered; the queue drops or dead-letters a message that comes back more than ${limit.limit} times`;
    case 'firstReturnDrops':
      return 'This queue drops or dead-letters a message with its first return';
    case 'none':
      return isQuorum
        ? 'Goes to the end of the queue, marked redelivered'
        : 'Goes back to the queue, marked redelivered';
    case 'unknown':
      return isQuorum
        ? 'Goes back to the queue or to its end, marked redelivered; the queue may limit how often'
        : 'Goes back to the queue, marked redelivered';
  }
}

function rejection(fate: RejectFate, ownRoutingKey: string | undefined): { title: string; tooltip: string } {
  switch (fate.kind) {
    case 'dropped':
      return { title: 'Reject (drop)', tooltip: 'Drops it for good: the queue has no dead-letter exchange' };
    case 'unknown':
      return {
        title: 'Reject',
        tooltip: "Goes to the queue's dead-letter exchange; without one it is dropped for good",
      };
    case 'deadLettered': {
      const key = fate.routingKey ?? ownRoutingKey ?? '';
      if (fate.exchange !== '') {
        const exchange = visibleName(fate.exchange);
        return {
          title: `Reject to ${exchange}`,
          tooltip: `Goes to the dead-letter exchange ${exchange} with key ${visibleName(key)}`,
        };
      }
      const queue = visibleName(key);
      return { title: `Reject to ${queue}`, tooltip: `Goes to queue ${queue} through the default exchange` };
    }
  }
}

function outcomeOf({ state, mode, loss, isConfirmed }: ControlContext): Control | undefined {
  if (!isConfirmed && state !== undefined && state !== 'held' && state !== 'lost') {
    return { title: `${state}…`, tooltip: 'The broker has not confirmed it' };
  }
  switch (state) {
    case 'acked':
      return { title: '✓ acked', tooltip: 'Taken off the queue' };
    case 'requeued':
      return { title: '↩ requeued', tooltip: 'Back in the queue, marked redelivered' };
    case 'rejected':
      return { title: '✗ rejected', tooltip: 'Dead-lettered where the queue has a dead-letter exchange, else dropped' };
    case 'lost':
      return LOST[loss];
    case 'held':
      return undefined;
    case undefined:
      // Acknowledged messages are remembered up to a number; in drain no message has a state of its own.
      return mode === 'hold' ? { title: 'settled', tooltip: 'Too long ago to remember how' } : undefined;
  }
}

const LOST: Readonly<Record<Loss, Control>> = {
  requeued: { title: 'lost: the broker has requeued it', tooltip: 'Its channel ended before it was settled' },
  queueGone: { title: 'lost: gone with its queue', tooltip: 'The queue does not exist any more' },
  unconfirmed: {
    title: 'not settled: the broker did not answer',
    tooltip: 'It goes back to the queue when the connection ends at the latest',
  },
};
