import type { Options } from 'amqplib';

/** Bytes of every benchmark message: an order as a shop might send it, filled up to exactly this. */
export const messageBytes = 1024;

/** Properties that most publishers set. */
export const messageProperties = { contentType: 'application/json', type: 'order.created' } satisfies Options.Publish;

export const persistentProperties = { ...messageProperties, persistent: true };

/** One message's body; `last` marks the last of a flood, at the end of the body, where the Output panel shows it. */
function orderBody(number: number, last = ''): Buffer {
  const order = {
    id: number,
    placedAt: '2026-03-01T12:00:00.000Z',
    customer: { id: 70_000 + (number % 977), name: 'Ada Ampere', country: 'DE', email: 'ada@example.com' },
    items: [1, 2, 3, 4].map((line) => ({
      line,
      sku: `SKU-${(number * 7 + line) % 10_000}`,
      title: 'Grey rabbit, plush, 30 cm',
      quantity: line,
      price: 12.5 * line,
    })),
    total: 375,
    currency: 'EUR',
    filler: '',
    note: last,
  };
  const room = messageBytes - Buffer.byteLength(JSON.stringify(order));
  if (room < 0) throw new Error(`The order is ${-room} bytes too long.`);
  return Buffer.from(JSON.stringify({ ...order, filler: 'x'.repeat(room) }));
}

/** A body of another length, from 60 bytes on; it is full of its mark, for of a long one a view shows some part. */
export function bodyOf(bytes: number, number: number, last = ''): Buffer {
  if (bytes === messageBytes) return orderBody(number, last);
  const order = { id: number, filler: '', note: last };
  const room = bytes - Buffer.byteLength(JSON.stringify(order));
  if (room < 0) throw new Error(`The body is ${-room} bytes too long.`);
  const filler = (last === '' ? 'x' : `${last}-`).repeat(room).slice(0, room);
  return Buffer.from(JSON.stringify({ ...order, filler }));
}

/** Bodies to take in turn; making one for each message would cost the publisher more than publishing it. */
export function orderBodies(count = 64): Buffer[] {
  return Array.from({ length: count }, (_, i) => orderBody(i));
}
