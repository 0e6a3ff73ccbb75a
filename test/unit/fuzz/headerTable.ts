import * as fc from 'fast-check';

/** A value as it stands in a field table: type tag and bytes. @see https://www.rabbitmq.com/amqp-0-9-1-errata */
const field: fc.Memo<Buffer> = fc.memo((depth) => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }).map((each) => Buffer.from(each)),
    fc.uint8Array({ maxLength: 40 }).map((each) => Buffer.from(each)),
    fc.constant(Buffer.alloc(100_000, 'x')),
  );
  const scalars = [
    ...Object.entries({ t: 1, b: 1, B: 1, s: 2, u: 2, I: 4, i: 4, l: 8, L: 8, f: 4, d: 8, D: 5, T: 8, V: 0 }).map(
      ([tag, length]) => tagged(tag, octets(length)),
    ),
    tagged('S', text.map(sized)),
    tagged('x', text.map(sized)),
  ];
  if (depth <= 1) return fc.oneof(...scalars);
  const inner = field(depth - 1);
  return fc.oneof(
    { weight: 4, arbitrary: fc.oneof(...scalars) },
    {
      weight: 1,
      arbitrary: tagged(
        'A',
        fc.array(inner, { maxLength: 5 }).map((all) => sized(Buffer.concat(all))),
      ),
    },
    { weight: 1, arbitrary: tagged('F', tableOf(inner).map(sized)) },
  );
});

function octets(length: number): fc.Arbitrary<Buffer> {
  return fc.uint8Array({ minLength: length, maxLength: length }).map((each) => Buffer.from(each));
}

function tagged(tag: string, value: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> {
  return value.map((each) => Buffer.concat([Buffer.from(tag), each]));
}

const headerName = fc.oneof(
  fc.constantFrom('x-death', 'x-delivery-count', 'CC', '__proto__', 'constructor', 'toString', '!', 'value', ''),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constant('n'.repeat(255)),
);

function tableOf(value: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> {
  return fc
    .array(fc.tuple(headerName, value), { maxLength: 8 })
    .map((entries) => Buffer.concat(entries.flatMap(([name, each]) => [shortString(name), each])));
}

function shortString(text: string): Buffer {
  const bytes = Buffer.from(text).subarray(0, 255);
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
}

function sized(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** Tables within tables, as deep as a frame of 128 kB allows; lists within lists too. */
const deep = fc.constantFrom(nested('F', 10_000), nested('A', 20_000), nested('F', 300));

function nested(tag: 'A' | 'F', depth: number): Buffer {
  const name = tag === 'F' ? shortString('a') : Buffer.alloc(0);
  // Each level: (name,) tag, length of what is in it.
  const level = name.length + 5;
  const bytes = Buffer.alloc(depth * level + name.length + 1, 'V');
  for (let i = 0; i < depth; i++) {
    name.copy(bytes, i * level);
    bytes.write(tag, i * level + name.length);
    bytes.writeUInt32BE(bytes.length - (i + 1) * level, i * level + name.length + 1);
  }
  name.copy(bytes, depth * level);
  return tag === 'F' ? bytes : Buffer.concat([shortString('list'), bytes]);
}

/** The bytes of a header table, without their length: well-formed, deeper than can be read, and none at all. */
export const headerTable = fc.oneof(
  { weight: 12, arbitrary: tableOf(field(4)) },
  { weight: 1, arbitrary: deep },
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 60 }).map((each) => Buffer.from(each)) },
);
