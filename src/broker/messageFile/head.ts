import type { FieldNode, Range, TargetNode, Template, VariableNode } from './model.ts';
import { visibleLine } from '../../common/visibleText.ts';
import { bodyForms, type BodyForm } from './body.ts';
import { readFieldValue } from './fieldValue.ts';
import { looksLikeField, readName } from './names.ts';
import type { Problems } from './problems.ts';
import { convertProperty, isPropertyName, propertyNames } from './properties.ts';
import { readQuoted } from './quoted.ts';
import { literalText, readTemplate } from './template.ts';

/** Where a line and its parts stand. */
type Place = Pick<FieldNode, 'range' | 'nameRange' | 'valueRange'>;

/** Of a name in a problem, in characters. */
const longestShown = 80;

const variableLine = /^@[ \t]*([A-Za-z_][\w.-]*)[ \t]*=/;

/** The lines of a message up to the empty one, read one by one. */
export class Head {
  readonly fields: FieldNode[] = [];
  target: TargetNode | undefined;
  bodyForm: BodyForm = 'text';
  readonly #problems: Problems;
  readonly #variables: VariableNode[];
  readonly #names = new Set<string>();
  #range: Range | undefined;

  constructor(problems: Problems, variables: VariableNode[]) {
    this.#problems = problems;
    this.#variables = variables;
  }

  /** Whether there was more than comments and variables. */
  get hasBegun(): boolean {
    return this.#range !== undefined;
  }

  get range(): Range {
    return this.#range ?? { start: 0, end: 0 };
  }

  /** @param start of the line in the file */
  readLine(line: string, start: number): void {
    const text = line.trim();
    const offset = start + line.indexOf(text.charAt(0));
    if (text.startsWith('#') || text.startsWith('//')) return;
    const range = { start: offset, end: offset + text.length };
    if (text.startsWith('@')) {
      this.#readVariable(text, range);
      return;
    }
    if (this.#range) this.#readField(text, range);
    else if (looksLikeField(text)) {
      const message =
        'The first line of a message names a queue, or an exchange and a routing key: orders, or events > order.created.';
      this.#problems.add('targetMissing', range, message);
      this.#readField(text, range);
    } else this.target = this.#readTarget(text, range);
    this.#range = { start: this.#range?.start ?? range.start, end: range.end };
  }

  #readVariable(text: string, range: Range): void {
    const [before, name] = variableLine.exec(text) ?? [];
    if (before === undefined || name === undefined) {
      this.#problems.add('variable', range, 'A variable is written @name = value.');
      return;
    }
    const value = this.#readText(text, before.length, range.start);
    const nameStart = range.start + before.indexOf(name);
    this.#variables.push({ name, value, range, nameRange: { start: nameStart, end: nameStart + name.length } });
  }

  #readTarget(text: string, range: Range): TargetNode | undefined {
    const offset = range.start;
    const first = readName(text, 0, offset, this.#problems);
    const firstRange = { start: offset, end: offset + first.end };
    const afterFirst = skipSpace(text, first.end);
    if (text.charAt(afterFirst) !== '>') {
      if (first.end === 0 || afterFirst < text.length) {
        const message =
          'A target is one name, or an exchange, > and a routing key. Names with spaces, > or " are in quotes.';
        this.#problems.add('target', { start: offset + (first.end === 0 ? 0 : afterFirst), end: range.end }, message);
      }
      return { exchange: [], routingKey: first.template, range, exchangeRange: undefined, keyRange: firstRange };
    }
    if (first.end === 0)
      this.#problems.add('target', { start: offset, end: offset + 1 }, 'The name of an exchange must stand before >.');
    const keyStart = skipSpace(text, afterFirst + 1);
    const key = readName(text, keyStart, offset, this.#problems);
    const rest = skipSpace(text, key.end);
    if (rest < text.length) {
      const message = 'This is past the end of the routing key. Keys with spaces, > or " are in quotes.';
      this.#problems.add('target', { start: offset + rest, end: range.end }, message);
    }
    const keyRange = { start: offset + keyStart, end: offset + key.end };
    return { exchange: first.template, routingKey: key.template, range, exchangeRange: firstRange, keyRange };
  }

  #readField(text: string, range: Range): void {
    const quoted = text.startsWith('"') ? readQuoted(text, 0, range.start, this.#problems) : undefined;
    const colon = skipSpace(text, quoted?.end ?? endOfName(text));
    const nameEnd = quoted?.end ?? text.slice(0, colon).trimEnd().length;
    const nameRange = { start: range.start, end: range.start + nameEnd };
    if (text.charAt(colon) !== ':') {
      const message = 'A line of the head is a name, : and a value. An empty line comes before the body.';
      this.#problems.add('line', range, message);
      return;
    }
    const valueStart = skipSpace(text, colon + 1);
    const place = { range, nameRange, valueRange: { start: range.start + valueStart, end: range.end } };
    const field = this.#field(text, quoted?.template, text.slice(0, nameEnd), valueStart, place);
    if (!field) return;
    const name = field.kind === 'header' ? `"${field.name}` : field.kind === 'property' ? field.name : field.kind;
    this.#checkTwice(name, nameRange);
    this.fields.push(field);
  }

  #checkTwice(name: string, range: Range): void {
    if (this.#names.has(name))
      this.#problems.add('duplicate', range, `This is set twice: ${shown(name.replace(/^"/, ''))}.`);
    this.#names.add(name);
  }

  #field(
    text: string,
    quoted: Template | undefined,
    bareName: string,
    valueStart: number,
    place: Place,
  ): FieldNode | undefined {
    const { range, nameRange, valueRange } = place;
    const value = text.slice(valueStart);
    if (quoted) return this.#header(literalText(quoted), value, place);
    if (/^x-/i.test(bareName)) return this.#header(bareName.includes('{{') ? undefined : bareName, value, place);
    const name = bareName.toLowerCase();
    if (name === 'body') {
      this.#checkTwice(name, nameRange);
      this.#readBodyForm(value, valueRange);
      return undefined;
    }
    if (name === 'connection') {
      return { kind: name, value: this.#readText(text, valueStart, range.start), range, nameRange, valueRange };
    }
    if (!isPropertyName(name)) {
      this.#problems.add('unknownName', nameRange, unknownName(bareName));
      return undefined;
    }
    const template = this.#readText(text, valueStart, range.start);
    const known = literalText(template);
    const converted = known === undefined ? undefined : convertProperty(name, known);
    if (converted && 'reason' in converted) {
      this.#problems.add('value', value === '' ? nameRange : valueRange, `The property ${name} ${converted.reason}.`);
    }
    return { kind: 'property', name, value: template, range, nameRange, valueRange };
  }

  #header(name: string | undefined, value: string, { range, nameRange, valueRange }: Place): FieldNode | undefined {
    const bytes = name === undefined ? 0 : Buffer.byteLength(name);
    if (name === undefined) this.#problems.add('value', nameRange, 'The name of a header takes no variables.');
    else if (bytes > 255) {
      this.#problems.add('value', nameRange, `A name of ${bytes} bytes is too long; AMQP carries at most 255.`);
    }
    const read = readFieldValue(value, valueRange.start, this.#problems);
    return name === undefined ? undefined : { kind: 'header', name, value: read, range, nameRange, valueRange };
  }

  #readBodyForm(value: string, range: Range): void {
    const form = bodyForms.find((each) => each === value.toLowerCase());
    if (form) this.bodyForm = form;
    else this.#problems.add('value', range, `A body is one of ${bodyForms.join(', ')}.`);
  }

  /** A text that may be in quotes. */
  #readText(text: string, from: number, offset: number): Template {
    const start = skipSpace(text, from);
    if (text.charAt(start) !== '"') return readTemplate(text.slice(start), offset + start, this.#problems);
    const { template, end } = readQuoted(text, start, offset, this.#problems);
    if (end < text.length) {
      this.#problems.add(
        'value',
        { start: offset + end, end: offset + text.length },
        'This is past the closing quote.',
      );
    }
    return template;
  }
}

/** A bare name ends at white space or a colon. */
function endOfName(text: string): number {
  let at = 0;
  while (at < text.length && text.charAt(at) !== ':' && !isSpace(text, at)) at++;
  return at;
}

function unknownName(name: string): string {
  const known = ['connection', 'body', ...propertyNames].join(', ');
  return `${shown(name)} is no property of AMQP; there are ${known}. The name of a header begins with x- or is in quotes.`;
}

function shown(name: string): string {
  return name === '' ? '""' : visibleLine(name, longestShown);
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (isSpace(text, at)) at++;
  return at;
}

function isSpace(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 0x20 || code === 0x09 || (code < 0x21 ? code > 0x08 : code > 0x7f && /\s/.test(text.charAt(at)));
}
