import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { ManagementSearch } from '../../../src/broker/management/search.ts';
import { fakeServer } from './fakeServer.ts';

const api: RequestListener = ({ headers, url }, response) => {
  if (headers.authorization === undefined) response.writeHead(401).end();
  else response.end(url === '/api/whoami' ? '{"name":"ann","tags":[]}' : '{"product_name":"RabbitMQ"}');
};

describe('the search for the management API', () => {
  it('finds nothing any more once what is known was forgotten', async () => {
    const server = await fakeServer(api);
    const at = { host: '127.0.0.1', port: 5672 };
    const target = { ...at, tls: false, vhost: '/', username: 'ann', managementUrl: server.url.href };
    const search = new ManagementSearch(target, async () => ({ password: 'secret' }));
    const node = { at, passedOver: [], product: 'RabbitMQ', version: '4.0.0', clusterName: undefined };
    try {
      await search.look(node);
      assert.equal(search.found?.kind, 'available');
      const late = search.look(node);
      search.forget();
      await late;
      assert.equal(search.found, undefined);
      assert.equal(search.isDue(node), true);
    } finally {
      search.forget();
      await server.close();
    }
  });
});
