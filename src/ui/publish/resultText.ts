import type { PublishOutcome } from '../../broker/publish/publisher.ts';
import { isDirectReply } from '../../broker/publish/directReply.ts';
import { formatInteger } from '../../common/format.ts';
import { errorText } from '../errorText.ts';
import type { BatchResult } from './batch.ts';
import { describePublishTarget, type PublishTarget } from './target.ts';

/** What became of a batch in a sentence or two. */
export function resultText({ batch, outcomes, error }: BatchResult): string {
  const { count, target } = batch;
  const [only] = outcomes;
  if (count === 1 && only) return outcomeText(only, target);
  const of = (kind: PublishOutcome['kind']): number => outcomes.filter((outcome) => outcome.kind === kind).length;
  const where = describePublishTarget(target);
  const parts = [`${formatInteger(of('routed'))} of ${formatInteger(count)} published to ${where}`];
  const say = (number: number, words: string): void => {
    if (number > 0) parts.push(`${formatInteger(number)} ${words}`);
  };
  say(of('unroutable'), 'returned: no queue would get them');
  say(of('refused'), 'refused by the broker');
  say(of('unknown'), 'unknown: not confirmed, may or may not be there');
  say(count - outcomes.length, 'not sent');
  const risk = of('unknown') > 0 ? 'Publishing again may make duplicates.' : '';
  const [failed] = outcomes.flatMap((outcome) => ('error' in outcome ? [outcome.error] : []));
  const first = error ?? failed;
  const why = first?.is('cancelled') === true ? undefined : first;
  return [`${parts.join('; ')}.`, why ? errorText(why) : '', risk].filter((text) => text !== '').join(' ');
}

/** One message's outcome as a sentence. */
export function outcomeText(outcome: PublishOutcome, target: PublishTarget): string {
  const { exchange, routingKey } = target;
  switch (outcome.kind) {
    case 'routed':
      return `Published to ${describePublishTarget(target)}: confirmed and routed.`;
    case 'unroutable':
      if (isDirectReply(target)) return 'Not published: whoever awaited this reply is not there any more.';
      return exchange === ''
        ? `Not published: queue ${routingKey} does not exist, or the node that hosts it is down, so the broker returned the message.`
        : `Not published: no queue is bound to exchange ${exchange} for routing key "${routingKey}", so the broker returned the message.`;
    case 'refused':
      return `Not published: ${errorText(outcome.error)}`;
    case 'unknown':
      return `Unknown whether it was published: no confirm came. ${errorText(outcome.error)} Publishing again may make a duplicate.`;
  }
}
