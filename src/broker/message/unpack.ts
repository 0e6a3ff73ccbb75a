import * as zlib from 'node:zlib';
import { toError } from '../../common/errors.ts';
import { formatBytes } from '../../common/format.ts';
import type { Coding } from './contentEncoding.ts';

/** Bytes without their content codings. */
export interface Unpacked {
  readonly bytes: Uint8Array;
  /** False when this is only the beginning. */
  readonly isWhole: boolean;
}

/**
 * Undoes Zstandard, up to `most` bytes. @throws Error
 */
export type Unzstd = (bytes: Uint8Array, most: number) => Unpacked;

/** Node's own, which it has since 22.15 and 23.8; VS Code has had it since 1.101. */
type ZstdDecompressSync = (bytes: Uint8Array, options: { maxOutputLength: number; finishFlush?: number }) => Buffer;
const nativeZstd = (zlib as { zstdDecompressSync?: ZstdDecompressSync }).zstdDecompressSync;
/** ZSTD_e_flush */
const zstdFlush = 1;

/** Whether Zstandard can only be undone with an `Unzstd` from elsewhere. */
export const needsUnzstd = nativeZstd === undefined;

/** Shorter beginnings of packed bytes are not tried. */
const shortestPart = 32;

/**
 * Undoes content codings, the last applied first.
 * @param most so many bytes are returned at the most, and no more are ever made: of what unpacks to more, the beginning
 * @returns a clause that says why, when it cannot be done; never throws
 */
export function unpack(
  content: Uint8Array,
  codings: readonly Coding[],
  most: number,
  unzstd?: Unzstd,
): Unpacked | string {
  let unpacked: Unpacked = { bytes: content, isWhole: true };
  for (const coding of codings.toReversed()) {
    const next =
      coding === 'zstd' && !nativeZstd ? unpackBy(unzstd, unpacked, most) : unpackOne(coding, unpacked, most);
    if (typeof next === 'string') return `${coding}: ${next}`;
    unpacked = next;
  }
  return unpacked;
}

/**
 * zlib throws away what it has when there is more than one wants. So it is given less to unpack: the beginning of what was
 * packed unpacks to the beginning.
 */
function unpackOne(coding: Coding, { bytes, isWhole }: Unpacked, most: number): Unpacked | string {
  const smallest = Math.min(bytes.length, shortestPart);
  for (let length = bytes.length; length >= smallest; length = Math.floor(length / 4)) {
    const isAll = isWhole && length === bytes.length;
    try {
      const out = decompress(coding, bytes.subarray(0, length), !isAll, most);
      if (out.length > 0 || isAll) return { bytes: out, isWhole: isAll };
    } catch (error) {
      const { message, code } = toError(error) as NodeJS.ErrnoException;
      if (code !== 'ERR_BUFFER_TOO_LARGE') return `${message.charAt(0).toLowerCase()}${message.slice(1)}`;
    }
    if (length === 0) break;
  }
  return `it unpacks to more than ${formatBytes(most)}`;
}

function decompress(coding: Coding, bytes: Uint8Array, isCut: boolean, most: number): Buffer {
  const maxOutputLength = Math.max(1, most);
  const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH } = zlib.constants;
  const options = isCut ? { maxOutputLength, finishFlush: Z_SYNC_FLUSH } : { maxOutputLength };
  switch (coding) {
    case 'gzip':
      return zlib.gunzipSync(bytes, options);
    case 'deflate':
      return isZlib(bytes) ? zlib.inflateSync(bytes, options) : zlib.inflateRawSync(bytes, options);
    case 'br':
      return zlib.brotliDecompressSync(
        bytes,
        isCut ? { maxOutputLength, finishFlush: BROTLI_OPERATION_FLUSH } : { maxOutputLength },
      );
    case 'zstd':
      if (!nativeZstd) throw new Error('it cannot be unpacked here');
      return nativeZstd(bytes, isCut ? { maxOutputLength, finishFlush: zstdFlush } : { maxOutputLength });
  }
}

/** HTTP's deflate is the zlib format (RFC 1950), but some send what is in it (RFC 1951). */
function isZlib([first = 0, second = 0]: Uint8Array): boolean {
  return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0;
}

function unpackBy(unzstd: Unzstd | undefined, { bytes, isWhole }: Unpacked, most: number): Unpacked | string {
  if (!unzstd) return 'what unpacks it is not loaded yet';
  try {
    const unpacked = unzstd(bytes, most);
    return { bytes: unpacked.bytes, isWhole: isWhole && unpacked.isWhole };
  } catch (error) {
    return toError(error).message;
  }
}
