import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { AppError } from '../../../src/common/errors.ts';
import { parseManagementUrl } from '../../../src/broker/management/baseUrl.ts';
import { candidateUrls, probeManagement } from '../../../src/broker/management/probe.ts';
import type { ConnectionTarget } from '../../../src/broker/profile.ts';
import { always, fakeServer, type FakeServer } from './fakeServer.ts';

const target: ConnectionTarget = { host: 'localhost', port: 5672, tls: false, vhost: '/', username: 'ann' };

const rabbitChallenge = 'Basic realm="RabbitMQ Management"';

/** Refuses the anonymous with `challenge`, and knows everybody else. */
function api(challenge: Record<string, string>, overview = '{"product_name":"RabbitMQ"}'): RequestListener {
  return (request, response) => {
    if (request.url === '/login') response.end('<title>LavinMQ</title>');
    else if (request.headers.authorization === undefined) response.writeHead(401, challenge).end();
    else response.end(request.url === '/api/whoami' ? '{"name":"ann","tags":["management"]}' : overview);
  };
}

describe('management probe', () => {
  let server: FakeServer | undefined;

  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  /** Serves, and returns a profile whose API is derived as being there. */
  async function derived(handler: RequestListener): Promise<ConnectionTarget> {
    server = await fakeServer(handler);
    return { ...target, host: '127.0.0.1', port: server.port - 10_000 };
  }

  function passwordsSent(): number {
    return (server?.requests ?? []).filter((request) => request.authorization !== undefined).length;
  }

  it('guesses the usual places on the same host, and over TLS only when AMQP is', () => {
    assert.deepEqual(candidateUrls(target), ['http://localhost:15672', 'https://localhost:15671']);
    assert.deepEqual(candidateUrls({ ...target, port: 5673 })[0], 'http://localhost:15673');
    const secure = candidateUrls({ ...target, host: '::1', port: 5671, tls: true });
    assert.deepEqual(secure, ['https://[::1]:15671', 'https://[::1]:443', 'https://[::1]:15672']);
    assert.deepEqual(candidateUrls({ ...target, port: 60_000 }), candidateUrls(target));
  });

  it('looks nowhere else when it was given a URL', () => {
    const managementUrl = 'http://elsewhere/rabbit';
    assert.deepEqual(candidateUrls({ ...target, tls: true, managementUrl }), [managementUrl]);
  });

  it('asks anonymously first, then with the password', async () => {
    const profile = await derived(api({ 'www-authenticate': rabbitChallenge }));
    const result = await probeManagement(profile, 'secret');
    assert.equal(result.kind, 'available');
    if (result.kind !== 'available') return;
    assert.deepEqual(result.user, { name: 'ann', tags: ['management'] });
    assert.equal(result.broker.product, 'RabbitMQ');
    assert.equal(server?.requests[0]?.authorization, undefined);
    result.client.dispose();
  });

  for (const [what, handler] of [
    ['answers 200 to anything', always(200, '<html></html>')],
    ['answers 200 with some JSON', always(200, '{"ok":true}')],
    ['answers 404', always(404, 'nothing')],
    ['asks for another kind of login', always(401, '', { 'www-authenticate': 'Bearer' })],
    ['asks for a login without saying how', always(401, '')],
    ['asks for a login to something else', always(401, '', { 'www-authenticate': 'Basic realm="Router"' })],
    ['redirects', always(302, '', { location: 'http://elsewhere/' })],
  ] as const) {
    it(`keeps the password from a server that ${what}`, async () => {
      const result = await probeManagement(await derived(handler), 'secret');
      assert.equal(result.kind, 'absent');
      assert.ok(server?.requests.length);
      assert.equal(passwordsSent(), 0);
    });
  }

  it('recognises a LavinMQ that refuses with a bare 401', async () => {
    const result = await probeManagement(await derived(api({}, '{"product_name":"LavinMQ"}')), 'secret');
    assert.equal(result.kind, 'available');
    if (result.kind === 'available') result.client.dispose();
  });

  it('passes over the API of another cluster, unless its URL was given', async () => {
    const handler = api({ 'www-authenticate': rabbitChallenge }, '{"product_name":"RabbitMQ","cluster_name":"theirs"}');
    const profile = await derived(handler);
    const guessed = await probeManagement(profile, 'secret', { clusterName: 'ours' });
    assert.equal(guessed.kind, 'absent');
    assert.equal(guessed.kind === 'absent' && guessed.tried[0]?.reason, 'it belongs to another cluster, theirs');
    const managementUrl = server?.url.href ?? '';
    const given = await probeManagement({ ...profile, managementUrl }, 'secret', { clusterName: 'ours' });
    assert.equal(given.kind, 'available');
    if (given.kind === 'available') given.client.dispose();
  });

  it('looks where it is told to guess, and trusts that no more than its own guesses', async () => {
    const profile = { ...(await derived(always(401, '', { 'www-authenticate': 'Bearer' }))), port: 1 };
    const candidates = [server?.url.href ?? ''];
    assert.equal((await probeManagement(profile, 'secret', { candidates })).kind, 'absent');
    assert.deepEqual([server?.requests.length !== 0, passwordsSent()], [true, 0]);
  });

  it('says that the API refuses the user', async () => {
    server = await fakeServer((request, response) => {
      const reason = request.headers.authorization === undefined ? '' : '{"reason":"Not management user"}';
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end(reason);
    });
    const managementUrl = server.url.href;
    const result = await probeManagement({ ...target, managementUrl }, 'secret');
    assert.deepEqual(result, { kind: 'forbidden', url: server.url.origin, reason: 'Not management user' });
  });

  it('says where it looked, and why it found nothing, without a login that was in the URL', async () => {
    server = await fakeServer(always(200, ''));
    const managementUrl = `http://bob:hidden@127.0.0.1:${server.port}/`;
    await server.close();
    const result = await probeManagement({ ...target, managementUrl }, 'secret');
    const url = server.url.origin;
    const reason = 'nothing listens there';
    assert.deepEqual(result, { kind: 'absent', reason, tried: [{ url, reason }] });
  });

  it('takes a URL that makes no sense for absence', async () => {
    const result = await probeManagement({ ...target, managementUrl: 'ftp://bob:hidden@x' }, 'secret');
    assert.equal(result.kind, 'absent');
    assert.ok(!JSON.stringify(result).includes('hidden'));
  });

  it('waits for a silent server no longer than told, and can be cancelled', async () => {
    const profile = await derived(() => {});
    const managementUrl = server?.url.href ?? '';
    const result = await probeManagement({ ...profile, managementUrl }, 'secret', { timeoutMs: 50 });
    assert.equal(result.kind === 'absent' && result.reason, 'no answer within 0.05 s');
    const abort = new AbortController();
    const pending = probeManagement({ ...profile, managementUrl }, 'secret', { signal: abort.signal });
    abort.abort();
    await assert.rejects(pending, (error) => error instanceof AppError && error.is('cancelled'));
  });
});

describe('management URL', () => {
  it('is read as people paste it', () => {
    for (const [text, href] of [
      ['http://h:15672', 'http://h:15672/'],
      ['https://h/rabbit/', 'https://h/rabbit'],
      [' http://u:p@h:15672/#/queues ', 'http://h:15672/'],
      ['http://h/prefix/api/', 'http://h/prefix'],
      ['http://[::1]:15672/api?x', 'http://[::1]:15672/'],
    ] as const) {
      assert.equal(parseManagementUrl(text).href, href);
    }
  });

  it('is refused without repeating it when it is none', () => {
    for (const text of ['', 'h:15672', 'ftp://u:hidden@h', 'http://u:hidden@h:99999']) {
      assert.throws(
        () => parseManagementUrl(text),
        (error) => error instanceof AppError && error.is('invalidUri') && !error.message.includes('hidden'),
      );
    }
  });
});
