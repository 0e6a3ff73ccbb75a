import type { Reference, Template } from './model.ts';
import type { Problems } from './problems.ts';
import { checkArguments } from './ownVariables.ts';

/**
 * Reads the references in a text. `{{` opens one, and of more braces the last two do; with a backslash before it, it is text.
 * Of the backslashes directly before `{{` two count as one; elsewhere they are what they are.
 * @param offset of the text in the file
 */
export function readTemplate(text: string, offset: number, problems: Problems): Template {
  const first = text.indexOf('{{');
  if (first < 0) return literal(text);
  const parts = new TemplateBuilder();
  let from = 0;
  for (let braces = first; braces >= 0; braces = text.indexOf('{{', from)) {
    const slashes = countBefore(text, '\\', braces, from);
    parts.add(text.slice(from, braces - slashes) + '\\'.repeat(slashes >> 1));
    if (slashes % 2 === 1) {
      parts.add('{{');
      from = braces + 2;
      continue;
    }
    const open = lastPair(text, braces);
    parts.add(text.slice(braces, open));
    const reference = readReference(text, open, offset, problems);
    parts.add(reference ?? '{{');
    from = reference ? reference.range.end - offset : open + 2;
  }
  parts.add(text.slice(from));
  return parts.template;
}

/** Of two or more braces, where the last two begin. */
export function lastPair(text: string, braces: number): number {
  let open = braces;
  while (text.charAt(open + 2) === '{') open++;
  return open;
}

const referenceForm = /\{\{[ \t]*(\$?[A-Za-z_][\w.-]*)(?:[ \t]([^{}\r\n]*))?\}\}/y;

/** The reference whose `{{` is at `start`; a problem where it is none. */
export function readReference(text: string, start: number, offset: number, problems: Problems): Reference | undefined {
  referenceForm.lastIndex = start;
  const [whole, name, rest = ''] = referenceForm.exec(text) ?? [];
  if (whole === undefined || name === undefined) {
    const range = { start: offset + start, end: offset + start + 2 };
    problems.add('reference', range, 'No variable is named here. Write \\{{ for two braces that are text.');
    return undefined;
  }
  const args = argumentsOf(name, rest.trim());
  const range = { start: offset + start, end: offset + start + whole.length };
  const reason = name.startsWith('$') ? checkArguments(name, args) : undefined;
  if (reason !== undefined) problems.add('reference', range, reason);
  return { name, args, range };
}

/** A prompt's label is one text, spaces included. */
function argumentsOf(name: string, rest: string): string[] {
  if (rest === '') return [];
  return name === '$prompt' ? [rest.replaceAll(/\s+/g, ' ')] : rest.split(/\s+/);
}

function countBefore(text: string, character: string, position: number, least = 0): number {
  let count = 0;
  while (position - count > least && text.charAt(position - count - 1) === character) count++;
  return count;
}

/** Joins what stands side by side. */
export class TemplateBuilder {
  readonly #parts: (string | Reference)[] = [];

  add(part: string | Reference): void {
    if (part === '') return;
    const last = this.#parts.at(-1);
    if (typeof part === 'string' && typeof last === 'string') this.#parts[this.#parts.length - 1] = last + part;
    else this.#parts.push(part);
  }

  get template(): Template {
    return this.#parts;
  }
}

/** Its text, if there is no variable in it. */
export function literalText(template: Template): string | undefined {
  const [first = '', ...rest] = template;
  return typeof first === 'string' && rest.length === 0 ? first : undefined;
}

export function literal(text: string): Template {
  return text === '' ? [] : [text];
}

export function printReference({ name, args }: Reference): string {
  return `{{${[name, ...args].join(' ')}}}`;
}

/** As `readTemplate` reads it. */
export function printTemplate(template: Template): string {
  return template
    .map((part, i) => (typeof part === 'string' ? escapeBraces(part, i + 1 < template.length) : printReference(part)))
    .join('');
}

function escapeBraces(text: string, isBeforeReference: boolean): string {
  let escaped = '';
  let from = 0;
  for (let braces = text.indexOf('{{'); braces >= 0; braces = text.indexOf('{{', from)) {
    const slashes = countBefore(text, '\\', braces, from);
    escaped += `${text.slice(from, braces)}${'\\'.repeat(slashes)}\\{{`;
    from = braces + 2;
  }
  const rest = text.slice(from);
  if (!isBeforeReference) return escaped + rest;
  // One brace and the backslashes before it would be read as the reference's own.
  const end = rest.endsWith('{') ? rest.length - 1 : rest.length;
  return escaped + rest.slice(0, end) + '\\'.repeat(countBefore(rest, '\\', end)) + rest.slice(end);
}
