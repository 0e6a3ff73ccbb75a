import { bodyForms } from '../../broker/messageFile/body.ts';
import { fieldTypes } from '../../broker/messageFile/fieldTypes.ts';
import { printName, printText } from '../../broker/messageFile/names.ts';
import { ownVariables } from '../../broker/messageFile/ownVariables.ts';
import { propertyHelp, propertyNames } from '../../broker/messageFile/properties.ts';
import { literal } from '../../broker/messageFile/template.ts';
import type { Place } from './place.ts';

/** What is known of a connection's vhost when something is written; lists are empty where nothing is known. */
export interface WritingFacts {
  readonly connections: readonly string[];
  readonly queues: readonly { readonly name: string; readonly detail: string }[];
  readonly exchanges: readonly { readonly name: string; readonly detail: string }[];
  /** The keys of the bindings of an exchange. */
  readonly routingKeys: (exchange: string) => readonly { readonly name: string; readonly detail: string }[];
  /** Those of the file and of the chosen environment. */
  readonly variables: readonly { readonly name: string; readonly detail: string }[];
}

/** Something that can be written, for VS Code's list. */
export interface Suggestion {
  readonly label: string;
  readonly kind:
    'queue' | 'exchange' | 'routingKey' | 'property' | 'header' | 'value' | 'type' | 'variable' | 'connection';
  readonly detail: string;
  /** What is written instead of the label; a snippet where `isSnippet`. */
  readonly insert?: string;
  readonly isSnippet?: boolean;
  /** Suggestions are asked for again after it. */
  readonly goesOn?: boolean;
}

const contentTypes = [
  'application/json',
  'application/xml',
  'application/yaml',
  'application/octet-stream',
  'application/vnd.masstransit+json',
  'application/cloudevents+json',
  'text/plain',
  'text/xml',
];

/** What can be written at a place, best first. */
export function suggestionsAt(place: Place, facts: WritingFacts): Suggestion[] {
  switch (place.kind) {
    case 'none':
      return [];
    case 'reference':
      return variables(facts);
    case 'name':
      return [
        ...facts.queues.map((queue): Suggestion => named('queue', queue)),
        ...facts.exchanges.map((exchange): Suggestion => ({ ...named('exchange', exchange, ' > '), goesOn: true })),
      ];
    case 'routingKey':
      return facts.routingKeys(place.exchange).map((key) => named('routingKey', key));
    case 'field':
      return fields();
    case 'value':
      return place.isHeader ? headerValues() : valuesOf(place.field, facts);
  }
}

function named(
  kind: Suggestion['kind'],
  { name, detail }: { readonly name: string; readonly detail: string },
  after = '',
): Suggestion {
  return { label: name === '' ? '""' : name, kind, detail, insert: printName(literal(name)) + after };
}

function variables(facts: WritingFacts): Suggestion[] {
  const known = facts.variables.map(({ name, detail }): Suggestion => ({
    label: name,
    kind: 'variable',
    detail,
    insert: `${name}}}`,
  }));
  const own = ownVariables.map(({ name, snippet, help }): Suggestion => ({
    label: name,
    kind: 'variable',
    detail: help,
    insert: `${snippet.replace('$', '\\$')}}}`,
    isSnippet: true,
  }));
  return [...known, ...own];
}

function fields(): Suggestion[] {
  return [
    ...propertyNames.map((name): Suggestion => ({
      label: name,
      kind: 'property',
      detail: propertyHelp[name],
      insert: `${name}: `,
      goesOn: true,
    })),
    {
      label: 'connection',
      kind: 'property',
      detail: 'Connection to publish with, if not the active one',
      insert: 'connection: ',
      goesOn: true,
    },
    {
      label: 'body',
      kind: 'property',
      detail: 'How the body is written: text, crlf or base64',
      insert: 'body: ',
      goesOn: true,
    },
    { label: 'x-', kind: 'header', detail: 'A header', insert: 'x-${1:name}: ${0}', isSnippet: true },
    {
      label: '"header"',
      kind: 'header',
      detail: 'A header whose name does not begin with x-',
      insert: '"${1:name}": ${0}',
      isSnippet: true,
    },
  ];
}

function valuesOf(field: string, facts: WritingFacts): Suggestion[] {
  switch (field) {
    case 'content-type':
      return values(contentTypes);
    case 'content-encoding':
      return values(['gzip', 'deflate', 'identity']);
    case 'delivery-mode':
      return [
        { label: 'persistent', kind: 'value', detail: '2: survives a restart of the broker in a durable queue' },
        { label: 'transient', kind: 'value', detail: '1: does not' },
      ];
    case 'connection':
      return facts.connections.map((label) => ({
        label,
        kind: 'connection',
        detail: 'connection',
        insert: printText(literal(label)),
      }));
    case 'body':
      return values(bodyForms);
    case 'reply-to':
      return facts.queues.map(({ name, detail }) => ({
        label: name,
        kind: 'queue',
        detail,
        insert: printText(literal(name)),
      }));
    case 'timestamp':
      return values(['{{$timestamp}}'], 'Now');
    case 'message-id':
    case 'correlation-id':
      return values(['{{$uuid}}'], 'A random id');
    case 'expiration':
      return values(['60000'], 'A minute, in milliseconds');
    default:
      return [];
  }
}

function values(texts: readonly string[], detail = ''): Suggestion[] {
  return texts.map((label) => ({ label, kind: 'value', detail }));
}

function headerValues(): Suggestion[] {
  return [...fieldTypes, 'array', 'table'].map((label): Suggestion => {
    const insert =
      label === 'array'
        ? '[$0]'
        : label === 'table'
          ? '{ "${1:name}": $0 }'
          : label === 'void'
            ? 'void'
            : `${label} $0`;
    return { label, kind: 'type', detail: typeHelp[label] ?? 'type of the value', insert, isSnippet: true };
  });
}

const typeHelp: Readonly<Record<string, string>> = {
  string: 'Text, as without a type',
  bool: 'true or false',
  decimal: 'A number with its decimal places, such as 12.50',
  timestamp: 'Seconds since 1970, or a time such as 2026-01-31T12:00:00Z',
  bytes: 'Bytes in base64',
  void: 'No value',
  array: 'Values in brackets',
  table: 'Names and values in braces',
};
