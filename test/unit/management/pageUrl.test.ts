import assert from 'node:assert/strict';
import { managementPageUrl } from '../../../src/broker/management/pageUrl.ts';

const rabbit = { product: 'RabbitMQ', tags: ['management'] };
const base = 'https://m.example/prefix';

describe('the management page', () => {
  it('of a queue is at its vhost and name, whatever they are', () => {
    assert.equal(managementPageUrl(base, { vhost: '/', queue: 'orders' }, rabbit), `${base}/#/queues/%2F/orders`);
    assert.equal(
      managementPageUrl(base, { vhost: 'a b', queue: '100% of #1/2?é' }, rabbit),
      `${base}/#/queues/a%20b/100%25%20of%20%231%2F2%3F%C3%A9`,
    );
    assert.equal(managementPageUrl(base, { vhost: 'v', queue: '\ud800' }, rabbit), `${base}/#/queues/v/%EF%BF%BD`);
  });

  it('of a vhost is for administrators, and the start page for others', () => {
    assert.equal(managementPageUrl(base, { vhost: '/' }, rabbit), `${base}/`);
    const administrator = { ...rabbit, tags: ['administrator'] };
    assert.equal(managementPageUrl(base, { vhost: '/' }, administrator), `${base}/#/vhosts/%2F`);
  });

  it('of LavinMQ has addresses of its own', () => {
    const lavin = { product: 'LavinMQ', tags: ['administrator'] };
    assert.equal(managementPageUrl(base, { vhost: '/', queue: 'a&b' }, lavin), `${base}/queue#vhost=%2F&name=a%26b`);
    assert.equal(managementPageUrl(base, { vhost: '/' }, lavin), `${base}/`);
  });
});
