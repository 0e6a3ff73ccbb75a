import assert from 'node:assert/strict';
import { templated, type BatchTemplate } from '../../../src/broker/batch/templated.ts';
import type { Item } from '../../../src/broker/batch/items/item.ts';
import { repeated } from '../../../src/broker/batch/items/repeat.ts';
import { parseMessageFile } from '../../../src/broker/messageFile/parse.ts';
import type { Draft } from '../../../src/broker/publish/draft.ts';
import { AppError } from '../../../src/common/errors.ts';

function template(text: string): BatchTemplate {
  const file = parseMessageFile(text);
  const [message] = file.messages;
  assert.ok(message);
  return {
    file,
    message,
    sources: {
      environment: new Map([['stage', 'test']]),
      clock: { now: () => 0 },
      random: () => 0,
      uuid: () => 'uuid',
      env: () => undefined,
      answers: new Map(),
    },
    readBody: (path) => Promise.resolve(Buffer.from(`content of ${path}`)),
  };
}

function item(values: Record<string, string>, content = 'piece'): Item {
  return { place: 'row 1', content: Buffer.from(content), contentType: 'text/plain', values };
}

async function drafts(text: string, ...items: Item[]): Promise<Draft[]> {
  const all: Draft[] = [];
  const read = async function* (): AsyncGenerator<Item> {
    yield* items;
  };
  for await (const draft of templated(read, template(text))) all.push(draft);
  return all;
}

describe('a template of a batch', () => {
  it('has the values of each piece, of itself and of the environment, in this order', async () => {
    const text = '@tenant = own\n@colour = red\n\norders > {{key}}.{{stage}}\n\n{{tenant}} {{colour}} {{$counter}}\n';
    const [first, second] = await drafts(text, item({ key: 'a', tenant: 'acme' }), item({ key: 'b', stage: 'live' }));
    assert.equal(first?.exchange, 'orders');
    assert.equal(first?.routingKey, 'a.test');
    assert.equal(first?.content.toString(), 'acme red 1');
    assert.equal(second?.routingKey, 'b.live');
    assert.equal(second?.content.toString(), 'own red 2');
  });

  it('without a body takes that of the piece, byte for byte', async () => {
    const content = Buffer.from([0xff, 0, 0x7b]);
    const [draft] = await drafts('orders\npriority: 5\n', { ...item({}), content });
    assert.deepEqual(draft?.content, content);
    assert.equal(draft?.properties.priority, 5);
  });

  it('can wrap the text of the piece', async () => {
    const [draft] = await drafts('orders\n\n[{{body}}]\n', item({}, '{"n":1}'));
    assert.equal(draft?.content.toString(), '[{"n":1}]');
  });

  it('may take its body from a file that the piece names', async () => {
    const [draft] = await drafts('orders\n\n< ./{{name}}.json\n', item({ name: 'one' }));
    assert.equal(draft?.content.toString(), 'content of ./one.json');
  });

  it('tells which piece does not fit it', async () => {
    const failed = drafts('orders\npriority: {{n}}\n\nx\n', item({ n: '5' }), {
      ...item({ n: 'many' }),
      place: 'row 2',
    });
    const error = await failed.catch((thrown: unknown) => thrown);
    assert.ok(error instanceof AppError && error.is('invalidInput'));
    assert.equal(error.params.field, 'row 2');
    assert.match(error.params.reason, /^does not fit the template: /);
  });

  it('is filled anew for each of many times', async () => {
    const all: string[] = [];
    const read = repeated({ content: Buffer.alloc(0), contentType: 'text/plain' }, 3);
    for await (const { content } of templated(read, template('orders\n\n{{$counter}}\n'))) all.push(content.toString());
    assert.deepEqual(all, ['1', '2', '3']);
  });
});
