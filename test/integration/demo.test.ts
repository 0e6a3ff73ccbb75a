import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root, run } from '../../scripts/lib/run.mjs';
import { freshVhost, type FreshVhost } from '../support/broker.ts';
import { Program } from '../support/program.ts';
import { PYTHON } from '../support/python.ts';
import { waitFor } from '../support/waitFor.ts';

type Language = 'javascript' | 'python';
type Name = 'send' | 'receive' | 'new_task' | 'worker';

const languages: readonly Language[] = ['javascript', 'python'];
const programs: readonly Name[] = ['send', 'receive', 'new_task', 'worker'];
const endings: Readonly<Record<Language, string>> = { javascript: '.js', python: '.py' };

describe('the demo workspace', () => {
  let vhost: FreshVhost;
  const running: Program[] = [];
  before(async () => {
    vhost = await freshVhost();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((program) => program.dispose()));
    for (const queue of await vhost.management.queueNames(vhost.vhost)) {
      await vhost.management.request('DELETE', `queues/${vhost.vhost}/${queue}`);
    }
  });
  after(() => vhost.dispose());

  const toBroker = (): NodeJS.ProcessEnv => ({ AMQP_URL: vhost.amqpUrl });

  /** Starts a program that waits for messages, ready when this settles. */
  async function start(language: Language, name: Name): Promise<Program> {
    const program = Program.start(...command(language, name), toBroker());
    running.push(program);
    await program.line(/^Waiting for /);
    return program;
  }

  function runToEnd(language: Language, name: Name, ...args: string[]): Promise<string> {
    const [program, own] = command(language, name);
    return run(program, [...own, ...args], { env: { ...process.env, ...toBroker() }, timeoutMs: 15_000 });
  }

  const counts = async (queue: string): Promise<unknown> => vhost.management.queueCounts(vhost.vhost, queue);

  for (const language of languages) {
    it(`has the programs of the tutorials in ${language}, and none besides that this suite does not run`, async () => {
      const found = await readdir(join(root, 'demo', language));
      assert.deepEqual(found.toSorted(), programs.map((name) => name + endings[language]).toSorted());
    });
  }

  for (const sender of languages) {
    for (const receiver of languages) {
      it(`passes a message from the sender in ${sender} to the receiver in ${receiver}`, async () => {
        const receiving = await start(receiver, 'receive');
        assert.equal(await runToEnd(sender, 'send'), 'Sent: Hello World!\n');
        await receiving.line(/^Received: Hello World!$/);
        await runToEnd(sender, 'send', 'grüße', '🐇');
        await receiving.line(/^Received: grüße 🐇$/);
      });

      it(`has a task of ${sender} done by a worker in ${receiver}, which acks it when it is done`, async () => {
        assert.equal(await runToEnd(sender, 'new_task', 'First..'), 'Sent: First..\n');
        await runToEnd(sender, 'new_task', 'Second');
        const working = await start(receiver, 'worker');
        await working.line(/^Received: First\.\.$/);
        // One at a time: the second waits in the queue, and the first is not off it yet.
        assert.deepEqual(await counts('task_queue'), { ready: 1, unacknowledged: 1, total: 2 });
        await working.line(/^Received: Second$/);
        assert.deepEqual(working.lines.slice(1, 4), ['Received: First..', 'Done', 'Received: Second']);
        await waitFor(async () => (await vhost.management.queueCounts(vhost.vhost, 'task_queue'))?.total === 0, {
          describe: 'both off the queue',
        });
      });
    }
  }

  it('sends tasks as persistent messages to a durable queue, whatever the language', async () => {
    for (const language of languages) await runToEnd(language, 'new_task', language);
    const messages = (await vhost.management.request('POST', `queues/${vhost.vhost}/task_queue/get`, {
      count: 10,
      ackmode: 'ack_requeue_false',
      encoding: 'auto',
    })) as { payload: string; properties: Record<string, unknown> }[];
    assert.deepEqual(
      messages.map(({ payload, properties }) => [payload, properties['delivery_mode']]),
      languages.map((language) => [language, 2]),
    );
    const queue = (await vhost.management.request('GET', `queues/${vhost.vhost}/task_queue`)) as { durable: boolean };
    assert.equal(queue.durable, true);
  });
});

function command(language: Language, name: Name): [string, string[]] {
  const file = join(root, 'demo', language, name + endings[language]);
  return language === 'python' ? [PYTHON, ['-u', file]] : [process.execPath, [file]];
}
