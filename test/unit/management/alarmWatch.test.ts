import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AlarmWatch } from '../../../src/broker/management/alarmWatch.ts';
import type { ManagementClient } from '../../../src/broker/management/client.ts';
import type { Alarm } from '../../../src/broker/management/model.ts';
import { AppError } from '../../../src/common/errors.ts';
import { FakeClock } from '../../support/fakeClock.ts';

const short = (...resources: string[]): (() => Promise<Alarm[]>) => {
  return async () => resources.map((resource) => ({ node: 'a@b', resource }));
};
const failing = async (): Promise<never> => {
  throw new AppError('managementUnreachable', { url: '', reason: '' });
};

describe('the watch for alarms', () => {
  let clock: FakeClock;
  let reasons: (string | undefined)[];
  let watch: AlarmWatch;
  let answers: (() => Promise<readonly Alarm[]>)[];
  beforeEach(() => {
    clock = new FakeClock();
    reasons = [];
    watch = new AlarmWatch(clock, () => reasons.push(watch.reason));
    answers = [];
  });

  const client = { alarms: () => answers.shift()?.() ?? Promise.resolve([]) } as unknown as ManagementClient;
  it('says which resource is short, in the words that a connection is blocked with', async () => {
    answers = [short('memory'), short('disk space', 'memory'), short('disk space')];
    for (let i = 0; i < 3; i++) await watch.read(client);
    assert.deepEqual(reasons, ['low on memory', 'low on memory & disk', 'low on disk']);
  });

  it('looks again as long as there is an alarm, and no longer', async () => {
    answers = [short('memory'), short('memory'), failing, short()];
    await watch.read(client);
    for (let i = 0; i < 3; i++) {
      assert.equal(clock.timers, 1);
      assert.equal(watch.reason, 'low on memory');
      clock.pass(10_000);
      await nextTurn();
    }
    assert.deepEqual(reasons, ['low on memory', undefined]);
    assert.equal(clock.timers, 0);
  });

  it('keeps no timer, and takes no late answer, once it is cleared', async () => {
    answers = [short('memory'), short('memory')];
    await watch.read(client);
    const reading = watch.read(client);
    watch.clear();
    await reading;
    assert.deepEqual(reasons, ['low on memory', undefined]);
    assert.equal(clock.timers, 0);
  });
});
