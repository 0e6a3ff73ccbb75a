import type { Template } from './model.ts';
import type { Problems } from './problems.ts';
import { lastPair, printReference, readReference, TemplateBuilder } from './template.ts';

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  '{': '{',
};

/**
 * Reads a quoted text: a string as JSON has it, with references, and `\{` for a brace.
 * @param start of its first quote in `text`
 * @returns the text, and where it ends in `text`: at its end, with a problem, when it is not closed
 */
export function readQuoted(
  text: string,
  start: number,
  offset: number,
  problems: Problems,
): { readonly template: Template; readonly end: number } {
  const parts = new TemplateBuilder();
  let at = start + 1;
  let from = at;
  const flush = (): void => parts.add(text.slice(from, at));
  while (at < text.length) {
    const c = text.charAt(at);
    if (c === '"') {
      flush();
      return { template: parts.template, end: at + 1 };
    }
    if (c === '\\') {
      flush();
      const unit = /^u([\dA-Fa-f]{4})/.exec(text.slice(at + 1, at + 6))?.[1];
      const escaped =
        unit === undefined ? escapes[text.charAt(at + 1)] : String.fromCharCode(Number.parseInt(unit, 16));
      if (escaped === undefined) {
        const range = { start: offset + at, end: offset + Math.min(at + 2, text.length) };
        problems.add(
          'value',
          range,
          'This is no escape. There are \\" \\\\ \\/ \\b \\f \\n \\r \\t \\{ and \\u with four hex digits.',
        );
      }
      parts.add(escaped ?? '\\');
      at += escaped === undefined ? 1 : unit === undefined ? 2 : 6;
      from = at;
    } else if (c === '{' && text.charAt(at + 1) === '{') {
      at = lastPair(text, at);
      flush();
      const reference = readReference(text, at, offset, problems);
      parts.add(reference ?? '{{');
      at = reference ? reference.range.end - offset : at + 2;
      from = at;
    } else {
      at++;
    }
  }
  flush();
  problems.add('value', { start: offset + start, end: offset + text.length }, 'The closing quote is missing.');
  return { template: parts.template, end: text.length };
}

/** As `readQuoted` reads it. What cannot be seen is escaped. */
export function printQuoted(template: Template): string {
  const text = template.map((part) => (typeof part === 'string' ? escapeText(part) : printReference(part)));
  return `"${text.join('')}"`;
}

const named: Readonly<Record<string, string>> = {
  '"': String.raw`\"`,
  '\\': String.raw`\\`,
  '{': String.raw`\{`,
  '\b': String.raw`\b`,
  '\f': String.raw`\f`,
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
  '\t': String.raw`\t`,
};

/** A brace is escaped where it has another beside it, or a reference may follow. */
function escapeText(text: string): string {
  return text.replaceAll(/["\\]|\{(?=\{|$)|(?<=\{)\{/g, escapeCharacter).replaceAll(unseenGlobal, escapeCharacter);
}

function escapeCharacter(c: string): string {
  return named[c] ?? Array.from({ length: c.length }, (_, i) => codeUnit(c.charCodeAt(i))).join('');
}

function codeUnit(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}

/** Control and format characters, odd spaces and line separators; those that join and style emoji are seen by what they do. */
const unseenClass = String.raw`(?!\u200d|\ufe0e|\ufe0f)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?! )\p{Zs}`;
const unseen = new RegExp(unseenClass, 'u');
const unseenGlobal = new RegExp(unseenClass, 'gu');

/** Whether it has characters that one cannot see, or that an editor may change. */
export function hasUnseen(text: string): boolean {
  return !/^[ -~]*$/.test(text) && unseen.test(text);
}
