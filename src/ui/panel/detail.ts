import type { Message } from '../../broker/message/message.ts';
import { describeProperties } from '../../broker/message/properties.ts';
import { formatBytes, formatInteger } from '../../common/format.ts';
import { visibleName } from '../../common/visibleText.ts';
import type { MessageDetail } from '../../protocol/detail.ts';
import type { RowState } from '../../protocol/messages.ts';
import { replyAddress } from '../output/controls.ts';
import { deathsOf } from './deaths.ts';
import { headerTree } from './headerTree.ts';

/** Everything of a message but its body. */
export function detailOf(message: Message, state: RowState): MessageDetail {
  const { properties, content } = message;
  const { nodes, more } = headerTree(properties.headers);
  return {
    number: message.number,
    state,
    awaitsReply: replyAddress(message) !== undefined,
    facts: [
      { name: 'exchange', text: message.exchange === '' ? '(default)' : visibleName(message.exchange) },
      { name: 'routing key', text: visibleName(message.routingKey) },
      { name: 'received', text: new Date(message.receivedAt).toISOString() },
      { name: 'redelivered', text: message.redelivered ? 'yes' : 'no' },
      { name: 'size', text: `${formatInteger(content.length)} bytes` },
    ],
    properties: describeProperties(properties).map(({ name, text }) => ({ name, text: text.slice(0, 2_000) })),
    headers: nodes,
    moreHeaders: more,
    deaths: deathsOf(properties.headers?.['x-death']),
    size: formatBytes(content.length),
  };
}
