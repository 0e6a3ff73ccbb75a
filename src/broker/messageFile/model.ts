import type { PropertyName } from './properties.ts';
import type { FieldType } from './fieldTypes.ts';

/** Offsets into the text of a message file, in UTF-16 units; `end` is the first after it. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** What a message file has wrong. None stops the parser; a message with an error is not published. */
export interface Problem {
  readonly code: ProblemCode;
  /** A sentence for people. */
  readonly message: string;
  readonly range: Range;
}

export type ProblemCode =
  | 'targetMissing'
  | 'target'
  | 'line'
  | 'unknownName'
  | 'duplicate'
  | 'value'
  | 'reference'
  | 'unknownVariable'
  | 'cyclicVariable'
  | 'variable'
  | 'body';

/** `{{name}}` or `{{$name args}}`. */
export interface Reference {
  /** With its `$`, if it is one of Warren's own. */
  readonly name: string;
  readonly args: readonly string[];
  readonly range: Range;
}

/** Text with references to variables in it; no two strings stand side by side, and none is empty. */
export type Template = readonly (string | Reference)[];

/** Where a message goes; a queue is the default exchange `''` with the queue's name as the key. */
export interface Target {
  readonly exchange: Template;
  readonly routingKey: Template;
}

/** A value of a header, with its AMQP type. */
export type FieldValue =
  | { readonly type: FieldType; readonly text: Template }
  | { readonly type: 'array'; readonly items: readonly FieldValue[] }
  | { readonly type: 'table'; readonly entries: readonly (readonly [name: string, value: FieldValue])[] };

export type Field =
  | { readonly kind: 'connection'; readonly value: Template }
  | { readonly kind: 'property'; readonly name: PropertyName; readonly value: Template }
  | { readonly kind: 'header'; readonly name: string; readonly value: FieldValue };

export type Body =
  /** Lines end with LF here; `eol` is what they end with when it is sent. */
  | { readonly kind: 'text'; readonly text: Template; readonly eol: 'lf' | 'crlf' }
  | { readonly kind: 'base64'; readonly content: Buffer }
  /** The content of a file, byte for byte; with `variables` it is UTF-8 text whose variables are resolved. */
  | { readonly kind: 'file'; readonly path: Template; readonly variables: boolean };

/** A message as it is written, before its variables have values. */
export interface Message {
  readonly name?: string;
  /** Undefined where it could not be read. */
  readonly target: Target | undefined;
  readonly fields: readonly Field[];
  readonly body: Body;
}

export interface Variable {
  readonly name: string;
  readonly value: Template;
}

/** `@name = value`; it holds in the whole file. */
export interface VariableNode extends Variable {
  readonly range: Range;
  readonly nameRange: Range;
}

export type FieldNode = Field & { readonly range: Range; readonly nameRange: Range; readonly valueRange: Range };

export interface TargetNode extends Target {
  readonly range: Range;
  /** Of the exchange as it is written; undefined for a queue. */
  readonly exchangeRange: Range | undefined;
  /** Of the queue, or of the routing key, which may be empty. */
  readonly keyRange: Range;
}

export interface MessageNode extends Message {
  /** From its `###` line, if it has one, to the line before the next. */
  readonly range: Range;
  /** Its `###` line. */
  readonly separator: Range | undefined;
  readonly target: TargetNode | undefined;
  readonly fields: readonly FieldNode[];
  /** From the target to the last line of the head. */
  readonly head: Range;
  /** The body as it is written, without the empty line before it and those after it. */
  readonly bodyRange: Range;
}

export interface MessageFile {
  readonly variables: readonly VariableNode[];
  readonly messages: readonly MessageNode[];
  /** In order of the text; after the first thousand the rest is left out. */
  readonly problems: readonly Problem[];
}
