import type { Body, Range, Template } from './model.ts';
import type { Problems } from './problems.ts';
import { decodeBase64 } from './fieldTypes.ts';
import { readQuoted } from './quoted.ts';
import { readTemplate } from './template.ts';

/** How the text of a body stands for its bytes: the line `body:` of the head. */
export const bodyForms = ['text', 'crlf', 'base64'] as const;
export type BodyForm = (typeof bodyForms)[number];

/** A first line that takes the body from a file. */
const include = /^<(@?)[ \t]+/;

/** Where a body ends: the line breaks at its end are none of it. */
export function endOfBody(text: string, { start, end }: Range): number {
  let last = end;
  while (last > start && /[\r\n]/.test(text.charAt(last - 1))) last--;
  return last;
}

/** Reads the body that stands at the range, which has no line breaks at its end. */
export function readBody(text: string, range: Range, form: BodyForm, problems: Problems): Body {
  const raw = text.slice(range.start, range.end);
  const [opening, at] = include.exec(raw) ?? [];
  if (opening !== undefined) {
    if (form !== 'text') problems.add('body', range, `A body from a file is sent as it is: it cannot be ${form}.`);
    return readInclude(raw, range.start, opening.length, at === '@', problems);
  }
  if (form === 'base64') {
    const content = decodeBase64(raw.replaceAll(/\s+/g, ''));
    if (!content) problems.add('body', range, 'This body must be base64, as its head says.');
    return { kind: 'base64', content: content ?? Buffer.alloc(0) };
  }
  return { kind: 'text', text: readText(raw, range.start, problems), eol: form === 'crlf' ? 'crlf' : 'lf' };
}

function readInclude(raw: string, offset: number, start: number, variables: boolean, problems: Problems): Body {
  const lineEnd = raw.search(/[\r\n]|$/);
  const path = raw.slice(start, lineEnd).trimEnd();
  const rest = raw.slice(lineEnd);
  if (path === '')
    problems.add('body', { start: offset, end: offset + lineEnd }, 'The path of a file must stand here.');
  if (rest.trim() !== '') {
    const range = { start: offset + lineEnd + rest.search(/\S/), end: offset + raw.length };
    problems.add('body', range, 'The body is taken from the file: this text would not be sent.');
  }
  return { kind: 'file', path: readPath(path, offset + start, problems), variables };
}

function readPath(path: string, offset: number, problems: Problems): Template {
  if (!path.startsWith('"')) return readTemplate(path, offset, problems);
  const { template, end } = readQuoted(path, 0, offset, problems);
  if (end < path.length) {
    problems.add('body', { start: offset + end, end: offset + path.length }, 'This is past the end of the path.');
  }
  return template;
}

/**
 * A last line of one backslash ends a body whose own last line is empty; more backslashes stand for one less.
 * @returns how many there are; 0 where the last line has anything else
 */
function lastLineSlashes(text: string): number {
  let start = text.length;
  while (text.charAt(start - 1) === '\\') start--;
  return start === 0 || /[\r\n]/.test(text.charAt(start - 1)) ? text.length - start : 0;
}

function readText(raw: string, offset: number, problems: Problems): Template {
  const text = lastLineSlashes(raw) > 0 ? raw.slice(0, -1) : raw;
  const template = readTemplate(text, offset, problems);
  const parts = template.map((part, i) => (typeof part === 'string' ? unescapeLines(part, i === 0) : part));
  return parts.filter((part) => part !== '');
}

/** A line that would be a separator, and a first line that would take the body from a file, have a backslash before them. */
function unescapeLines(part: string, isFirst: boolean): string {
  const text = part.includes('\r') ? part.replaceAll(/\r\n?/g, '\n') : part;
  const lines = text.includes('\\###') ? text.replaceAll(/\n\\(?=\\*###)/g, '\n') : text;
  return isFirst ? lines.replace(/^\\(?=\\*(?:###|<@?[ \t]))/, '') : lines;
}

/** A body's text as `readBody` reads it. @param printed with its references escaped already, line breaks as LF */
export function printBodyText(printed: string): string {
  const escaped = printed.includes('###') ? printed.replaceAll(/(?<=^|\n)(?=\\*###)/g, '\\') : printed;
  const first = escaped.replace(/^(?=\\*<@?[ \t])/, '\\');
  return first.endsWith('\n') || lastLineSlashes(first) > 0 ? `${first}\\` : first;
}
