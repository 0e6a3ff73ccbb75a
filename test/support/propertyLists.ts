import type { Random } from './random.ts';

/** A value of each type of a field table that RabbitMQ takes: tag and bytes. NaN and the infinite it does not take. */
const scalars: readonly ((random: Random) => Buffer)[] = [
  ...Object.entries({ t: 1, b: 1, B: 1, s: 2, u: 2, I: 4, i: 4, l: 8, L: 8, D: 5, T: 8, V: 0 }).map(
    ([tag, length]) =>
      (random: Random) =>
        Buffer.concat([Buffer.from(tag), bytes(random, length)]),
  ),
  (random) => sized('S', Buffer.from(text(random))),
  (random) => sized('S', bytes(random, random.whole(0, 20))),
  (random) => sized('x', bytes(random, random.whole(0, 20))),
  (random) => floating('d', 8, random.whole(-1e6, 1e6) / (random.chance(0.5) ? 1 : 7)),
  (random) => floating('f', 4, random.whole(-1e6, 1e6) / (random.chance(0.5) ? 1 : 7)),
  // A small integer in each of the wider types: what amqplib would guess otherwise.
  ...Object.entries({ s: 2, I: 4, l: 8 }).map(([tag, length]) => (random: Random) => {
    const value = Buffer.alloc(length);
    value.writeIntBE(random.whole(-128, 127), Math.max(0, length - 6), Math.min(6, length));
    if (length === 8) value.fill((value[2] ?? 0) & 0x80 ? 0xff : 0, 0, 2);
    return Buffer.concat([Buffer.from(tag), value]);
  }),
];

/** The short strings of a property list that may hold anything, in order; by bit of the flags. */
const strings = { contentType: 15, contentEncoding: 14, correlationId: 10, replyTo: 9, messageId: 7, type: 5 } as const;

/**
 * The bytes of a property list as in a content header frame, flags first: each property there or not, headers of every type.
 * @param user who publishes, for `user-id`
 */
export function propertyList(random: Random, user: string): Buffer {
  const parts: Buffer[] = [];
  let flags = 0;
  const maybe = (bit: number, make: () => Buffer): void => {
    if (random.chance(0.5)) return;
    flags |= 1 << bit;
    parts.push(make());
  };
  const string = (): Buffer => short(Buffer.from(text(random)));
  maybe(strings.contentType, string);
  maybe(strings.contentEncoding, string);
  maybe(13, () => withLength(table(random, 3)));
  // RabbitMQ 3 takes no other.
  maybe(12, () => Buffer.of(random.whole(1, 2)));
  maybe(11, () => bytes(random, 1));
  maybe(strings.correlationId, string);
  maybe(strings.replyTo, string);
  maybe(8, () => short(Buffer.from(String(random.whole(600_000, 4_000_000)))));
  maybe(strings.messageId, string);
  maybe(6, () => Buffer.concat([Buffer.of(0, random.whole(0, 31)), bytes(random, 6)]));
  maybe(strings.type, string);
  maybe(4, () => short(Buffer.from(user)));
  maybe(3, string);
  maybe(2, string);
  return Buffer.concat([Buffer.of(flags >> 8, flags & 0xff), ...parts]);
}

function table(random: Random, depth: number): Buffer {
  const names = Array.from({ length: random.whole(0, 6) }, () => name(random));
  return Buffer.concat(names.flatMap((each) => [short(each), field(random, depth)]));
}

function name(random: Random): Buffer {
  const odd = ['__proto__', '!', '1', '0', 'constructor', 'x-death-like', '', 'é'];
  return random.chance(0.2)
    ? Buffer.from(odd[random.whole(0, odd.length - 1)] ?? '')
    : bytes(random, random.whole(1, 12));
}

function field(random: Random, depth: number): Buffer {
  if (depth > 0 && random.chance(0.1)) return sized('F', table(random, depth - 1));
  if (depth > 0 && random.chance(0.1)) {
    return sized('A', Buffer.concat(Array.from({ length: random.whole(0, 4) }, () => field(random, depth - 1))));
  }
  return scalars[random.whole(0, scalars.length - 1)]?.(random) ?? Buffer.from('V');
}

function text(random: Random): string {
  const characters = Array.from('abcXYZ019 ="\\,;\n€é\u{1F600}\0');
  return Array.from({ length: random.whole(0, 20) }, () => characters[random.whole(0, characters.length - 1)]).join('');
}

function bytes(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.whole(0, 255)));
}

function floating(tag: string, length: 4 | 8, value: number): Buffer {
  const raw = Buffer.alloc(length);
  if (length === 8) raw.writeDoubleBE(value);
  else raw.writeFloatBE(value);
  return Buffer.concat([Buffer.from(tag), raw]);
}

function short(value: Buffer): Buffer {
  return Buffer.concat([Buffer.of(value.length), value]);
}

function sized(tag: string, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from(tag), withLength(value)]);
}

function withLength(value: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(value.length);
  return Buffer.concat([length, value]);
}
