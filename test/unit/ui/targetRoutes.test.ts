import assert from 'node:assert/strict';
import type { Session } from '../../../src/broker/session.ts';
import { AppError } from '../../../src/common/errors.ts';
import { TargetRoutes, type HeadersOfEach } from '../../../src/ui/publish/targetRoutes.ts';

const exchange = (name: string, type: string) => ({ name, type, internal: false, durable: true, arguments: {} });
const binding = (source: string, destination: string, args: object = {}) => ({
  source,
  destination,
  destinationType: 'queue',
  routingKey: '',
  arguments: args,
});

function sessionOf(bindings: () => Promise<unknown>): Session {
  const client = {
    exchanges: () => Promise.resolve([exchange('all', 'fanout'), exchange('by-tenant', 'headers')]),
    bindings,
    queues: () => Promise.resolve([{ name: 'a' }, { name: 'b' }]),
    policies: () => Promise.resolve([]),
  };
  const management = { kind: 'available', client };
  return { ready: () => Promise.resolve(), management, profile: { vhost: '/' } } as unknown as Session;
}

const bound = (): Promise<unknown> =>
  Promise.resolve([binding('all', 'a'), binding('all', 'b'), binding('by-tenant', 'b', { tenant: 'acme' })]);
const all = { exchange: 'all', routingKey: '' };
const byTenant = { exchange: 'by-tenant', routingKey: '' };

async function loaded(headers: HeadersOfEach): Promise<TargetRoutes> {
  const routes = new TargetRoutes(sessionOf(bound), headers);
  await routes.load(() => undefined);
  return routes;
}

describe('where messages would go, before a target is chosen', () => {
  it('is told by the headers that each of them has', async () => {
    const acme = { tenant: 'acme' };
    assert.equal((await loaded([acme])).of(byTenant), '→ 1 queue: b');
    assert.equal((await loaded([acme, acme])).of(byTenant), '→ 1 queue: b');
    const differing = await loaded([acme, {}]);
    assert.equal(differing.of(byTenant), '→ not the same queues for all of them, by their headers');
    assert.equal(differing.of(all), '→ 2 queues: a, b');
  });

  it('is left open where their headers are not known, or too many to look at', async () => {
    for (const headers of [undefined, Array.from({ length: 10_000 }, () => ({}))]) {
      const routes = await loaded(headers);
      assert.equal(routes.of(byTenant), '→ by the headers of each message');
      assert.equal(routes.of(all), '→ 2 queues: a, b');
    }
  });

  it('is said of a queue only where there is none', async () => {
    const routes = await loaded([{}]);
    assert.equal(routes.of({ exchange: '', routingKey: 'a' }), undefined);
    assert.equal(routes.of({ exchange: '', routingKey: 'gone' }), '→ no queue: it would be returned');
  });

  it('is not known before the bindings are, nor where nobody may read them; the exchanges are', async () => {
    const forbidden = new AppError('managementForbidden', { url: 'u', username: 'n', reason: 'r' });
    const routes = new TargetRoutes(
      sessionOf(() => Promise.reject(forbidden)),
      [{}],
    );
    let shown = 0;
    await routes.load(() => (shown += routes.exchanges.length));
    assert.deepEqual([shown, routes.of(all)], [2, undefined]);
  });
});
