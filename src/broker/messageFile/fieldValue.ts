import type { FieldValue, Template } from './model.ts';
import type { Problems } from './problems.ts';
import { visibleLine } from '../../common/visibleText.ts';
import { convertField, fieldTypeOf, inferredType, type FieldType } from './fieldTypes.ts';
import { readQuoted } from './quoted.ts';
import { literal, literalText, readTemplate } from './template.ts';

/** Far more than anyone means; without a limit depth would exhaust the stack, here or at whoever receives it. */
const deepest = 32;

/** A type stands before a value, or alone where it has none. */
const typeWord = /([a-z]+\d*)(?=\s|$)/y;
const nestedTypeWord = /([a-z]+\d*)(?=[\s,\]}]|$)/y;

/**
 * Reads the value of a header: JSON, in which a value may have its AMQP type before it, or a text without quotes.
 * @param offset of `text` in the file
 */
export function readFieldValue(text: string, offset: number, problems: Problems): FieldValue {
  return new FieldValueReader(text, offset, problems).whole();
}

/** Reads one value of one line. */
class FieldValueReader {
  readonly #text: string;
  readonly #offset: number;
  readonly #problems: Problems;
  #at = 0;
  /** One problem in a value is enough: what follows from it is none of its own. */
  #failed = false;

  constructor(text: string, offset: number, problems: Problems) {
    this.#text = text;
    this.#offset = offset;
    this.#problems = problems;
  }

  /** The whole text is the value. */
  whole(): FieldValue {
    const value = this.#top();
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#fail(this.#at, this.#text.length, 'This is past the end of the value.');
    return value;
  }

  #top(): FieldValue {
    const c = this.#text.charAt(0);
    if (c === '"' || c === '[' || (c === '{' && this.#text.charAt(1) !== '{')) return this.#value(1);
    const type = this.#typeWord(typeWord);
    if (type === 'array' || type === 'table') return this.#container(type, 1);
    this.#skipSpace();
    if (type !== undefined && this.#text.charAt(this.#at) === '"') return this.#scalar(type, this.#at, this.#quoted());
    const start = this.#at;
    const rest = this.#text.slice(start);
    this.#at = this.#text.length;
    const template = readTemplate(rest, this.#offset + start, this.#problems);
    return this.#scalar(type ?? inferredType(rest), start, isConstant(type, rest) ? [] : template);
  }

  #value(depth: number): FieldValue {
    this.#skipSpace();
    const start = this.#at;
    const c = this.#text.charAt(start);
    if (c === '"') return { type: 'string', text: this.#quoted() };
    if (c === '[') return this.#container('array', depth);
    if (c === '{') return this.#container('table', depth);
    const type = this.#typeWord(nestedTypeWord);
    if (type === 'array' || type === 'table') return this.#container(type, depth);
    this.#skipSpace();
    if (type !== undefined && this.#text.charAt(this.#at) === '"') return this.#scalar(type, start, this.#quoted());
    const token = this.#token();
    const found = type ?? inferredType(token);
    if (type === undefined && found === 'string') {
      this.#fail(
        start,
        Math.max(start + 1, this.#at),
        'A value must stand here; texts in an array or a table are in quotes.',
      );
      return { type: 'string', text: literal(token) };
    }
    return this.#scalar(found, start, isConstant(type, token) ? [] : this.#template(token));
  }

  #template(token: string): Template {
    return readTemplate(token, this.#offset + this.#at - token.length, this.#problems);
  }

  #container(type: 'array' | 'table', depth: number): FieldValue {
    this.#skipSpace();
    const [open, close] = type === 'array' ? (['[', ']'] as const) : (['{', '}'] as const);
    const items: FieldValue[] = [];
    const entries: [string, FieldValue][] = [];
    const names = new Set<string>();
    const value: FieldValue = type === 'array' ? { type, items } : { type, entries };
    if (depth > deepest) {
      this.#fail(this.#at, this.#at + 1, `This is nested more than ${deepest} deep.`);
      this.#at = this.#text.length;
    } else if (!this.#take(open))
      this.#fail(this.#at, this.#at + 1, `Here ${open} must stand: the ${type} begins with it.`);
    if (this.#failed || this.#take(close)) return value;
    do {
      if (type === 'array') items.push(this.#value(depth + 1));
      else this.#entry(entries, names, depth);
    } while (!this.#failed && this.#take(','));
    if (!this.#failed && !this.#take(close)) this.#fail(this.#at, this.#at + 1, `Here , or ${close} must stand.`);
    return value;
  }

  #entry(entries: [string, FieldValue][], names: Set<string>, depth: number): void {
    this.#skipSpace();
    const start = this.#at;
    if (this.#text.charAt(start) !== '"') {
      this.#fail(start, start + 1, 'A name in quotes must stand here.');
      return;
    }
    const name = literalText(this.#quoted());
    const reason = name === undefined ? 'A name takes no variables.' : nameProblem(name, names);
    if (reason !== undefined) this.#fail(start, this.#at, reason);
    else if (!this.#take(':')) this.#fail(this.#at, this.#at + 1, 'Here : must stand.');
    if (this.#failed || name === undefined) return;
    names.add(name);
    entries.push([name, this.#value(depth + 1)]);
  }

  #scalar(type: FieldType, start: number, text: Template): FieldValue {
    const known = literalText(text);
    const converted = known === undefined ? undefined : convertField(type, known);
    if (converted && 'reason' in converted) this.#fail(start, this.#at, `A value of type ${type} ${converted.reason}.`);
    return { type, text };
  }

  #typeWord(form: RegExp): FieldType | 'array' | 'table' | undefined {
    form.lastIndex = this.#at;
    const word = form.exec(this.#text)?.[1];
    const type = word === 'array' || word === 'table' ? word : word === undefined ? undefined : fieldTypeOf(word);
    // `null` is a value of its own in JSON too.
    if (type === undefined || word === 'null') return undefined;
    this.#at += word?.length ?? 0;
    return type;
  }

  #quoted(): Template {
    const { template, end } = readQuoted(this.#text, this.#at, this.#offset, this.#problems);
    if (end === this.#text.length && this.#text.charAt(end - 1) !== '"') this.#failed = true;
    this.#at = end;
    return template;
  }

  /** Up to a comma, a bracket or white space; references may have any of them. */
  #token(): string {
    const start = this.#at;
    while (this.#at < this.#text.length && !/[\s,\]}]/.test(this.#text.charAt(this.#at))) {
      const close = this.#text.startsWith('{{', this.#at) ? this.#text.indexOf('}}', this.#at) : -1;
      this.#at = close < 0 ? this.#at + 1 : close + 2;
    }
    return this.#text.slice(start, this.#at);
  }

  #take(character: string): boolean {
    this.#skipSpace();
    if (this.#text.charAt(this.#at) !== character) return false;
    this.#at++;
    return true;
  }

  #skipSpace(): void {
    while (/\s/.test(this.#text.charAt(this.#at))) this.#at++;
  }

  #fail(start: number, end: number, message: string): void {
    if (!this.#failed) this.#problems.add('value', { start: this.#offset + start, end: this.#offset + end }, message);
    this.#failed = true;
  }
}

function nameProblem(name: string, names: ReadonlySet<string>): string | undefined {
  // amqplib would take the table for a value whose type is given.
  if (name === '!') return 'No table can have a name "!": the AMQP client keeps it for itself.';
  const bytes = Buffer.byteLength(name);
  if (bytes > 255) return `A name of ${bytes} bytes is too long; AMQP carries at most 255.`;
  return names.has(name) ? `The name ${JSON.stringify(visibleLine(name, 80))} is here twice.` : undefined;
}

/** `null` stands for itself. */
function isConstant(type: FieldType | undefined, text: string): boolean {
  return type === undefined && text === 'null';
}
