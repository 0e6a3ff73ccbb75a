import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { root } from '../../../scripts/lib/run.mjs';
import { fieldTypeOf, fieldTypes } from '../../../src/broker/messageFile/fieldTypes.ts';
import { literalMessage } from '../../../src/broker/messageFile/literal.ts';
import type { FieldValue, MessageNode } from '../../../src/broker/messageFile/model.ts';
import { ownVariables } from '../../../src/broker/messageFile/ownVariables.ts';
import { parseMessageFile } from '../../../src/broker/messageFile/parse.ts';
import { propertyNames } from '../../../src/broker/messageFile/properties.ts';
import { resolveMessage } from '../../../src/broker/messageFile/resolve.ts';
import { literalText } from '../../../src/broker/messageFile/template.ts';
import { sources } from './sources.ts';

const path = join(root, 'docs', 'message-files.md');
const example = /```amqp\n([^`]*)```\n\n```json\n[^`]*```/g;

/** What a value is, with its type always said. */
function typed(value: FieldValue): unknown {
  if (value.type === 'array') return value.items.map(typed);
  if (value.type === 'table') return Object.fromEntries(value.entries.map(([name, each]) => [name, typed(each)]));
  return [value.type, literalText(value.text)].join(' ').trim();
}

/** What a file would have sent, by the names of AMQP. */
function sent(text: string): unknown[] {
  const file = parseMessageFile(text);
  assert.deepEqual(file.problems, [], text);
  const known = sources();
  return file.messages.map((message: MessageNode, i) => {
    const resolution = resolveMessage(file, message, { ...known, counter: i + 1 });
    assert.ok('message' in resolution, text);
    const { connection, exchange, routingKey, properties, body } = resolution.message;
    const content = body.kind === 'bytes' ? body.content : Buffer.alloc(0);
    const fields = literalMessage({ exchange, routingKey, content, properties }).fields;
    const headers = fields.flatMap((each) => (each.kind === 'header' ? [[each.name, typed(each.value)]] : []));
    return {
      ...(connection !== undefined && { connection }),
      ...(exchange !== '' && { exchange }),
      'routing-key': routingKey,
      ...Object.fromEntries(
        fields.flatMap((each) => (each.kind === 'property' ? [[each.name, literalText(each.value)]] : [])),
      ),
      ...(headers.length > 0 && { headers: Object.fromEntries(headers) as unknown }),
      ...(body.kind === 'bytes' ? { body: body.content.toString() } : { 'body-file': body.path }),
    };
  });
}

describe('the specification of message files', () => {
  const text = readFileSync(path, 'utf8');

  it('says of each example what is sent', async () => {
    assert.equal([...text.matchAll(example)].length, 5);
    const written = text.replaceAll(
      example,
      (_, file: string) =>
        `\`\`\`amqp\n${file}\`\`\`\n\n\`\`\`json\n${JSON.stringify(sent(file), undefined, 2)}\n\`\`\``,
    );
    const formatted = await format(written, { ...(await resolveConfig(path)), filepath: path });
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(path, formatted);
    assert.ok(
      readFileSync(path, 'utf8') === formatted,
      'docs/message-files.md is out of date: run the unit tests with UPDATE_DOCS=1',
    );
  });

  it('is what the messages of the demo workspace follow', () => {
    const messages = sent(readFileSync(join(root, 'demo', 'messages', 'orders.amqp'), 'utf8'));
    assert.equal(messages.length, 3);
  });

  it('names every property, type and variable', () => {
    for (const name of [...propertyNames, ...ownVariables.map((each) => each.name.slice(1))])
      assert.ok(text.includes(name), name);
    const types = /^type\s+=([^;]*);/m.exec(text)?.[1]?.match(/\w+/g) ?? [];
    assert.deepEqual(
      types.filter((type) => fieldTypeOf(type) === type),
      [...fieldTypes],
    );
    for (const type of types) assert.ok(fieldTypeOf(type), type);
  });
});
