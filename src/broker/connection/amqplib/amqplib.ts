/** amqplib as everything of Warren loads it: header tables are read and written exactly. */
// It must run before the next one.
// oxlint-disable-next-line import/no-unassigned-import
import './exactTables.ts';
// oxlint-disable-next-line import/no-unassigned-import
import './frames.ts';
import amqplib from 'amqplib';
// @ts-expect-error: it has no types.
import untypedModel from '../../../../node_modules/amqplib/lib/channel_model.js';
// @ts-expect-error: it has no types.
import untypedDefs from '../../../../node_modules/amqplib/lib/defs.js';
import { decodeTable, wireBytes } from '../../message/fieldTable.ts';

interface Defs {
  readonly BasicProperties: number;
  decode(id: number, bytes: Buffer): { readonly headers?: object };
  encodeProperties(id: number, channel: number, size: number, fields: object): Buffer;
}

interface Model {
  readonly ConfirmChannel: { readonly prototype: object };
}

checkExact(untypedDefs as Defs, untypedModel as Model);

export { amqplib };

/** What is done here rests on amqplib's inside: another version of it, or one loaded before, must not go unnoticed. */
function checkExact(defs: Defs, { ConfirmChannel }: Model): void {
  const table = Buffer.from('\u0001nI\0\0\0\u0005', 'latin1');
  const list = Buffer.concat([Buffer.from([0x20, 0, 0, 0, 0, table.length]), table]);
  const { headers = {} } = defs.decode(defs.BasicProperties, list);
  const frame = defs.encodeProperties(defs.BasicProperties, 1, 0, { headers: decodeTable(table) });
  const isRead = Buffer.from(wireBytes(headers) ?? []).equals(table);
  // Before the list: frame header (7), class, weight and body size (12). After it: the frame's end.
  const isWritten = frame.subarray(19, -1).equals(list);
  const { prototype } = ConfirmChannel;
  if (!isRead || !isWritten || !('sendMessage' in prototype) || !('pushConfirmCallback' in prototype)) {
    throw new Error('amqplib is another than Warren was written for, or was loaded before Warren could prepare it');
  }
}
