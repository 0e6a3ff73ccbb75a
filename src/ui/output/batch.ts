import type { Message } from '../../broker/message/message.ts';
import { formatMessage, formatSkipped, type FormatOptions } from './format.ts';

/** Where messages are read from: a tail's buffer. */
export interface MessageSource {
  /** The newest message's number. */
  readonly lastNumber: number;
  /** Undefined for a message that is no longer kept. */
  get(number: number): Message | undefined;
  /** The length of its body in bytes. */
  lengthOf(number: number): number | undefined;
}

/** How much may be written now. One message is written even when it alone takes more. */
export interface Room {
  readonly lines: number;
  readonly characters: number;
}

/** Text to append to a tail's output. */
export interface Batch {
  readonly text: string;
  readonly lines: number;
  /** The last message that is written or counted. */
  readonly cursor: number;
  /** How many messages are counted instead of shown. */
  readonly skipped: number;
  /** What has to be waited for before the next message can be shown as it is to be read. Never rejects. */
  readonly waitsFor?: Promise<void>;
}

export interface BatchOptions extends FormatOptions {
  /** Whether a message is shown as bytes rather than waited for. */
  readonly isHurried: boolean;
}

/** The messages after `cursor` in their order, as many as fit; only those that the buffer no longer has are counted. */
export function nextInOrder(source: MessageSource, cursor: number, room: Room, options: BatchOptions): Batch {
  const { lastNumber } = source;
  let text = '';
  let lines = 0;
  let at = cursor;
  let skipped = 0;
  while (at < lastNumber && (text === '' || (lines < room.lines && text.length < room.characters))) {
    const message = source.get(at + 1);
    if (!message) {
      const gap = gapAfter(source, at);
      text += formatSkipped(gap, undefined, at + 1, at + gap);
      at += gap;
      skipped += gap;
      lines++;
      continue;
    }
    const waitsFor = options.isHurried ? undefined : options.bodies.prepare(message);
    if (waitsFor) return { text, lines, cursor: at, skipped, waitsFor };
    const shown = formatMessage(message, options);
    const height = countLines(shown);
    if (text !== '' && (lines + height > room.lines || text.length + shown.length > room.characters)) break;
    text += shown;
    lines += height;
    at++;
  }
  return { text, lines, cursor: at, skipped };
}

/** The newest messages that fit, after a line that counts those before them back to `cursor`; these are never formatted. */
export function newestThatFit(source: MessageSource, cursor: number, room: Room, options: BatchOptions): Batch {
  const { lastNumber } = source;
  const shown: string[] = [];
  let lines = 0;
  let characters = 0;
  let first = lastNumber + 1;
  while (first - 1 > cursor && lines < room.lines && characters < room.characters) {
    const message = source.get(first - 1);
    if (!message) break;
    const waitsFor = options.isHurried ? undefined : options.bodies.prepare(message);
    if (waitsFor) return { text: '', lines: 0, cursor, skipped: 0, waitsFor };
    const text = formatMessage(message, options);
    const height = countLines(text);
    if (shown.length > 0 && (lines + height > room.lines || characters + text.length > room.characters)) break;
    shown.push(text);
    lines += height;
    characters += text.length;
    first--;
  }
  const skipped = first - 1 - cursor;
  if (skipped > 0) {
    shown.push(formatSkipped(skipped, bytesBetween(source, cursor + 1, first - 1), cursor + 1, first - 1));
    lines++;
  }
  return { text: shown.toReversed().join(''), lines, cursor: lastNumber, skipped };
}

/** Undefined when some of the messages are no longer kept. */
function bytesBetween(source: MessageSource, from: number, to: number): number | undefined {
  let bytes = 0;
  for (let number = from; number <= to; number++) {
    const length = source.lengthOf(number);
    if (length === undefined) return undefined;
    bytes += length;
  }
  return bytes;
}

function gapAfter(source: MessageSource, cursor: number): number {
  let gap = 1;
  while (cursor + gap < source.lastNumber && source.lengthOf(cursor + gap + 1) === undefined) gap++;
  return gap;
}

function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}
