import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { queueTail } from '../../../src/broker/consume/queueTail.ts';
import { streamTail } from '../../../src/broker/consume/stream/streamTail.ts';
import { RotatingFile } from '../../../src/broker/files/rotatingFile.ts';
import { FileTail } from '../../../src/broker/saved/fileTail.ts';
import type { Draft } from '../../../src/broker/publish/draft.ts';
import { loadMessage, saveMessage, toPublish } from '../../../src/broker/saved/saved.ts';
import { ContentHeaders } from '../../support/contentHeaders.ts';
import { propertyList } from '../../support/propertyLists.ts';
import { python } from '../../support/python.ts';
import { Random } from '../../support/random.ts';
import { waitFor } from '../../support/waitFor.ts';
import { onEachVersion } from '../faults/versions.ts';
import { plainTraits } from '../support/core.ts';
import { bodiesIn } from '../support/fileTails.ts';
import { Scene } from './scene.ts';

/** Publishes messages whose properties are given as bytes: a line each, property list and body in hex. */
const publishRaw = `import pika,sys
class Raw(pika.BasicProperties):
    def __init__(self, raw): super().__init__(); self.raw=raw
    def encode(self): return [self.raw]
c=pika.BlockingConnection(pika.URLParameters(sys.argv[1])); ch=c.channel()
for line in open(sys.argv[3]):
    properties, body = line.rstrip('\\n').split(' ')
    ch.basic_publish('', sys.argv[2], bytes.fromhex(body), Raw(bytes.fromhex(properties)))
c.close()`;

/** Takes so many messages, and writes their property lists and bodies as they came, in hex. */
const readRaw = `import pika,sys
raw=[]
def decode(self, encoded, offset=0):
    raw.append(encoded[offset:].hex())
    return self
pika.BasicProperties.decode=decode
c=pika.BlockingConnection(pika.URLParameters(sys.argv[1])); ch=c.channel()
wanted=int(sys.argv[3]); bodies=[]
for method, properties, body in ch.consume(sys.argv[2], auto_ack=True):
    bodies.append(body.hex())
    if len(bodies) == wanted: break
ch.cancel(); c.close()
open(sys.argv[4],'w').write('\\n'.join(a+' '+b for a, b in zip(raw, bodies)))`;

onEachVersion('messages of every property and header type, saved and published again', (version) => {
  const scene = new Scene(version);
  before(() => scene.open());
  afterEach(() => scene.endTest());
  after(() => scene.close());

  const count = version.major >= 4 ? 2_000 : 10_000;

  it(`are the same bytes on the wire, ${count} of them`, async () => {
    const { vhost } = scene;
    const queue = await scene.declare();
    const copies = await scene.declare();
    const file = join(tmpdir(), `${vhost.vhost}.txt`);
    const proxy = await ContentHeaders.to(vhost.amqpPort);
    try {
      const random = new Random(20_261_122);
      const original = Array.from({ length: count }, (_, i) => {
        return `${propertyList(random, vhost.user).toString('hex')} ${Buffer.from(`\0${i}\xFF`, 'latin1').toString('hex')}`;
      });
      await writeFile(file, original.join('\n'));
      await python(publishRaw, [vhost.amqpUrl, queue, file], 60_000);
      await scene.vhost.hasCounts(queue, count, 0);

      const session = await scene.connected({ port: proxy.port });
      const buffer = { messages: count, bytes: 1e9 };
      const options = { queue, mode: 'hold', prefetch: count, traits: plainTraits, buffer } as const;
      const tail = session.openTail(queueTail(options));
      await tail.start();
      await waitFor(() => tail.buffer.lastNumber === count, { describe: () => `after ${tail.buffer.lastNumber}` });
      if (version.major < 4) assert.deepEqual(hex(proxy.delivered), listsOf(original));

      const drafts: Draft[] = [];
      for (let number = 1; number <= count; number++) {
        const message = tail.buffer.get(number);
        assert.ok(message);
        const saved = saveMessage(message);
        assert.ok('line' in saved, JSON.stringify(saved));
        const loaded = loadMessage(saved.line);
        assert.ok('draft' in loaded, JSON.stringify(loaded));
        const result = toPublish(loaded.draft, { name: vhost.user, mayImpersonate: false });
        assert.ok('draft' in result, JSON.stringify(result));
        drafts.push({ ...result.draft, routingKey: copies });
      }
      const delivered = hex(proxy.delivered);
      const kinds: string[] = [];
      await session.publisher.publishMany(drafts, { onOutcome: (_index, { kind }) => kinds.push(kind) });
      assert.deepEqual([kinds.length, new Set(kinds)], [count, new Set(['routed'])]);
      assert.deepEqual(hex(proxy.sent), delivered);

      await python(readRaw, [vhost.amqpUrl, copies, String(count), file], 60_000);
      const bodies = original.map((line) => line.split(' ')[1]);
      const read = (await readFile(file, 'utf8')).split('\n');
      assert.deepEqual(
        read,
        delivered.map((list, i) => `${list} ${bodies[i]}`),
      );
    } finally {
      await rm(file, { force: true });
      await proxy.dispose();
    }
  });

  it('are written to a file from a stream, from its first on and as they come', async () => {
    const queue = await scene.declare({ 'x-queue-type': 'stream' });
    await scene.fill(queue, 8_000);
    const folder = await mkdtemp(join(tmpdir(), 'warren-file-'));
    try {
      const path = join(folder, 'stream.jsonl');
      const buffer = { messages: 5_000, bytes: 1e9 };
      const options = { queue, start: { kind: 'first' }, reading: 'follow', pageSize: 100, buffer } as const;
      const tail = (await scene.connected()).openTail(streamTail(options));
      const fileTail = new FileTail(tail, await RotatingFile.create(path, 1e9), { acknowledges: false, mostLeft: 1 });
      await tail.start();
      await waitFor(() => fileTail.written >= 8_000, {
        describe: () => `${fileTail.written}, ${fileTail.missed} missed`,
      });
      await scene.fill(queue, 10, {}, 8_001);
      await waitFor(() => fileTail.written === 8_010, { describe: () => `${fileTail.written} written` });
      await fileTail.stop();
      assert.equal(fileTail.missed, 0);
      assert.deepEqual(
        await bodiesIn([path]),
        Array.from({ length: 8_010 }, (_, i) => String(i + 1)),
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

function hex(lists: readonly Buffer[]): string[] {
  return lists.map((list) => list.toString('hex'));
}

function listsOf(lines: readonly string[]): string[] {
  return lines.map((line) => line.split(' ', 1)[0] ?? '');
}
