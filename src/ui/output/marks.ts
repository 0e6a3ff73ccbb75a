import { parseHeaderLine, parseSkippedLine } from './format.ts';
import { isStartLine } from './tailNotices.ts';

/** The text of an output channel, line by line. A `vscode.TextDocument` is one. */
export interface Lines {
  readonly lineCount: number;
  lineAt(line: number): { readonly text: string };
}

/** A line of a tail's text that controls belong to. */
export type Mark =
  | { readonly kind: 'message'; readonly line: number; readonly number: number }
  | { readonly kind: 'skipped'; readonly line: number; readonly from: number; readonly to: number };

export interface MarkLimits {
  /** So many of the newest messages are found, */
  readonly messages: number;
  /** and on to the message with this number, where one is held, */
  readonly backTo: number | undefined;
  /** but no line further from the end than this. */
  readonly lines: number;
}

/**
 * Finds the last tail's messages, newest first. Only the end of the text is read: it may have 30 MB, and is cut at its
 * beginning when the file behind it rotates, so no line number can be kept.
 */
export function findMarks(text: Lines, limits: MarkLimits): Mark[] {
  const marks: Mark[] = [];
  const last = text.lineCount - 1;
  let messages = 0;
  for (let line = last; line >= 0 && last - line < limits.lines; line--) {
    const mark = markOf(text.lineAt(line).text, line);
    if (mark === 'start') break;
    if (!mark) continue;
    marks.push(mark);
    if (mark.kind === 'skipped') continue;
    messages++;
    if (messages >= limits.messages && mark.number <= (limits.backTo ?? Infinity)) break;
  }
  return marks;
}

/** The message that a line belongs to: the nearest header line above it. */
export function messageAt(text: Lines, line: number): number | undefined {
  for (let at = Math.min(line, text.lineCount - 1); at >= 0; at--) {
    const content = text.lineAt(at).text;
    const mark = markOf(content, at);
    if (mark === 'start' || isNotice(content)) return undefined;
    if (mark) return mark.kind === 'message' ? mark.number : undefined;
  }
  return undefined;
}

/** By their first character most lines are told to be content, which is indented. */
function markOf(text: string, line: number): Mark | 'start' | undefined {
  switch (text.charCodeAt(0)) {
    case 0x23: {
      const header = parseHeaderLine(text);
      return header && { kind: 'message', line, number: header.number };
    }
    case 0x2026: {
      const skipped = parseSkippedLine(text);
      return skipped && { kind: 'skipped', line, from: skipped.from, to: skipped.to };
    }
    case 0x2500:
      return isStartLine(text) ? 'start' : undefined;
    default:
      return undefined;
  }
}

function isNotice(text: string): boolean {
  return text.startsWith('── ');
}
