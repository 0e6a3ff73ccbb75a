import assert from 'node:assert/strict';
import { parseMessageFile } from '../../../src/broker/messageFile/parse.ts';
import { AppError } from '../../../src/common/errors.ts';
import { keysOf, MessageResults, resultWords, type MessageResult } from '../../../src/ui/messageFile/results.ts';

const result = (outcome: MessageResult['outcome'], exchange = ''): MessageResult => ({
  outcome,
  target: { exchange, routingKey: 'orders' },
  connection: 'local',
  at: new Date(2026, 0, 1, 12),
});

function keys(text: string): string[] {
  return [...keysOf(text, parseMessageFile(text)).values()];
}

describe('the result of a message in a file', () => {
  it('stays with the message that was published while others come and go, until its text changes', () => {
    const [first = '', second = ''] = keys('q\n\na\n###\nq\n\na\n');
    assert.notEqual(first, second);
    assert.deepEqual(keys('# note\n### name\nq\n\na\n'), [first]);
    assert.notDeepEqual(keys('q\n\nb\n'), [first]);
    const results = new MessageResults();
    const routed = result({ kind: 'routed' });
    results.set('file:a', first, routed);
    assert.deepEqual([results.get('file:a', first), results.get('file:a', second)], [routed, undefined]);
    results.forget('file:a');
    assert.equal(results.get('file:a', first), undefined);
  });

  it('is one of four, in a few words and in full', () => {
    const error = new AppError('publishNacked', { exchange: '', routingKey: 'orders' });
    const words = (['routed', 'unroutable', 'refused', 'unknown'] as const).map((kind) =>
      resultWords(result(kind === 'routed' || kind === 'unroutable' ? { kind } : { kind, error })),
    );
    assert.deepEqual(
      words.map(({ title }) => title.replace(/:.*| ·.*/, '')),
      ['✓ confirmed, routed', '⚠ unroutable', '✗ refused', '? unknown'],
    );
    for (const { tooltip } of words) assert.match(tooltip, /^local: .*\.$/);
    assert.match(resultWords(result({ kind: 'unroutable' }, 'events')).title, /no queue is bound for it/);
  });
});
