import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { AppError, toError } from '../../../common/errors.ts';
import type { Item, ReadItems } from './item.ts';

/** Larger than a broker takes by default, in bytes: a file without line ends is none of lines. */
const longestLine = 128 * 1024 * 1024;
const lf = 0x0a;
const cr = 0x0d;

/** A line of a file, without its end. */
interface Line {
  /** 1 is the first. */
  readonly number: number;
  readonly bytes: Buffer;
}

/**
 * The lines of a file, byte for byte; empty ones are passed over.
 * @param longest in bytes
 * @throws AppError `fileUnreadable`
 */
export async function* readLines(path: string, longest = longestLine): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let length = 0;
  let number = 0;
  const end = (): Line => {
    const whole = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
    parts = [];
    length = 0;
    return { number: ++number, bytes: whole.at(-1) === cr ? whole.subarray(0, -1) : whole };
  };
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
      let from = 0;
      for (let at = chunk.indexOf(lf); at !== -1; at = chunk.indexOf(lf, from)) {
        parts.push(chunk.subarray(from, at));
        from = at + 1;
        const line = end();
        if (line.bytes.length > 0) yield line;
      }
      parts.push(chunk.subarray(from));
      length += chunk.length - from;
      if (length > longest) throw new Error(`line ${number + 1} has more than ${longest >> 20} MB`);
    }
  } catch (error) {
    throw new AppError('fileUnreadable', { name: basename(path), reason: toError(error).message }, { cause: error });
  }
  const last = end();
  if (last.bytes.length > 0) yield last;
}

/** Each line a body: JSON where it is, else text. The fields of a JSON object are its values. */
export function lineItems(path: string): ReadItems {
  return async function* () {
    for await (const { number, bytes } of readLines(path)) yield toItem(number, bytes);
  };
}

function toItem(number: number, content: Buffer): Item {
  const json = parseJson(content);
  const contentType = json === undefined ? 'text/plain' : 'application/json';
  return { place: `line ${number}`, content, contentType, values: fieldsOf(json) };
}

/** Undefined for what is no JSON. */
function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

function fieldsOf(json: unknown): Record<string, string> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return {};
  const fields = Object.entries(json).map(([name, value]): [string, string] => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return Object.fromEntries(fields);
}
