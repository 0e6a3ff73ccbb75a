import * as fc from 'fast-check';
import type { Body, Field, FieldValue, Message, Template } from '../../../src/broker/messageFile/model.ts';
import type { FieldType } from '../../../src/broker/messageFile/fieldTypes.ts';
import { propertyNames } from '../../../src/broker/messageFile/properties.ts';
import { TemplateBuilder } from '../../../src/broker/messageFile/template.ts';

/** What has a meaning in message files, and what is hard to see. */
const pieces = [
  '{{',
  '}}',
  '###',
  '//',
  '< ',
  '<@ ',
  '5',
  '-0',
  '1.5',
  'int 5',
  'true',
  'null',
  'void',
  'x-a:',
  'type:',
  ...Array.from('{}\\#"<>@:,=[]/%\' \t-_.$aZé😀\u200b\u2028\u0000\u00a0\ufeff'),
];

/** One line of text, of what is hardest to write. */
export const lineText = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 6 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 12 }),
);

const bodyText = fc
  .array(fc.constantFrom(...pieces, '\n', '\n', '\n\n', '\n###', '\n\\', '\n\\###'), { maxLength: 12 })
  .map((parts) => parts.join(''));

const reference = fc
  .constantFrom(
    ['name', []] as const,
    ['a.b-c', []] as const,
    ['$uuid', []] as const,
    ['$randomInt', ['-1', '6']] as const,
  )
  .map(([name, args]) => ({ name, args, range: { start: 0, end: 0 } }));

function templateOf(text: fc.Arbitrary<string>): fc.Arbitrary<Template> {
  return fc
    .array(fc.oneof({ weight: 3, arbitrary: text }, { weight: 1, arbitrary: reference }), { maxLength: 4 })
    .map((parts) => {
      const template = new TemplateBuilder();
      for (const part of parts) template.add(part);
      return template.template;
    });
}

export const template = templateOf(lineText);

function scalar(type: FieldType, text: fc.Arbitrary<string>): fc.Arbitrary<FieldValue> {
  const known = text.map((each) => (each === '' ? [] : [each]));
  const written =
    type === 'void'
      ? known
      : fc.oneof({ weight: 4, arbitrary: known }, { weight: 1, arbitrary: reference.map((each) => [each]) });
  return written.map((each) => ({ type, text: each }));
}

const integer = (min: number, max: number): fc.Arbitrary<string> => fc.integer({ min, max }).map(String);

const anyScalar: fc.Arbitrary<FieldValue> = fc.oneof(
  { weight: 4, arbitrary: template.map((text) => ({ type: 'string' as const, text })) },
  scalar('bool', fc.constantFrom('true', 'false')),
  scalar('void', fc.constant('')),
  scalar('int8', integer(-128, 127)),
  scalar('int16', integer(-32768, 32767)),
  scalar('int32', integer(-(2 ** 31), 2 ** 31 - 1)),
  scalar('int64', fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)),
  scalar('uint8', integer(0, 255)),
  scalar('uint16', integer(0, 65535)),
  scalar('uint32', integer(0, 2 ** 32 - 1)),
  scalar('float', fc.oneof(fc.float({ noDefaultInfinity: true, noNaN: true }).map(jsonNumber), fc.constant('NaN'))),
  scalar('double', fc.oneof(fc.double().map(jsonNumber), fc.constantFrom('5', '-0.0', '1e5'))),
  scalar('decimal', fc.constantFrom('0', '12.50', '0.00', '4294967295')),
  scalar(
    'timestamp',
    fc.constantFrom('0', '1767225600', '2026-01-01T00:00:00Z', '2026-01-01T02:00:00+02:00', '18446744073709551615'),
  ),
  scalar('bytes', fc.base64String({ maxLength: 12 })),
);

/** `String` writes large numbers as JSON has them: `1e+21`. */
function jsonNumber(value: number): string {
  return Object.is(value, -0) ? '-0.0' : String(value);
}

const headerName = lineText.filter((name) => Buffer.byteLength(name) <= 255);

export const fieldValue = fc.letrec<{ value: FieldValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    anyScalar,
    fc.record({ type: fc.constant('array' as const), items: fc.array(tie('value'), { maxLength: 3 }) }),
    fc.record({
      type: fc.constant('table' as const),
      entries: fc.uniqueArray(
        fc.tuple(
          headerName.filter((name) => name !== '!'),
          tie('value'),
        ),
        {
          maxLength: 3,
          selector: ([name]) => name,
        },
      ),
    }),
  ),
})).value;

const properties: Readonly<Record<string, fc.Arbitrary<Template>>> = {
  'delivery-mode': fc.constantFrom(['persistent'], ['transient'], ['2']),
  priority: integer(0, 255).map((text) => [text]),
  timestamp: fc.constantFrom(['0'], ['2026-01-01T00:00:00Z']),
  expiration: integer(0, 1e9).map((text) => [text]),
};

/** Half of a surrogate pair cannot be sent in these. */
const wellFormed = template.map((parts) =>
  parts.map((part) => (typeof part === 'string' ? part.replaceAll(/\p{Cs}/gu, '') : part)),
);

const field: fc.Arbitrary<Field> = fc.oneof(
  fc
    .constantFrom(...propertyNames)
    .chain((name) => (properties[name] ?? wellFormed).map((value): Field => ({ kind: 'property', name, value }))),
  fc.record({
    kind: fc.constant('header' as const),
    name: fc.oneof(
      headerName,
      headerName.map((name) => `x-${name}`),
    ),
    value: fieldValue,
  }),
  fc.record({ kind: fc.constant('connection' as const), value: template }),
);

const body: fc.Arbitrary<Body> = fc.oneof(
  fc.record({
    kind: fc.constant('text' as const),
    text: templateOf(bodyText),
    eol: fc.constantFrom('lf' as const, 'crlf' as const),
  }),
  fc.record({
    kind: fc.constant('base64' as const),
    content: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  }),
  fc.record({
    kind: fc.constant('file' as const),
    path: template.filter((path) => path.length > 0),
    variables: fc.boolean(),
  }),
);

const nameOfField = (each: Field): string =>
  each.kind === 'header' ? `"${each.name}` : each.kind === 'property' ? each.name : each.kind;

export const message: fc.Arbitrary<Message> = fc
  .record({
    name: fc.option(
      lineText.map((text) => text.replaceAll(/\s+/g, ' ').trim()).filter((text) => text !== ''),
      { nil: undefined },
    ),
    target: fc.record({ exchange: template, routingKey: template }),
    fields: fc.uniqueArray(field, { maxLength: 4, selector: nameOfField }),
    body,
  })
  .map(({ name, ...rest }) => (name === undefined ? rest : { ...rest, name }));

export const variables = fc.uniqueArray(fc.record({ name: fc.constantFrom('a', 'name', 'a.b-c'), value: template }), {
  maxLength: 2,
  selector: ({ name }) => name,
});
