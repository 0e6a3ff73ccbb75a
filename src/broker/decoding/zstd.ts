import { Decompress } from 'fzstd';
import { formatBytes } from '../../common/format.ts';
import type { Unpacked } from '../message/unpack.ts';
import { watched } from '../watched.ts';

/** As much as a decoder has to allow (RFC 8878, section 3.1.1.1.2), and as the highest level of `zstd` without `--long` uses. */
const largestWindow = 8 * 1024 * 1024;

/** Undoes Zstandard without what Node has for it since 22.15. @throws Error with a clause that says why it cannot */
export function unzstd(bytes: Uint8Array, most: number): Unpacked {
  checkWindow(bytes);
  let parts: Uint8Array[] = [];
  let room = most;
  const run = (): void => {
    parts = [];
    room = most;
    const decompressor = new Decompress((part) => {
      parts.push(part.slice(0, Math.max(0, room)));
      room -= part.length;
      if (room < 0) throw new Error('enough');
    });
    decompressor.push(bytes, true);
  };
  try {
    // A block of one byte moves the whole window: many of them would take minutes.
    watched(run, 100 + most / 20_000);
  } catch (error) {
    if (room >= 0) throw new Error(reasonOf(error), { cause: error });
  }
  return { bytes: Buffer.concat(parts), isWhole: room >= 0 };
}

/** A frame says how much memory it needs, and may say two gigabytes. */
function checkWindow(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 9 || view.getUint32(0, true) !== 0xfd2fb528) return;
  const descriptor = view.getUint8(4);
  const window = (descriptor & 0x20) === 0 ? windowSize(view.getUint8(5)) : contentSize(view, descriptor);
  if (window > largestWindow) throw new Error(`it needs ${formatBytes(window)} of memory to be unpacked`);
}

function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function contentSize(view: DataView, descriptor: number): number {
  const at = 5 + ([0, 1, 2, 4][descriptor & 3] ?? 0);
  const bytes = [1, 2, 4, 8][descriptor >> 6] ?? 8;
  if (at + bytes > view.byteLength) return 0;
  if (bytes === 8) return Number(view.getBigUint64(at, true));
  if (bytes === 4) return view.getUint32(at, true);
  return bytes === 2 ? view.getUint16(at, true) + 256 : view.getUint8(at);
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error && error.message !== '' ? error.message : 'it takes too long to unpack';
  return `${message.charAt(0).toLowerCase()}${message.slice(1)}`;
}
