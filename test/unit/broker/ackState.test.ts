import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { AckState, type MessageState, type Settlement } from '../../../src/broker/consume/ackState.ts';

const settlements = ['acked', 'requeued', 'rejected'] as const;

function holding(...numbers: number[]): AckState {
  const acks = new AckState();
  for (const number of numbers) acks.hold(number, number + 100);
  return acks;
}

describe('the state of acknowledgements', () => {
  for (const settlement of settlements) {
    it(`turns held into ${settlement}, and gives the delivery tag`, () => {
      const acks = holding(1);
      assert.deepEqual(acks.settle([1], settlement), [{ number: 1, deliveryTag: 101 }]);
      assert.equal(acks.stateOf(1), settlement);
      assert.equal(acks.isHeld(1), false);
      assert.equal(acks.heldCount, 0);
    });

    for (const before of [...settlements, 'lost'] as const) {
      it(`leaves ${before} as it is when asked for ${settlement}, and gives nothing to tell the broker`, () => {
        const acks = holding(1);
        if (before === 'lost') acks.releaseAll('lost');
        else acks.settle([1], before);
        assert.deepEqual(acks.settle([1], settlement), []);
        assert.equal(acks.stateOf(1), before);
      });
    }
  }

  it('knows nothing of a number that never came', () => {
    const acks = holding(1);
    assert.equal(acks.stateOf(2), undefined);
    assert.deepEqual(acks.settle([2], 'acked'), []);
    assert.equal(acks.stateOf(2), undefined);
  });

  it('settles a number once when it is named twice', () => {
    assert.deepEqual(holding(1).settle([1, 1], 'acked'), [{ number: 1, deliveryTag: 101 }]);
  });

  it('settles those of several that are still held', () => {
    const acks = holding(1, 2, 3);
    acks.settle([2], 'rejected');
    assert.deepEqual(
      acks.settle([1, 2, 3, 4], 'acked').map((held) => held.number),
      [1, 3],
    );
    assert.equal(acks.stateOf(2), 'rejected');
  });

  it('tells what is held, oldest first', () => {
    const acks = holding(1, 2, 3);
    acks.settle([2], 'acked');
    assert.deepEqual(acks.heldNumbers(), [1, 3]);
    assert.equal(acks.heldCount, 2);
  });

  for (const state of ['lost', 'requeued'] as const) {
    it(`calls all that is held ${state} at its end, and nothing else`, () => {
      const acks = holding(1, 2, 3);
      acks.settle([2], 'acked');
      assert.deepEqual(acks.releaseAll(state), [1, 3]);
      assert.deepEqual(
        [1, 2, 3].map((number) => acks.stateOf(number)),
        [state, 'acked', state],
      );
      assert.deepEqual(acks.releaseAll(state), []);
    });
  }

  it('remembers the newest 10,000 settled ones, and every held one', () => {
    const acks = holding(0);
    for (let number = 1; number <= 10_001; number++) {
      acks.hold(number, number);
      acks.settle([number], 'acked');
    }
    assert.equal(acks.stateOf(0), 'held');
    assert.equal(acks.stateOf(1), undefined);
    assert.equal(acks.stateOf(2), 'acked');
    assert.equal(acks.stateOf(10_001), 'acked');
  });

  it('settles no message twice, whatever is asked in whatever order', () => {
    const number = fc.nat(12);
    const step = fc.oneof(
      fc.record({ kind: fc.constant('hold' as const) }),
      fc.record({
        kind: fc.constant('settle' as const),
        numbers: fc.array(number, { maxLength: 5 }),
        as: fc.constantFrom<Settlement>(...settlements),
      }),
      fc.record({ kind: fc.constant('release' as const), as: fc.constantFrom('lost' as const, 'requeued' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const acks = new AckState();
        const model = new Map<number, MessageState>();
        const told = new Set<number>();
        for (const each of steps) {
          if (each.kind === 'hold') {
            model.set(model.size, 'held');
            acks.hold(model.size - 1, model.size - 1 + 1000);
          } else if (each.kind === 'settle') {
            for (const held of acks.settle(each.numbers, each.as)) {
              assert.equal(held.deliveryTag, held.number + 1000);
              assert.equal(model.get(held.number), 'held');
              assert.ok(!told.has(held.number), 'told the broker twice');
              told.add(held.number);
              model.set(held.number, each.as);
            }
          } else {
            for (const released of acks.releaseAll(each.as)) model.set(released, each.as);
          }
          for (const [n, state] of model) assert.equal(acks.stateOf(n), state);
          const held = [...model].filter(([, state]) => state === 'held').map(([n]) => n);
          assert.deepEqual(acks.heldNumbers(), held);
        }
      }),
      { seed: 20263, numRuns: 500 },
    );
  });
});
