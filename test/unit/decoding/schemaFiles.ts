import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder of files that is gone after the test. */
export class Folder {
  #path = '';

  async create(files: Readonly<Record<string, string>>): Promise<void> {
    this.#path = await mkdtemp(join(tmpdir(), 'warren-schemas-'));
    for (const [name, text] of Object.entries(files)) await this.write(name, text);
  }

  path(name: string): string {
    return join(this.#path, name);
  }

  async write(name: string, text: string): Promise<void> {
    await mkdir(dirname(this.path(name)), { recursive: true });
    await writeFile(this.path(name), text);
  }

  async remove(): Promise<void> {
    if (this.#path !== '') await rm(this.#path, { recursive: true, force: true });
  }
}

export const orderProto = `syntax = "proto3";
package shop;
import "google/protobuf/timestamp.proto";
import "common/money.proto";
import "google/api/annotations.proto";
message Order {
  message Line { string sku = 1; int32 qty = 2; }
  enum Kind { NONE = 0; GIFT = 1; }
  string order_id = 1;
  int64 number = 2;
  repeated Line lines = 3;
  map<string, int32> stock = 4;
  google.protobuf.Timestamp at = 5;
  bytes raw = 6;
  Kind kind = 7;
  common.Money total = 8;
}
message Cancelled { string order_id = 1; }
`;

export const moneyProto = `syntax = "proto3";
package common;
message Money { sint64 cents = 1; string currency = 2; }
`;

/** Of shop.Order, by hand: tag and wire type, then value. @see https://protobuf.dev/programming-guides/encoding/ */
export const orderBytes = Buffer.concat([
  Buffer.from('0a 02 6f37'.replaceAll(' ', ''), 'hex'),
  Buffer.from('10 81 80 80 80 80 80 80 10'.replaceAll(' ', ''), 'hex'),
  Buffer.from('1a 05 0a 01 61 10 03'.replaceAll(' ', ''), 'hex'),
  Buffer.from('22 05 0a 01 6b 10 09'.replaceAll(' ', ''), 'hex'),
  Buffer.from('2a 06 08 80 e2 cf aa 06'.replaceAll(' ', ''), 'hex'),
  Buffer.from('32 02 00 ff'.replaceAll(' ', ''), 'hex'),
  Buffer.from('38 01'.replaceAll(' ', ''), 'hex'),
  Buffer.from('42 07 08 03 12 03 455552'.replaceAll(' ', ''), 'hex'),
]);

export const orderJson = {
  orderId: 'o7',
  number: '9007199254740993',
  lines: [{ sku: 'a', qty: 3 }],
  stock: { k: 9 },
  at: '2023-11-14T22:13:20Z',
  raw: 'AP8=',
  kind: 'GIFT',
  total: { cents: '-2', currency: 'EUR' },
};
