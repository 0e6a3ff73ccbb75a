import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from '../../scripts/lib/run.mjs';
import { amqplib } from '../../src/broker/connection/amqplib/amqplib.ts';

interface Codec {
  encodeTable(buffer: Buffer, table: object, offset: number): number;
}

/** The bytes that amqplib, as Warren has it, sends for a header table; without their length. */
export function tableBytes(table: object): Buffer {
  // Loading it is what prepares the codec.
  if (!('connect' in amqplib)) throw new Error('amqplib is not there');
  const codec = createRequire(import.meta.url)(join(root, 'node_modules', 'amqplib', 'lib', 'codec.js')) as Codec;
  const buffer = Buffer.alloc(1_000_000);
  return Buffer.from(buffer.subarray(4, codec.encodeTable(buffer, table, 0)));
}
