// Publishes a batch until it is killed: `node publisherProcess.ts <amqp url> <queue> <count> <journal>`.
import { BatchRun } from '../../../src/broker/batch/batchRun.ts';
import { Journal } from '../../../src/broker/batch/journal.ts';
import { Publisher } from '../../../src/broker/publish/publisher.ts';
import { systemClock } from '../../../src/common/clock.ts';
import { Core } from '../support/core.ts';
import { numbered } from './numbered.ts';

const [url = '', queue = '', count = '', path = ''] = process.argv.slice(2);
const publisher = new Publisher(await new Core(url).connected());
const run = new BatchRun(publisher, numbered(queue, Number(count)), Journal.resume(path), { clock: systemClock });
run.onDidProgress(() => {
  if (run.journal.ledger.count('routed') === Number(count) / 4) process.stdout.write('a quarter\n');
});
await run.run(new AbortController().signal);
process.exit();
