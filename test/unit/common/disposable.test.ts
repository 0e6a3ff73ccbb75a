import assert from 'node:assert/strict';
import { DisposableStore, toDisposable } from '../../../src/common/disposable.ts';

describe('a disposable', () => {
  it('runs its function once', () => {
    let runs = 0;
    const disposable = toDisposable(() => runs++);
    disposable.dispose();
    disposable.dispose();
    assert.equal(runs, 1);
  });
});

describe('a disposable store', () => {
  it('disposes in reverse order, and once', () => {
    const order: number[] = [];
    const store = new DisposableStore();
    for (const n of [1, 2, 3]) store.add({ dispose: () => order.push(n) });
    store.dispose();
    store.dispose();
    assert.deepEqual(order, [3, 2, 1]);
  });

  it('disposes at once of what is added after its end', () => {
    const store = new DisposableStore();
    store.dispose();
    let disposed = false;
    store.add({ dispose: () => (disposed = true) });
    assert.equal(disposed, true);
  });

  it('gives back what it was given', () => {
    const item = { dispose: () => undefined };
    assert.equal(new DisposableStore().add(item), item);
  });
});
