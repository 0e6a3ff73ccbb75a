import assert from 'node:assert/strict';
import { literalText } from '../../../src/broker/messageFile/template.ts';
import { parseMessageFile } from '../../../src/broker/messageFile/parse.ts';
import { suggestionsAt, type WritingFacts } from '../../../src/ui/messageFile/suggestions.ts';
import { fieldTypes } from '../../../src/broker/messageFile/fieldTypes.ts';

const facts: WritingFacts = {
  connections: ['local', ' "odd" {{name}}'],
  queues: [{ name: 'my queue', detail: '3 ready' }],
  exchanges: [{ name: 'events', detail: 'topic exchange' }],
  routingKeys: (exchange) => (exchange === 'events' ? [{ name: 'a.#', detail: 'bound to q' }] : []),
  variables: [{ name: 'tenant', detail: 'variable of this file' }],
};

describe('what can be written in a message file', () => {
  it('are the queues and exchanges of the broker, as a target has them', () => {
    const written = suggestionsAt({ kind: 'name', start: 0 }, facts).map(({ insert }) => insert);
    assert.deepEqual(written, ['"my queue"', 'events > ']);
    const keys = suggestionsAt({ kind: 'routingKey', start: 0, exchange: 'events' }, facts);
    assert.deepEqual(
      keys.map(({ label }) => label),
      ['a.#'],
    );
  });

  it('are lines of a head that can be read, once they have a value', () => {
    for (const { insert = '', label } of suggestionsAt({ kind: 'field', start: 0 }, facts)) {
      const line = insert.replace('${1:name}', 'name').replace('${0}', '');
      const problems = parseMessageFile(`q\n${line}\n`).problems.filter(({ code }) => code !== 'value');
      assert.deepEqual(problems, [], label);
    }
  });

  it('are values that their property takes', () => {
    for (const field of [
      'content-type',
      'content-encoding',
      'delivery-mode',
      'body',
      'timestamp',
      'message-id',
      'expiration',
      'reply-to',
      'connection',
    ]) {
      const values = suggestionsAt({ kind: 'value', start: 0, field, isHeader: false }, facts);
      assert.ok(values.length > 0, field);
      for (const { label, insert = label } of values) {
        const { problems, messages } = parseMessageFile(`q\n${field}: ${insert}\n`);
        assert.deepEqual(problems, [], label);
        const [written] = messages[0]?.fields ?? [];
        if (field === 'connection')
          assert.deepEqual(written?.kind === 'connection' && literalText(written.value), label);
      }
    }
  });

  it('are all types of a header', () => {
    const labels = suggestionsAt({ kind: 'value', start: 0, field: 'x-a', isHeader: true }, facts).map(
      ({ label }) => label,
    );
    assert.deepEqual(labels, [...fieldTypes, 'array', 'table']);
  });

  it('are the variables that have a value, closed', () => {
    const [known, uuid, ...others] = suggestionsAt({ kind: 'reference', start: 0 }, facts);
    assert.deepEqual([known?.insert, uuid?.insert, others.length], ['tenant}}', '\\$uuid}}', 6]);
  });
});
