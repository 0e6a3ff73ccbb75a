import assert from 'node:assert/strict';
import { waitFor } from '../../support/waitFor.ts';
import { onEachBroker, seenIn, textsOf, type Scene } from './scene.ts';
import { comesTo, hasTexts, publish, tapQueue, tells } from './tapping.ts';

onEachBroker('a tap of a queue', (on) => {
  it('takes nothing, marks nothing, and has no share in what was there before', async () => {
    const queue = await on.filled(3);
    const channel = await on.channel();
    await channel.assertExchange('plain', 'topic');
    await channel.bindQueue(queue, 'plain', 'a.#');
    const tap = await tapQueue(on.session, queue);
    await publish(on, [
      { exchange: 'plain', key: 'a.b', text: 'x' },
      { exchange: 'plain', key: 'other', text: 'nobody wants it' },
      { exchange: '', key: queue, text: 'straight' },
      { exchange: 'plain', key: 'a', text: 'y' },
    ]);
    await hasTexts(tap, ['x', 'y']);
    await tap.tail.stop();
    await on.vhost.hasCounts(queue, 6, 0);
    const left = await on.takeAll(queue);
    assert.deepEqual(textsOf(left), ['1', '2', '3', 'x', 'straight', 'y']);
    assert.ok(left.every(({ redelivered }) => !redelivered));
  });

  it('leaves nothing behind', async () => {
    const queue = await boundQueue(on, 'gone', 'fanout', '');
    const before = await on.vhost.management.queueNames(on.vhost.vhost);
    const tap = await tapQueue(on.session, queue);
    await tap.tail.stop();
    assert.deepEqual(await on.vhost.management.queueNames(on.vhost.vhost), before);
    assert.deepEqual(await bindingsOf(on, 'gone'), [queue]);
    assert.equal(tap.tail.status.kind, 'ended');
  });

  it('copies bindings of direct, topic, fanout and headers exchanges, numbers in their own type', async () => {
    const channel = await on.channel();
    const queue = await on.declare();
    for (const type of ['direct', 'topic', 'fanout', 'headers']) await channel.assertExchange(`t.${type}`, type);
    await channel.bindQueue(queue, 't.direct', 'k');
    await channel.bindQueue(queue, 't.topic', '*.k');
    await channel.bindQueue(queue, 't.fanout', '');
    const double = { '!': 'double', value: 5 };
    await channel.bindQueue(queue, 't.headers', '', { 'x-match': 'all', ratio: double, kind: 'order' });
    const long = '9007199254740993';
    await channel.bindQueue(queue, 't.headers', '', { 'x-match': 'any', id: { '!': 'long', value: long } });
    const tap = await tapQueue(on.session, queue);
    await publish(on, [
      { exchange: 't.direct', key: 'k', text: 'direct' },
      { exchange: 't.topic', key: 'a.k', text: 'topic' },
      { exchange: 't.fanout', key: 'whatever', text: 'fanout' },
      { exchange: 't.headers', key: '', text: 'all', options: { headers: { ratio: double, kind: 'order' } } },
      { exchange: 't.headers', key: '', text: 'any', options: { headers: { id: { '!': 'long', value: long } } } },
      { exchange: 't.headers', key: '', text: 'none', options: { headers: { kind: 'order' } } },
    ]);
    await hasTexts(tap, ['direct', 'topic', 'fanout', 'all', 'any']);
    await on.vhost.hasCounts(queue, 5, 0);
    await tap.tail.stop();
  });

  it('gets what comes through other exchanges, as an alternate, by CC and BCC, and dead-lettered', async () => {
    const channel = await on.channel();
    const queue = await boundQueue(on, 'inner', 'topic', 'a.#');
    await channel.assertExchange('outer', 'fanout');
    await channel.bindExchange('inner', 'outer', '');
    await channel.assertExchange('leftovers', 'fanout');
    await channel.bindQueue(queue, 'leftovers', '');
    await channel.assertExchange('picky', 'direct', { alternateExchange: 'leftovers' });
    const dying = await on.declare({ 'x-dead-letter-exchange': 'inner', 'x-dead-letter-routing-key': 'a.dead' });
    const tap = await tapQueue(on.session, queue);
    await publish(on, [
      { exchange: 'outer', key: 'a.1', text: 'through another' },
      { exchange: 'picky', key: 'unknown', text: 'alternate' },
      { exchange: 'inner', key: 'x', text: 'cc', options: { CC: ['a.cc'] } },
      { exchange: 'inner', key: 'x', text: 'bcc', options: { BCC: ['a.bcc'] } },
      { exchange: '', key: dying, text: 'dead', options: { expiration: '1' } },
    ]);
    await hasTexts(tap, ['through another', 'alternate', 'cc', 'bcc', 'dead']);
    await on.vhost.hasCounts(queue, 5, 0);
    await tap.tail.stop();
  });

  it('keeps off an exchange that splits: the others get their whole share', async () => {
    const channel = await on.channel();
    const queue = await boundQueue(on, 'hash', 'x-consistent-hash', '10');
    await channel.assertExchange('beside', 'fanout');
    await channel.bindQueue(queue, 'beside', '');
    const other = await on.declare();
    await channel.bindQueue(other, 'hash', '10');
    const tap = await tapQueue(on.session, queue);
    const { binding, why } = await tells(tap, 'leftOut');
    assert.deepEqual([binding.source, why], ['hash', 'splits']);
    const sent = Array.from({ length: 200 }, (_, at) => ({ exchange: 'hash', key: `k${at}`, text: String(at) }));
    await publish(on, [...sent, { exchange: 'beside', key: '', text: 'copied' }]);
    await hasTexts(tap, ['copied']);
    const counts = await Promise.all([channel.checkQueue(queue), channel.checkQueue(other)]);
    assert.equal(counts[0].messageCount + counts[1].messageCount, 201);
    await tap.tail.stop();
  });

  it('leaves the alternate exchange and mandatory publishers what is theirs', async () => {
    const channel = await on.channel();
    await channel.assertExchange('spare', 'fanout');
    const spare = await on.declare();
    await channel.bindQueue(spare, 'spare', '');
    await channel.assertExchange('main', 'topic', { alternateExchange: 'spare' });
    const queue = await on.declare();
    await channel.bindQueue(queue, 'main', 'a.*');
    const plain = await boundQueue(on, 'strict', 'direct', 'k');
    const [one, two] = [await tapQueue(on.session, queue), await tapQueue(on.session, plain)];
    const returned = await publish(on, [
      { exchange: 'main', key: 'a.b', text: 'wanted' },
      { exchange: 'main', key: 'b', text: 'left over' },
      { exchange: 'strict', key: 'k', text: 'routed', options: { mandatory: true } },
      { exchange: 'strict', key: 'none', text: 'unroutable', options: { mandatory: true } },
    ]);
    assert.deepEqual(returned, ['unroutable']);
    await hasTexts(one, ['wanted']);
    await hasTexts(two, ['routed']);
    assert.deepEqual(textsOf(await on.takeAll(spare)), ['left over']);
    await Promise.all([one.tail.stop(), two.tail.stop()]);
  });

  it('keeps the newest while it is paused, dead-letters nothing by a policy for all queues, and says what it lost', async () => {
    const { management, vhost } = on.vhost;
    const channel = await on.channel();
    const queue = await boundQueue(on, 'flood', 'fanout', '');
    await channel.assertExchange('grave', 'fanout');
    const grave = await on.declare();
    await channel.bindQueue(grave, 'grave', '');
    const definition = { 'dead-letter-exchange': 'grave', overflow: 'reject-publish' };
    await management.request('PUT', `policies/${vhost}/all`, { pattern: '.*', definition, 'apply-to': 'queues' });
    const tap = await tapQueue(on.session, queue);
    await tap.tail.pause();
    const sent = Array.from({ length: 10_050 }, (_, at) => ({ exchange: 'flood', key: '', text: String(at + 1) }));
    await publish(on, sent);
    await tap.tail.resume();
    await tells(tap, 'full');
    await waitFor(() => tap.tail.buffer.lastNumber === 10_000, { describe: 'the newest 10,000' });
    assert.equal(textsOf(seenIn(tap.tail.buffer))[0], '51');
    assert.equal((await channel.checkQueue(grave)).messageCount, 0);
    await on.vhost.hasCounts(queue, 10_050, 0);
    // The statistics may come in parts.
    const isAll = (): boolean => tap.events.some((event) => event.kind === 'dropped' && event.atLeast === 50);
    await waitFor(isAll, { timeoutMs: 30_000, describe: () => `50 dropped, not ${JSON.stringify(tap.events)}` });
    await management.request('DELETE', `policies/${vhost}/all`);
    await tap.tail.stop();
  });

  it('shows nothing while it is paused, and then what came meanwhile', async () => {
    const queue = await boundQueue(on, 'paused', 'fanout', '');
    const tap = await tapQueue(on.session, queue);
    await tap.tail.pause();
    await publish(on, [{ exchange: 'paused', key: '', text: 'meanwhile' }]);
    await on.vhost.hasCounts(queue, 1, 0);
    assert.equal(tap.tail.buffer.lastNumber, 0);
    await tap.tail.resume();
    await hasTexts(tap, ['meanwhile']);
    assert.equal((await comesTo(tap, 'running')).kind, 'running');
    await tap.tail.stop();
  });
});

async function boundQueue(on: Scene, exchange: string, type: string, key: string): Promise<string> {
  const channel = await on.channel();
  await channel.assertExchange(exchange, type);
  const queue = await on.declare();
  await channel.bindQueue(queue, exchange, key);
  return queue;
}

/** What is bound to an exchange. */
async function bindingsOf(on: Scene, exchange: string): Promise<string[]> {
  const path = `exchanges/${on.vhost.vhost}/${exchange}/bindings/source`;
  const bindings = (await on.vhost.management.request('GET', path)) as { destination: string }[];
  return bindings.map(({ destination }) => destination);
}
