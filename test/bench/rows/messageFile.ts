import { parseMessageFile } from '../../../src/broker/messageFile/parse.ts';
import type { BenchContext, Benchmark } from '../context.ts';
import { interleave, median } from '../measure.ts';
import { atMost, compared, type Row } from '../row.ts';

const characters = 10_000_000;

/** A message of 1 KB, as people write them. */
const order = {
  id: 1001,
  customer: { name: 'Ann Example', email: 'ann@example.com' },
  items: Array.from({ length: 9 }, (_, i) => ({ sku: `sku-${i}`, quantity: i + 1, price: 12.5 })),
  note: 'Leave it at the door. '.repeat(14),
};

/** Reading ten megabytes of messages, beside reading as much JSON. */
export const messageFile: Benchmark = {
  names: ['messageFile.parse.10m'],

  async run({ rounds, say }: BenchContext): Promise<Row[]> {
    say('messageFile: parsing');
    const [text, json] = [flat(messages()), flat(orders())];
    const times = await interleave(rounds, {
      file: async () => time(() => parseMessageFile(text).messages.length),
      json: async () => time(() => JSON.parse(json) as unknown),
    });
    const [value, reference] = [median(times.file), median(times.json)];
    const count = parseMessageFile(text).messages.length;
    return [
      compared({
        name: 'messageFile.parse.10m',
        value,
        unit: 'ms',
        reference,
        aim: atMost(6),
        rounds,
        note: `${count} messages of 1 KB with six lines of head; the reference is JSON.parse of an array of as many characters`,
      }),
    ];
  },
};

function messages(): string {
  const body = JSON.stringify(order, undefined, 2);
  let text = '';
  for (let i = 1; text.length < characters; i++) {
    text +=
      `### Order ${i}\norders.events > order.created\ncontent-type: application/json\ndelivery-mode: persistent\n` +
      `message-id: order-${i}\nx-tenant: acme\nx-number: int64 ${i}\n\n${body}\n\n`;
  }
  return text;
}

function orders(): string {
  const count = Math.ceil(characters / JSON.stringify(order).length);
  return JSON.stringify(Array.from({ length: count }, () => order));
}

/** In one piece, as it is when it is read from a file. */
function flat(text: string): string {
  return Buffer.from(text).toString();
}

async function time(run: () => unknown): Promise<number> {
  const started = performance.now();
  run();
  return performance.now() - started;
}
