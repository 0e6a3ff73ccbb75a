import { routeOf, type RoutedMessage } from '../../broker/routing/route.ts';
import type { QueueEntry } from '../../broker/queueList.ts';
import { visibleName } from '../../common/visibleText.ts';
import { describeQueue } from '../explorer/describe.ts';
import type { VhostTopology } from './liveTopology.ts';

/** What is live of the place that a message goes to. */
export interface TargetState {
  /** A line of words about it. */
  readonly words: string;
  /** Why the broker would return or refuse the message; a sentence. */
  readonly problem?: string;
  /** It is a queue that could be declared. */
  readonly isMissingQueue?: true;
}

/** What is known of a vhost. */
export interface VhostFacts {
  /** As the tree knows them. */
  readonly queues: readonly QueueEntry[];
  /** Undefined where the management API does not tell. */
  readonly live: VhostTopology | undefined;
}

/** The state of a message's target; undefined where nothing is known of it. */
export function targetState(message: RoutedMessage, facts: VhostFacts): TargetState | undefined {
  return message.exchange === '' ? queueState(message.routingKey, facts) : exchangeState(message, facts);
}

function queueState(name: string, { queues, live }: VhostFacts): TargetState | undefined {
  const entry = queues.find((each) => each.name === name);
  if (entry && !entry.missing) return { words: describeQueue(entry) || 'queue' };
  if (live?.topology.queues.has(name) === true) return { words: 'queue' };
  // Without the management API only the queues that someone has named are known.
  if (!live && entry?.missing !== true) return undefined;
  const problem = `There is no queue ${visibleName(name)}: the message would be returned.`;
  return { words: 'no such queue', problem, isMissingQueue: true };
}

function exchangeState(message: RoutedMessage, { live }: VhostFacts): TargetState | undefined {
  if (!live) return undefined;
  const exchange = live.exchanges.find(({ name }) => name === message.exchange);
  const shown = visibleName(message.exchange);
  const { queues, unsure, refusal } = routeOf(message, live.topology);
  if (!exchange || refusal === 'exchangeNotFound') {
    return { words: 'no such exchange', problem: `There is no exchange ${shown}: the message would be refused.` };
  }
  const words = `${exchange.type} exchange`;
  if (refusal === 'exchangeInternal') {
    return { words: `${words}, internal`, problem: `Exchange ${shown} is internal: nobody can publish to it.` };
  }
  if (queues.length > 0 || unsure.length > 0) return { words: `${words} → ${queuesText(queues, unsure.length > 0)}` };
  const key = message.routingKey === '' ? 'the empty routing key' : `routing key ${visibleName(message.routingKey)}`;
  return {
    words: `${words} → no queue`,
    problem: `No queue is bound to exchange ${shown} for ${key}: the message would be returned.`,
  };
}

const mostNamed = 5;

function queuesText(queues: readonly string[], isUnsure: boolean): string {
  const names = queues.slice(0, mostNamed).map(visibleName).join(', ');
  const more = queues.length > mostNamed ? ` and ${queues.length - mostNamed} more` : '';
  if (queues.length === 0) return 'queues that cannot be foretold';
  return `${names}${more}${isUnsure ? ', perhaps more' : ''}`;
}
