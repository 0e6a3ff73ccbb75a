import { decode } from '@msgpack/msgpack';
import type { StructuredDecoder } from '../message/decode.ts';
import { hexText, jsonTextOf, maxDepth } from './jsonText.ts';

/** @see https://github.com/msgpack/msgpack/blob/master/spec.md */
export const messagePack: StructuredDecoder = {
  name: 'MessagePack',
  decode(bytes) {
    checkSizes(bytes);
    return { json: jsonTextOf(decode(bytes, { useBigInt64: true, mapKeyConverter: nameOf })) };
  },
};

/** JSON's names are strings. */
function nameOf(key: unknown): string {
  if (typeof key === 'string') return key;
  return key instanceof Uint8Array ? hexText(key) : jsonTextOf(key);
}

/** Bytes after the tag of each type from 0xc0 to 0xdf: of its value, or of its length, which is then negative. */
// prettier-ignore
const FOLLOWING = [
  0, NaN, 0, 0, -1, -2, -4, -1, -2, -4, 4, 8, 1, 2, 4, 8,
  1, 2, 4, 8, 2, 3, 5, 9, 17, -1, -2, -4, -2, -4, -2, -4,
];

/**
 * Before a list is read, a place is made for as many items as it says it has: five bytes would take gigabytes. So its
 * structure is checked first, which takes no memory.
 * @throws Error
 */
function checkSizes(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  /** How many values are left in each list and map that is open. */
  const open: number[] = [];
  let left = 1;
  let at = 0;
  for (;;) {
    for (; left === 0; left = open.pop() ?? 0) {
      if (open.length > 0) continue;
      if (at < bytes.length) throw new Error(`${bytes.length - at} more bytes follow the value`);
      return;
    }
    left--;
    const tag = bytes[at++];
    if (tag === undefined) throw new Error('it ends too early');
    const { size, count } = sizesOf(tag, view, at);
    at += size;
    if (at > bytes.length || count > bytes.length - at) throw new Error('it ends too early');
    if (count === 0) continue;
    if (open.length === maxDepth) throw new Error(`it is nested deeper than ${maxDepth} levels`);
    open.push(left);
    left = count;
  }
}

/** How many bytes follow the tag at once, and how many values after them. */
function sizesOf(tag: number, view: DataView, at: number): { readonly size: number; readonly count: number } {
  if (tag < 0x80 || tag >= 0xe0) return { size: 0, count: 0 };
  if (tag < 0x90) return { size: 0, count: (tag & 0x0f) * 2 };
  if (tag < 0xa0) return { size: 0, count: tag & 0x0f };
  if (tag < 0xc0) return { size: tag & 0x1f, count: 0 };
  const following = FOLLOWING[tag - 0xc0] ?? NaN;
  if (Number.isNaN(following)) throw new Error('it has a byte 0xc1, which means nothing');
  if (following >= 0) return { size: following, count: 0 };
  const length = readLength(view, at, -following);
  if (tag >= 0xdc) return { size: -following, count: tag >= 0xde ? length * 2 : length };
  const isExtension = tag >= 0xc7 && tag <= 0xc9;
  return { size: -following + length + (isExtension ? 1 : 0), count: 0 };
}

function readLength(view: DataView, at: number, bytes: number): number {
  if (at + bytes > view.byteLength) throw new Error('it ends too early');
  if (bytes === 1) return view.getUint8(at);
  return bytes === 2 ? view.getUint16(at) : view.getUint32(at);
}
