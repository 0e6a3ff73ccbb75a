import type { Template } from './model.ts';
import type { Problems } from './problems.ts';
import { propertyNames } from './properties.ts';
import { hasUnseen, printQuoted, readQuoted } from './quoted.ts';
import { printTemplate, readTemplate } from './template.ts';

/** A name as it stands in a target: bare, or in quotes. `end` is where it ends in `text`. */
export interface ReadName {
  readonly template: Template;
  readonly end: number;
}

/** White space in the sense of the head of a message. */
const space = /\s/;

/** Reads the name of a queue or an exchange, or a routing key, at `start`. Empty where none stands there. */
export function readName(text: string, start: number, offset: number, problems: Problems): ReadName {
  if (text.charAt(start) === '"') return readQuoted(text, start, offset, problems);
  const end = endOfBareName(text, start);
  return { template: readTemplate(text.slice(start, end), offset + start, problems), end };
}

/** A bare name ends at white space, a quote or `>`; references may have spaces. */
function endOfBareName(text: string, start: number): number {
  let at = start;
  while (at < text.length) {
    const c = text.charAt(at);
    if (c === '"' || c === '>' || space.test(c)) return at;
    if (c === '{' && text.charAt(at + 1) === '{') {
      const close = text.indexOf('}}', at);
      if (close < 0) return endOfWord(text, at);
      at = close + 2;
    } else {
      at++;
    }
  }
  return at;
}

function endOfWord(text: string, start: number): number {
  let at = start;
  while (at < text.length && text.charAt(at) !== '>' && !space.test(text.charAt(at))) at++;
  return at;
}

/** What a line of a head begins with, if it is none of a target. */
const fieldStart = new RegExp(`^(?:${propertyNames.join('|')}|connection|body|x-[^\\s:]*)[ \\t]*:`, 'i');

export function looksLikeField(line: string): boolean {
  return fieldStart.test(line);
}

/** A name as `readName` reads it; in quotes where it must be. */
export function printName(template: Template): string {
  const bare = printTemplate(template);
  return needsQuotes(template, bare) ? printQuoted(template) : bare;
}

/** What begins like a comment, a separator, a variable, or a line of a head is none. */
function needsQuotes(template: Template, bare: string): boolean {
  const text = template.filter((part) => typeof part === 'string').join('');
  if (bare === '' || /[\s">]|\{\{/.test(text) || hasUnseen(text)) return true;
  return /^(?:#|@|<|\/\/)/.test(bare) || looksLikeField(bare);
}

/** A text as it stands after a colon: in quotes where they or the spaces at its ends would be lost. */
export function printText(template: Template): string {
  const bare = printTemplate(template);
  const text = template.filter((part) => typeof part === 'string').join('');
  return bare.trim() !== bare || bare === '' || bare.startsWith('"') || hasUnseen(text) ? printQuoted(template) : bare;
}

/** Whether the name of a header needs no quotes. */
export function looksLikeBareHeader(name: string): boolean {
  return /^x-[^\s:"{]*$/i.test(name) && !hasUnseen(name);
}
