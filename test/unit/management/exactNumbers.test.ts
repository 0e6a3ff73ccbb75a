import assert from 'node:assert/strict';
import { withTypedNumbers } from '../../../src/broker/management/exactNumbers.ts';

const read = (json: string): unknown => JSON.parse(withTypedNumbers(json));

describe('numbers of the management API', () => {
  it('keep the type that they have over AMQP', () => {
    assert.deepEqual(read('{"n":5,"d":5.0,"e":1.0e30,"m":-1.5}'), {
      n: 5,
      d: { '!': 'double', value: 5 },
      e: { '!': 'double', value: 1e30 },
      m: { '!': 'double', value: -1.5 },
    });
  });

  it('are not rounded', () => {
    assert.deepEqual(read('[9007199254740993,-9007199254740991]'), [
      { '!': 'long', value: '9007199254740993' },
      -9_007_199_254_740_991,
    ]);
  });

  it('are not looked for in strings', () => {
    const texts = ['1.5', 'a "1.5" b', String.raw`\ 1.5`, '}', '', 'é 9007199254740993'];
    assert.deepEqual(read(JSON.stringify({ texts, '1.5': 'name' })), { texts, '1.5': 'name' });
  });
});
