// A window's tap by the firehose, to be killed. Its note is the file $3.
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { parseAmqpUri } from '../../../src/broker/amqpUri.ts';
import type { FirehoseNote } from '../../../src/broker/consume/tap/firehose.ts';
import { queueTap } from '../../../src/broker/consume/tap/taps.ts';
import { Session } from '../../../src/broker/session.ts';
import { systemClock } from '../../../src/common/clock.ts';

const [amqpUrl = '', managementUrl = '', file = '', queue = ''] = process.argv.slice(2);
const { target, password } = parseAmqpUri(amqpUrl);
const note: FirehoseNote = {
  isSet: () => existsSync(file),
  set: async () => writeFileSync(file, ''),
  clear: async () => rmSync(file),
};
const session = new Session({
  profile: { id: 'p', name: 'Test', ...target, managementUrl },
  secrets: async () => ({ password }),
  knownQueues: [],
  clock: systemClock,
});

async function run(): Promise<void> {
  await session.ready();
  const firehose = { scope: 'defaultExchange', note } as const;
  await session.openTail(queueTap({ queue, buffer: { messages: 100, bytes: 1e6 }, firehose })).start();
  process.stdout.write('tapping\n');
}

void run();
