import type { TapEvent } from '../../broker/consume/tap/tapEvent.ts';
import type { NotCopied } from '../../broker/consume/tap/queuePlan.ts';
import { tapQueueLimits } from '../../broker/consume/tap/tapQueueArguments.ts';
import type { BindingInfo } from '../../broker/management/model.ts';
import { counted, formatInteger } from '../../common/format.ts';
import { visibleName } from '../../common/visibleText.ts';
import { errorText } from '../errorText.ts';

/** Why a binding has no copy, as the end of a sentence. */
export const notCopiedText: Readonly<Record<NotCopied, string>> = {
  splits: 'this exchange splits its messages among the queues that are bound to it, and a tap would take a share',
  typeUnknown: 'the type of this exchange is not known to Warren, and it may split its messages',
  arguments: 'the management API cannot show its arguments',
  forbidden: 'you have no read permission on this exchange',
};

/** A tap is made in several steps: what was published before the last is not in it. */
export const startedTapText = 'The tap is in place: what is published from now on comes here';

/** What becomes of messages while a tap is paused. */
export const pausedTapText = `the tap's queue keeps the newest ${formatInteger(tapQueueLimits.messages)} messages meanwhile, up to ${tapQueueLimits.bytes >> 20} MB`;

/** What to say of a tap to whoever reads along. */
export function tapEventText(event: TapEvent): string {
  switch (event.kind) {
    case 'bound':
      return `The queue was bound to ${bindingText(event.binding)}, and so is the tap`;
    case 'unbound': {
      const text = `The queue is no longer bound to ${bindingText(event.binding)}, nor is the tap`;
      if (!event.hasAlternate) return text;
      const seconds = Math.round(event.withinMs / 1000);
      return `${text}. For up to ${seconds} s what no other queue takes came to the tap alone, and not to the alternate exchange: publish it again where it is missing`;
    }
    case 'leftOut':
      return `Not tapped: ${bindingText(event.binding)}, for ${notCopiedText[event.why]}`;
    case 'boundAgain':
      return 'The exchange was declared anew; the tap is bound to it again. What was published meanwhile was missed';
    case 'missed':
      return event.why === 'queue'
        ? "The tap's queue was deleted, and is there again. What was published meanwhile was missed"
        : 'What was published meanwhile was missed';
    case 'notFollowing':
      return `Changes of bindings are not seen now: ${errorText(event.error)}`;
    case 'following':
      return 'Changes of bindings are seen again';
    case 'suspended':
      return `Not tapped for now: ${visibleName(event.exchange)}, whose bindings cannot be seen. The tap might keep messages from where they go without it`;
    case 'full':
      return "The tap's queue is full: its oldest messages are dropped, and missing here";
    case 'dropped':
      return `${counted(event.atLeast, 'message')} or more were dropped from the tap's queue, by the broker's statistics: they are missing here`;
    case 'firehose':
      return event.isOn
        ? 'The firehose is on again'
        : 'Somebody switched the firehose off: what it alone shows is missed from now on';
    case 'firehoseLeftOn':
      return `The firehose may still be on: ${errorText(event.error)} Warren tries again while this connection is open, and when it is opened`;
  }
}

/** `exchange > key`, with the arguments of a binding to a headers exchange. */
export function bindingText({ source, routingKey, arguments: args }: BindingInfo): string {
  const key = routingKey === '' ? '' : ` > ${visibleName(routingKey)}`;
  const conditions = conditionsText(args);
  return `${visibleName(source)}${key}${conditions === '' ? '' : ` (${conditions})`}`;
}

/** What a binding to a headers exchange asks for. */
export function conditionsText(args: BindingInfo['arguments']): string {
  return Object.entries(args)
    .map(([name, value]) => `${visibleName(name)}: ${argumentText(value)}`)
    .join(', ');
}

/** Numbers may come with their type. */
function argumentText(value: unknown): string {
  const isTyped = typeof value === 'object' && value !== null && '!' in value && 'value' in value;
  const plain = isTyped ? value.value : value;
  return visibleName(typeof plain === 'string' ? plain : JSON.stringify(plain));
}
