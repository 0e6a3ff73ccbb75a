import type { FirehoseScope } from '../../broker/consume/tap/firehoseFeed.ts';
import type { QueuePlan } from '../../broker/consume/tap/queuePlan.ts';
import { counted } from '../../common/format.ts';
import { visibleName } from '../../common/visibleText.ts';
import { bindingText, notCopiedText } from '../output/tapNotices.ts';

/** A tap of a queue, as it is offered: short, for a quick pick cuts it at about 85 characters. */
export function tapDetail({ copied, leftOut }: QueuePlan): string {
  if (copied.length === 0) return 'Takes nothing; by the firehose, which copies all messages of the virtual host';
  const others =
    leftOut.length === 0 ? '' : `, or comes by ${counted(leftOut.length, 'binding')} that cannot be copied`;
  return `Takes nothing; misses what is sent straight to the queue${others}`;
}

/** How it reads and what it misses, as the first line of its output ends. */
export function tapCost({ copied, leftOut }: QueuePlan, firehose: FirehoseScope | undefined): string {
  const [first] = copied;
  const more = copied.length > 1 ? ` and ${counted(copied.length - 1, 'more binding')}` : '';
  const copies = first ? [`copies of what comes by ${bindingText(first)}${more}`] : [];
  const shown = [...copies, ...(firehose ? ['what the firehose tells was sent to it'] : [])].join(', and ');
  const missed = firehose ? missedWithFirehose(copied.length) : missedWithout(leftOut.length);
  return `tap, which takes nothing: ${shown}. Missed: ${missed}, and what was in the queue before`;
}

function missedWithout(leftOut: number): string {
  const others = leftOut === 0 ? '' : `, what comes by ${counted(leftOut, 'other binding')}`;
  return `what goes through the default exchange (sent straight to the queue, or dead-lettered to it)${others}`;
}

/** The broker publishes dead letters by itself: no client does, and so there is no trace of it. */
function missedWithFirehose(copied: number): string {
  return copied === 0 ? 'what is dead-lettered to it' : 'what is dead-lettered to it other than by these bindings';
}

/** Why a queue is not tapped at all that has bindings. */
export function tapRefusal({ copied, leftOut: [first] }: QueuePlan, queue: string): string | undefined {
  if (copied.length > 0 || !first) return undefined;
  return `${visibleName(queue)} has no binding that can be copied. Of ${bindingText(first.binding)}: ${notCopiedText[first.why]}.`;
}

/** What must be agreed to before a queue is tapped. */
export function tapWarnings(withAlternate: readonly string[], queue: string): string[] {
  return withAlternate.map(
    (exchange) =>
      `${visibleName(exchange)} has an alternate exchange, or may have one. If ${visibleName(queue)} loses its binding to ${visibleName(exchange)} while the tap runs, then for up to 2 seconds, until the tap has noticed, what nobody else takes comes to the tap alone and not to the alternate exchange.`,
  );
}

/** The question before the firehose is switched on. */
export function firehoseQuestion(vhost: string, connection: string): { message: string; detail: string } {
  const name = visibleName(vhost);
  return {
    message: `Switch on the firehose of virtual host ${name} on ${connection}?`,
    detail: `While the tap runs, RabbitMQ copies every message that is published in ${name}, for all queues, to amq.rabbitmq.trace. That slows the broker, the more so the more messages there are.\n\nThe description, tags and default queue type of ${name} stay as they are. Warren switches the firehose off when the last tap ends; if this window is cut off, when it is connected again.`,
  };
}
