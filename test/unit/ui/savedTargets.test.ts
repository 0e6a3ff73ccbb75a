import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Topology } from '../../../src/broker/routing/topology.ts';
import { savedTargets, savedTargetsLine, type SavedTarget } from '../../../src/ui/batch/savedTargets.ts';

const user = { name: 'guest', mayImpersonate: false };

function line(exchange: string, routingKey: string, properties: object = {}): string {
  return JSON.stringify({ warrenMessage: 1, exchange, routingKey, properties, body: '' });
}

const binding = (destination: string, routingKey: string) => ({
  source: 'events',
  destination,
  destinationType: 'queue' as const,
  routingKey,
  arguments: {},
});
const to = (exchangeName: string, routingKey: string, count = 1) => ({
  exchange: exchangeName,
  routingKey,
  headers: {},
  count,
});

describe('where the messages of a saved file would go', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'warren-saved-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function targetsOf(lines: readonly string[]): Promise<readonly SavedTarget[] | undefined> {
    const path = join(folder, 'saved.jsonl');
    await writeFile(path, lines.join('\n'));
    return savedTargets(path, user);
  }

  it('is looked at once for all that are alike, by the headers with which they are published', async () => {
    const acme = { tenant: 'acme' };
    const large = { '!': 'int64', value: '9007199254740993' };
    const targets = await targetsOf([
      line('by-tenant', '', { headers: acme }),
      line('by-tenant', '', { headers: { ...acme, 'x-delivery-count': 2 } }),
      line('by-tenant', '', { headers: { tenant: large } }),
      line('', 'orders'),
      'no message',
      line('', 'orders', { 'user-id': 'somebody else' }),
    ]);
    assert.deepEqual(
      targets?.map(({ exchange, routingKey, count }) => [exchange, routingKey, count]),
      [
        ['by-tenant', '', 2],
        ['by-tenant', '', 1],
        ['', 'orders', 1],
      ],
    );
    assert.deepEqual(targets?.[0]?.headers, acme);
  });

  it('is not looked at where they differ too much', async () => {
    assert.equal((await targetsOf(Array.from({ length: 200 }, (_, i) => line('', `q${i}`))))?.length, 200);
    assert.equal(await targetsOf(Array.from({ length: 201 }, (_, i) => line('', `q${i}`))), undefined);
  });

  it('names the queues, and counts those that no queue would get', () => {
    const exchange = { type: 'topic', internal: false, alternate: null };
    const bindings = [binding('b', 'new'), binding('a', 'new'), binding('c', 'old')];
    const topology: Topology = {
      exchanges: new Map([['events', { ...exchange, bindings }]]),
      queues: new Set(['a', 'b', 'c', 'orders']),
    };
    const words = (...targets: SavedTarget[]): string => savedTargetsLine(targets, topology);
    assert.equal(words(to('events', 'new'), to('', 'orders')), '→ 3 queues: a, b, orders');
    assert.equal(
      words(to('events', 'old'), to('', 'gone', 2), to('events', 'none', 3), to('nowhere', '')),
      '→ no such exchange, or an internal one, for 1 message: it would be refused · ' +
        '→ no queue for 5 messages: they would be returned · → 1 queue: c',
    );
    assert.equal(words(), '');
  });
});
