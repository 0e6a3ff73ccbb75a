import assert from 'node:assert/strict';
import { numbers, onEachBroker, textsOf } from './scene.ts';

/** What every way of looking rests on, by a client that is not Warren. */
onEachBroker('a message that a closed channel returns', (on) => {
  it('is back in its old place in a classic queue, marked', async () => {
    const queue = await on.filled(4);
    await on.returnAll(queue, 1);
    const all = await on.takeAll(queue);
    assert.deepEqual(textsOf(all), numbers(4));
    assert.ok(all.every(({ redelivered, returns }) => redelivered && returns === undefined));
  });

  it('is back in its old place in a quorum queue, marked and counted', async () => {
    const queue = await on.filled(4, { 'x-queue-type': 'quorum' });
    await on.returnAll(queue, 2);
    const all = await on.takeAll(queue);
    assert.deepEqual(textsOf(all), numbers(4));
    assert.ok(all.every(({ redelivered, returns }) => redelivered && returns === 2));
  });
});
