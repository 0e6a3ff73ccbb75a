import { AppError, toAppError } from '../../common/errors.ts';
import { visibleLine } from '../../common/visibleText.ts';
import { checkShortString, validateDraft, type DraftProperties } from '../publish/draft.ts';
import { convertField } from './fieldTypes.ts';
import type { Body, FieldValue, MessageFile, MessageNode, Problem, Range, Template, TargetNode } from './model.ts';
import { mostProblems, Problems } from './problems.ts';
import { convertProperty } from './properties.ts';
import { readTemplate } from './template.ts';
import { promptLabels, UnresolvedReference, Variables, type VariableSources } from './variables.ts';

/** A message whose variables have their values. */
export interface ResolvedMessage {
  /** Undefined: the active one. */
  readonly connection: string | undefined;
  readonly exchange: string;
  readonly routingKey: string;
  /** With typed headers as amqplib takes them. */
  readonly properties: DraftProperties;
  readonly body: ResolvedBody;
}

export type ResolvedBody =
  | { readonly kind: 'bytes'; readonly content: Buffer }
  /** Whoever resolves the path reads the file; `text`, if there is one, makes the body of what it holds. */
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly range: Range;
      readonly text?: (content: string) => string;
    };

export type Resolution =
  | { readonly message: ResolvedMessage }
  /** Why the message cannot be published; at least one. */
  | { readonly problems: readonly Problem[] };

/** What the labels of a message's prompts are, each once. A file that the body is taken from may have more. */
export function promptsOf(file: MessageFile, message: MessageNode): string[] {
  return promptLabels(file, templatesOf(message));
}

/**
 * What the parser has found that keeps a message from being published: in itself, or in the variables of the file. Where it
 * has stopped counting, nothing is known of the rest.
 */
function blockingProblems(file: MessageFile, { range }: MessageNode): readonly Problem[] {
  if (file.problems.length === 0 || file.problems.length >= mostProblems) return file.problems;
  const places = [range, ...file.variables.map((variable) => variable.range)];
  return file.problems.filter((problem) =>
    places.some(({ start, end }) => problem.range.start >= start && problem.range.start <= end),
  );
}

/** All templates of a message, in the order of the text. */
export function templatesOf({ target, fields, body }: MessageNode): Template[] {
  return [
    ...(target ? [target.exchange, target.routingKey] : []),
    ...fields.flatMap((field) => (field.kind === 'header' ? templatesIn(field.value) : [field.value])),
    ...(body.kind === 'text' ? [body.text] : body.kind === 'file' ? [body.path] : []),
  ];
}

function templatesIn(value: FieldValue): Template[] {
  if (value.type === 'array') return value.items.flatMap(templatesIn);
  return value.type === 'table' ? value.entries.flatMap(([, each]) => templatesIn(each)) : [value.text];
}

/** Gives a message its values. Never throws: everything that is in the way becomes a problem at its place. */
export function resolveMessage(file: MessageFile, node: MessageNode, sources: VariableSources): Resolution {
  const found = blockingProblems(file, node);
  return found.length > 0 ? { problems: found } : new Resolver(file, node, sources).resolve();
}

class Resolver {
  readonly #node: MessageNode;
  readonly #variables: Variables;
  readonly #problems: Problem[] = [];

  constructor(file: MessageFile, node: MessageNode, sources: VariableSources) {
    this.#node = node;
    this.#variables = new Variables(file, sources);
  }

  resolve(): Resolution {
    const { target, body, range } = this.#node;
    const place = target ? this.#target(target) : undefined;
    const rest = this.#fields();
    const resolvedBody = this.#body(body);
    if (this.#problems.length > 0 || !place || !resolvedBody) return { problems: this.#problems };
    const { connection, properties } = rest;
    try {
      validateDraft({ ...place, content: Buffer.alloc(0), properties });
    } catch (error) {
      return { problems: [{ code: 'value', range, message: reasonOf(error) }] };
    }
    return { message: { connection, ...place, properties, body: resolvedBody } };
  }

  #target(target: TargetNode): { exchange: string; routingKey: string } | undefined {
    const exchange = this.#name('exchange', target.exchange, target.exchangeRange ?? target.range);
    const routingKey = this.#name('routing key', target.routingKey, target.keyRange);
    return exchange === undefined || routingKey === undefined ? undefined : { exchange, routingKey };
  }

  #name(what: string, template: Template, range: Range): string | undefined {
    const text = this.#text(template);
    try {
      if (text !== undefined) checkShortString(what, text);
      return text;
    } catch (error) {
      this.#problems.push({ code: 'target', range, message: reasonOf(error) });
      return undefined;
    }
  }

  #fields(): { connection: string | undefined; properties: DraftProperties } {
    let connection: string | undefined;
    let properties: DraftProperties = {};
    const headers: [string, unknown][] = [];
    for (const field of this.#node.fields) {
      if (field.kind === 'header') headers.push([field.name, this.#field(field.name, field.value, field.valueRange)]);
      else if (field.kind === 'connection') connection = this.#text(field.value);
      else {
        const text = this.#text(field.value);
        const converted = text === undefined ? undefined : convertProperty(field.name, text);
        if (converted && 'reason' in converted) {
          this.#fail(field.valueRange, `The property ${field.name} ${converted.reason}.`);
        } else properties = { ...properties, ...converted?.properties };
      }
    }
    // A name such as __proto__ is a name like any other.
    return {
      connection,
      properties: headers.length === 0 ? properties : { ...properties, headers: Object.fromEntries(headers) },
    };
  }

  #field(name: string, value: FieldValue, range: Range): unknown {
    if (value.type === 'array') return value.items.map((item) => this.#field(name, item, range));
    if (value.type === 'table') {
      return Object.fromEntries(value.entries.map(([key, each]) => [key, this.#field(name, each, range)]));
    }
    const text = this.#text(value.text);
    const converted = text === undefined ? undefined : convertField(value.type, text);
    if (!converted) return undefined;
    if ('value' in converted) return converted.value;
    this.#fail(range, `A value of type ${value.type} in the header ${visibleLine(name, 80)} ${converted.reason}.`);
    return undefined;
  }

  #body(body: Body): ResolvedBody | undefined {
    if (body.kind === 'base64') return { kind: 'bytes', content: body.content };
    if (body.kind === 'file') {
      const path = this.#text(body.path);
      if (path === undefined) return undefined;
      const range = this.#node.bodyRange;
      return { kind: 'file', path, range, ...(body.variables && { text: (content) => this.#fileText(content) }) };
    }
    const template = body.eol === 'crlf' ? body.text.map(withCrlf) : body.text;
    const text = this.#text(template);
    return text === undefined ? undefined : { kind: 'bytes', content: Buffer.from(text, 'utf8') };
  }

  /** @throws AppError `invalidInput` */
  #fileText(content: string): string {
    const problems = new Problems();
    const template = readTemplate(content, 0, problems);
    const [problem] = problems.list;
    if (problem) throw new AppError('invalidInput', { field: 'body', reason: problem.message });
    try {
      return this.#variables.textOf(template);
    } catch (error) {
      if (!(error instanceof UnresolvedReference)) throw error;
      throw new AppError('invalidInput', { field: 'body', reason: error.message }, { cause: error });
    }
  }

  #text(template: Template): string | undefined {
    try {
      return this.#variables.textOf(template);
    } catch (error) {
      if (!(error instanceof UnresolvedReference)) throw error;
      this.#problems.push(error.problem);
      return undefined;
    }
  }

  #fail(range: Range, message: string): void {
    this.#problems.push({ code: 'value', range, message });
  }
}

function withCrlf<T>(part: T | string): T | string {
  return typeof part === 'string' ? part.replaceAll('\n', '\r\n') : part;
}

function reasonOf(error: unknown): string {
  const failure = toAppError(error);
  return failure.is('invalidInput')
    ? `${capitalized(failure.params.field)} ${failure.params.reason}.`
    : failure.message;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
