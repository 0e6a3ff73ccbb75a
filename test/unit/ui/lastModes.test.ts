import assert from 'node:assert/strict';
import type { Memento } from 'vscode';
import { LastModes } from '../../../src/ui/modes/lastModes.ts';

describe('how a queue was read last', () => {
  let stored: Map<string, unknown>;
  let modes: LastModes;

  beforeEach(() => {
    stored = new Map();
    const memento = {
      get: (key: string) => stored.get(key),
      update: (key: string, value: unknown) => Promise.resolve(void stored.set(key, value)),
    };
    modes = new LastModes(memento as unknown as Memento);
  });

  it('is remembered for each queue of each connection, until the connection goes', async () => {
    await modes.remember('one', 'orders', 'drain');
    await modes.remember('one', 'other', 'hold');
    await modes.remember('two', 'orders', 'hold');
    assert.equal(modes.of('one', 'orders'), 'drain');
    await modes.remember('one', 'orders', 'hold');
    assert.equal(modes.of('one', 'orders'), 'hold');
    await modes.forget('one');
    assert.equal(modes.of('one', 'other'), undefined);
    assert.equal(modes.of('two', 'orders'), 'hold');
  });

  it('has the number of messages that were asked for last, also when it was read otherwise meanwhile', async () => {
    await modes.remember('one', 'orders', 'peek', 20);
    await modes.remember('one', 'orders', 'hold');
    assert.equal(modes.countOf('one', 'orders'), 20);
    assert.equal(modes.of('one', 'orders'), 'hold');
    await modes.remember('one', 'orders', 'peek', 40);
    assert.equal(modes.countOf('one', 'orders'), 40);
    assert.equal(modes.countOf('one', 'other'), undefined);
    stored.set('warren.tailModes.one', [['orders', 'peek', 'x']]);
    assert.equal(modes.countOf('one', 'orders'), undefined);
  });

  it('is bounded, and survives what else may be stored there', async () => {
    stored.set('warren.tailModes.one', [['orders', 'juggle'], 'x', ['other', 'drain']]);
    assert.equal(modes.of('one', 'orders'), undefined);
    assert.equal(modes.of('one', 'other'), 'drain');
    for (let i = 0; i < 210; i++) await modes.remember('one', `q${i}`, 'hold');
    assert.equal(modes.of('one', 'q9'), undefined);
    assert.equal(modes.of('one', 'q209'), 'hold');
  });
});
