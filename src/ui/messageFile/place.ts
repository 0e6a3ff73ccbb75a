import { looksLikeField } from '../../broker/messageFile/names.ts';

/** What can be written at a place of a message file. */
export type Place =
  | { readonly kind: 'reference'; readonly start: number }
  /** A queue or an exchange. */
  | { readonly kind: 'name'; readonly start: number }
  | { readonly kind: 'routingKey'; readonly start: number; readonly exchange: string }
  /** The name of a property or a header. */
  | { readonly kind: 'field'; readonly start: number }
  | { readonly kind: 'value'; readonly start: number; readonly field: string; readonly isHeader: boolean }
  | { readonly kind: 'none' };

const none: Place = { kind: 'none' };

/**
 * The place at `offset` of a text; `start` is where what is being written there begins. Looks at the head of its message
 * alone: the line need not be one that can be read yet.
 */
export function placeAt(text: string, offset: number): Place {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const line = text.slice(lineStart, offset);
  const reference = /\{\{[^{}]*$/.exec(line);
  if (reference) return { kind: 'reference', start: lineStart + reference.index + 2 };
  if (/^\s*(?:###|#|\/\/|@)/.test(line)) return none;
  const before = linesBefore(text, lineStart);
  if (before === undefined) return none;
  return before > 0 || looksLikeField(line) ? fieldPlace(line, lineStart) : targetPlace(line, lineStart);
}

/** How many lines of the head stand before a line; undefined where that is in a body. */
function linesBefore(text: string, lineStart: number): number | undefined {
  const separator = text.startsWith('###') ? 0 : -1;
  const found = lineStart === 0 ? -1 : text.lastIndexOf('\n###', lineStart - 1);
  const start = found >= 0 ? found + 1 : Math.max(separator, 0);
  const lines = text.slice(start, lineStart).split('\n').slice(0, -1);
  if (text.startsWith('###', start)) lines.shift();
  let count = 0;
  for (const line of lines) {
    if (/^\s*$/.test(line)) {
      if (count > 0) return undefined;
    } else if (!/^\s*(?:#|\/\/|@)/.test(line)) count++;
  }
  return count;
}

function targetPlace(line: string, lineStart: number): Place {
  const arrow = /^\s*("(?:[^"\\]|\\.)*"|[^\s">]+)\s*>\s*/.exec(line);
  if (arrow) return { kind: 'routingKey', start: lineStart + arrow[0].length, exchange: nameIn(arrow[1] ?? '') };
  return { kind: 'name', start: lineStart + line.search(/\S|$/) };
}

function fieldPlace(line: string, lineStart: number): Place {
  const name = /^\s*("(?:[^"\\]|\\.)*"|[^\s:"]*)\s*:\s*/.exec(line);
  if (!name) return { kind: 'field', start: lineStart + line.search(/\S|$/) };
  const [all, field = ''] = name;
  const isHeader = field.startsWith('"') || /^x-/i.test(field);
  return { kind: 'value', start: lineStart + all.length, field: field.toLowerCase(), isHeader };
}

function nameIn(written: string): string {
  if (!written.startsWith('"')) return written;
  try {
    return String(JSON.parse(written.replaceAll(String.raw`\{`, '{')));
  } catch {
    return written;
  }
}
