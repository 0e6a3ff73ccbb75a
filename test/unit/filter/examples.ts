import type { FilterContext } from '../../../src/broker/filter/filter.ts';
import type { Message } from '../../../src/broker/message/message.ts';
import { messageOf, withBody, withHeaders, withProperties } from './messages.ts';

/** A filter as docs/filter.md shows it, and a message that it finds and one that it does not. */
interface Example {
  readonly filter: string;
  readonly finds: string;
  readonly yes: Message;
  readonly no: Message;
  readonly context?: FilterContext;
}

const order = (total: unknown, rest: object = {}): Message => withBody(JSON.stringify({ order: { total, ...rest } }));
const items = (...quantities: number[]): Message =>
  withBody(JSON.stringify({ items: quantities.map((qty) => ({ qty })) }));

/** The sections of docs/filter.md. */
export const examples: Readonly<Record<string, readonly Example[]>> = {
  'Text anywhere': [
    {
      filter: 'acme',
      finds: 'in the routing key, exchange, properties, names and values of headers, or body, in whatever case',
      yes: withBody('sold to ACME'),
      no: withBody('sold to others'),
    },
    {
      filter: '"not found"',
      finds: 'a text with spaces; \\" is a quote in it',
      yes: withBody('Not found: 7'),
      no: withBody('not there, found'),
    },
    {
      filter: String.raw`/ord(er)?-\d+/i`,
      finds: 'a regular expression of JavaScript, with i, m, s, u',
      yes: withBody('ORD-7'),
      no: withBody('ord-x'),
    },
  ],
  'Several at once': [
    {
      filter: 'acme error',
      finds: 'both, wherever they are',
      yes: messageOf({ routingKey: 'error', body: 'acme' }),
      no: withBody('acme'),
    },
    {
      filter: 'created OR updated',
      finds: 'one or the other; | is short for OR',
      yes: withBody('updated'),
      no: withBody('deleted'),
    },
    {
      filter: '-heartbeat',
      finds: 'messages without it; so does !heartbeat',
      yes: withBody('tick'),
      no: withBody('heartbeat'),
    },
    {
      filter: '(created | updated) acme',
      finds: 'what parentheses say; without them OR parts last',
      yes: withBody('acme created'),
      no: withBody('created'),
    },
  ],
  'Where it came from': [
    {
      filter: 'key=order.created',
      finds: 'the routing key, whole and in this case; routing-key is the same',
      yes: messageOf({ routingKey: 'order.created' }),
      no: messageOf({ routingKey: 'order.created.eu' }),
    },
    {
      filter: 'exchange~orders',
      finds: 'an exchange with this in its name',
      yes: messageOf({ exchange: 'eu.Orders' }),
      no: messageOf({ exchange: 'eu' }),
    },
    {
      filter: 'number>100',
      finds: 'messages after #100',
      yes: messageOf({ number: 101 }),
      no: messageOf({ number: 100 }),
    },
    {
      filter: 'size>10kB',
      finds: 'larger bodies, in bytes, kB, MB, KiB or MiB',
      yes: withBody('x'.repeat(10_001)),
      no: withBody('x'.repeat(10_000)),
    },
    {
      filter: 'redelivered',
      finds: 'messages that were delivered before',
      yes: messageOf({ redelivered: true }),
      no: messageOf({ body: 'redelivered' }),
    },
    {
      filter: 'state=held',
      finds: 'by what became of a message: held, acked, requeued, rejected, lost',
      yes: messageOf(),
      no: messageOf({ number: 2 }),
      context: { stateOf: (number) => (number === 1 ? 'held' : 'acked') },
    },
  ],
  'Properties and headers': [
    {
      filter: 'type=order',
      finds: "a property by AMQP's name for it, such as message-id, correlation-id, app-id",
      yes: withProperties({ type: 'order' }),
      no: withProperties({ type: 'Order' }),
    },
    {
      filter: 'content-type!=application/json',
      finds: 'other types, and messages that have none',
      yes: messageOf(),
      no: withProperties({ contentType: 'application/json' }),
    },
    { filter: 'priority>=5', finds: 'by number: > >= < <=', yes: withProperties({ priority: 5 }), no: messageOf() },
    {
      filter: 'timestamp<2026-01-31',
      finds: 'by date or time in ISO 8601; without a time zone, a time is a local one',
      yes: withProperties({ timestamp: 1_700_000_000 }),
      no: withProperties({ timestamp: 1_900_000_000 }),
    },
    {
      filter: 'header.tenant',
      finds: 'messages with this header',
      yes: withHeaders({ tenant: null }),
      no: withHeaders({ Tenant: 1 }),
    },
    {
      filter: 'header.retries>3',
      finds: 'by the value of a header',
      yes: withHeaders({ retries: 4 }),
      no: withHeaders({ retries: 3 }),
    },
    {
      filter: 'header.x-death[0].queue=work',
      finds: 'by a value within a header',
      yes: withHeaders({ 'x-death': [{ queue: 'work' }] }),
      no: withHeaders({ 'x-death': [] }),
    },
    {
      filter: 'header["a b"]~/^x/',
      finds: 'a header with an odd name, by a regular expression',
      yes: withHeaders({ 'a b': 'xy' }),
      no: withHeaders({ 'a b': 'yx' }),
    },
  ],
  'In the body': [
    {
      filter: 'body~acme',
      finds: 'a text in the body alone; !~ finds where it is not',
      yes: withBody('Acme'),
      no: messageOf({ routingKey: 'acme' }),
    },
    { filter: '$.order.total>10', finds: 'by a value in a JSON body', yes: order(10.5), no: order(10) },
    {
      filter: '$.order.note',
      finds: 'messages that have this, even if it is null',
      yes: order(1, { note: null }),
      no: order(1),
    },
    {
      filter: '$["order"]["total"]=null',
      finds: 'the same with names in quotes; numbers, true, false and null as in JSON',
      yes: order(null),
      no: order(0),
    },
    {
      filter: '$.items[*].qty>5',
      finds: 'where one of a list does; [0] is its first, [-1] its last',
      yes: items(1, 6),
      no: items(1, 2),
    },
    { filter: '$..qty=0', finds: 'where one at any depth does', yes: items(3, 0), no: items(3) },
    { filter: '$.order.total!=10', finds: 'where no such value is 10', yes: order(11), no: order(10) },
    {
      filter: '$.order.name~"a b"',
      finds: 'where a value contains this',
      yes: order(1, { name: 'A B c' }),
      no: order(1, { name: 'ab' }),
    },
  ],
};
