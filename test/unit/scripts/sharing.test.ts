import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { SharedFiles, sum } from '../../../scripts/lib/sharing.mjs';

const names = Array.from({ length: 29 }, (_, i) => `${i}.test.ts`);
const passed = (count: number) => ({ passed: count, failed: 0, skipped: 0, problems: [], failedFiles: [] });

describe('files that are shared between runs', () => {
  it('are run once each, in their order, many at first and one by one in the end', async () => {
    const parts: (readonly string[])[] = [];
    const outcome = await new SharedFiles(names).run((files) => {
      parts.push(files);
      return Promise.resolve(passed(files.length));
    });
    assert.deepEqual(parts.flat(), names);
    assert.deepEqual(
      parts.map(({ length }) => length),
      [8, 6, 4, 3, 2, 2, 1, 1, 1, 1],
    );
    assert.equal(outcome.passed, 29);
  });

  it('are run by whoever has time: one that comes late takes what is left', async () => {
    const shared = new SharedFiles(names);
    const ran: string[] = [];
    const run = async (files: readonly string[]) => {
      ran.push(...files);
      await turn();
      return passed(files.length);
    };
    const first = shared.run(run);
    const late = await shared.run(run);
    const both = sum([await first, late]);
    assert.ok(late.passed > 0 && late.passed < 29);
    assert.equal(both.passed, 29);
    assert.deepEqual(ran.toSorted(), names.toSorted());
    assert.equal(shared.isEmpty, true);
  });

  it('are not run again when none is left', async () => {
    const shared = new SharedFiles(['a.test.ts']);
    assert.equal(shared.isEmpty, false);
    assert.equal((await shared.run(() => Promise.resolve(passed(3)))).passed, 3);
    assert.equal((await shared.run(() => Promise.reject(new Error('none is left')))).passed, 0);
  });

  it('fail together with what failed in any of their parts', () => {
    const failed = { passed: 1, failed: 2, skipped: 1, problems: ['died'], failedFiles: ['/t/a.test.ts'] };
    const alone = { passed: 0, failed: 1, skipped: 0, problems: ['No test was run.'] };
    assert.deepEqual(sum([passed(5), failed, alone]), {
      passed: 6,
      failed: 3,
      skipped: 1,
      problems: ['died', 'No test was run.'],
      failedFiles: ['/t/a.test.ts'],
    });
  });
});
