import assert from 'node:assert/strict';
import { Emitter } from '../../../src/common/event.ts';

describe('an event', () => {
  it('reaches every listener in the order of subscription', () => {
    const emitter = new Emitter<number>();
    const seen: string[] = [];
    emitter.event((n) => seen.push(`a${n}`));
    emitter.event((n) => seen.push(`b${n}`));
    emitter.fire(1);
    assert.deepEqual(seen, ['a1', 'b1']);
  });

  it('reaches the other listeners when one throws, and hands over what was thrown', () => {
    const thrown: unknown[] = [];
    const emitter = new Emitter<void>((error) => thrown.push(error));
    const bug = new Error('bug');
    let reached = false;
    emitter.event(() => {
      throw bug;
    });
    emitter.event(() => (reached = true));
    emitter.fire();
    assert.equal(reached, true);
    assert.deepEqual(thrown, [bug]);
  });

  it('counts two subscriptions of one function as two', () => {
    const emitter = new Emitter<void>();
    let calls = 0;
    const listener = (): void => void calls++;
    const first = emitter.event(listener);
    emitter.event(listener);
    emitter.fire();
    first.dispose();
    first.dispose();
    emitter.fire();
    assert.equal(calls, 3);
  });

  it('is not missed by a listener when another unsubscribes during it', () => {
    const emitter = new Emitter<void>();
    const seen: string[] = [];
    const first = emitter.event(() => {
      seen.push('first');
      first.dispose();
    });
    emitter.event(() => seen.push('second'));
    emitter.fire();
    emitter.fire();
    assert.deepEqual(seen, ['first', 'second', 'second']);
  });

  it('reaches a listener added during it only the next time', () => {
    const emitter = new Emitter<void>();
    let late = 0;
    let added = false;
    emitter.event(() => {
      if (!added) emitter.event(() => late++);
      added = true;
    });
    emitter.fire();
    assert.equal(late, 0);
    emitter.fire();
    assert.equal(late, 1);
  });

  it('reaches nobody after disposal', () => {
    const emitter = new Emitter<void>();
    let calls = 0;
    emitter.event(() => calls++);
    emitter.dispose();
    emitter.fire();
    assert.equal(calls, 0);
  });
});
