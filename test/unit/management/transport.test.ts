import assert from 'node:assert/strict';
import * as net from 'node:net';
import type { RequestListener } from 'node:http';
import { inspect } from 'node:util';
import { AppError, type ErrorCode } from '../../../src/common/errors.ts';
import { Transport, type TransportOptions } from '../../../src/broker/management/transport.ts';
import { always, fakeServer, type FakeServer } from './fakeServer.ts';

const credentials = { username: 'ann', password: 'hünter2 "x"' };
const token = Buffer.from('ann:hünter2 "x"', 'utf8').toString('base64');

describe('management transport', () => {
  let server: FakeServer | undefined;
  const opened: { dispose(): void | Promise<void> }[] = [];

  afterEach(async () => {
    for (const each of opened.splice(0)) await each.dispose();
  });

  async function serve(handler: RequestListener, options: Partial<TransportOptions> = {}): Promise<Transport> {
    const started = await fakeServer(handler);
    const transport = new Transport({ baseUrl: started.url, credentials, ...options });
    opened.push(transport, { dispose: () => started.close() });
    server = started;
    return transport;
  }

  it('sends the login as UTF-8 and reads JSON below the path prefix', async () => {
    const open = await serve(always(200, '{"a":"é"}'));
    const prefixed = new Transport({ baseUrl: new URL('/some/prefix', open.baseUrl), credentials });
    assert.deepEqual(await prefixed.get('/api/queues/v/..?x=1'), { a: 'é' });
    prefixed.dispose();
    assert.deepEqual(server?.requests, [{ path: '/some/prefix/api/queues/v/..?x=1', authorization: `Basic ${token}` }]);
  });

  it('keeps its socket for the next request', async () => {
    const sockets = new Set<unknown>();
    const open = await serve((request, response) => {
      sockets.add(request.socket);
      response.end('[]');
    });
    for (let i = 0; i < 3; i++) await open.get('/api/x');
    assert.equal(sockets.size, 1);
  });

  it('asks again when the kept socket was closed under it', async () => {
    let asked = 0;
    const open = await serve((request, response) => {
      asked++;
      if (asked === 2) request.socket.destroy();
      else response.end('[]');
    });
    await open.get('/api/x');
    assert.deepEqual(await open.get('/api/x'), []);
    assert.equal(asked, 3);
  });

  it('gives up after its time-out, also in the middle of a body', async () => {
    const silent = await serve(() => {}, { timeoutMs: 50 });
    await failsWith('timeout', silent.get('/api/x'));
    await server?.close();
    const slow = await serve((_request, response) => void response.writeHead(200).write('['), { timeoutMs: 50 });
    await failsWith('timeout', slow.get('/api/x'));
  });

  it('is cancelled by a signal, before and after the request has left', async () => {
    const open = await serve(() => {});
    await failsWith('cancelled', open.get('/api/x', { signal: AbortSignal.abort() }));
    assert.equal(server?.requests.length, 0);
    const abort = new AbortController();
    const pending = open.get('/api/x', { signal: abort.signal });
    abort.abort();
    await failsWith('cancelled', pending);
  });

  it('cancels what is under way when it is disposed, and refuses what comes after', async () => {
    const open = await serve(() => {});
    const pending = open.get('/api/x');
    open.dispose();
    await failsWith('cancelled', pending);
    await failsWith('cancelled', open.get('/api/x'));
  });

  it('does not take a larger body than it was told', async () => {
    const open = await serve(always(200, JSON.stringify('x'.repeat(2000))), { maxBytes: 1000 });
    const error = await failsWith('managementBadReply', open.get('/api/x'));
    assert.match(error.message, /larger than 1000 bytes/);
  });

  it('reads 10 MB', async () => {
    const open = await serve(always(200, JSON.stringify('x'.repeat(10_000_000))));
    assert.equal(((await open.get('/api/x')) as string).length, 10_000_000);
  });

  it('says that a body broke off', async () => {
    const open = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('[1,', () => response.destroy());
    });
    const error = await failsWith('managementBadReply', open.get('/api/x'));
    assert.match(error.message, /broke off after 3 bytes/);
  });

  for (const [what, body, reason] of [
    ['HTML', '<!DOCTYPE html><title>Router</title>', 'HTML'],
    ['truncated JSON', '[{"name":"a"},{"na', 'not JSON'],
    ['nothing', '', 'not JSON'],
  ] as const) {
    it(`calls ${what} a bad reply`, async () => {
      const error = await failsWith('managementBadReply', (await serve(always(200, body))).get('/api/x'));
      assert.match(error.message, new RegExp(reason));
    });
  }

  it('follows no redirect, and says where it points, without a login that is in it', async () => {
    const other = await fakeServer(always(200, '[]'));
    const location = `http://bob:secret@127.0.0.1:${other.port}/api/x?token=1`;
    const error = await failsWith('managementRejected', (await serve(always(301, '', { location }))).get('/api/x'));
    assert.equal((error.params as { reason: string }).reason, `it redirects to ${other.url.origin}/api/x`);
    assert.equal(other.requests.length, 0);
    await other.close();
  });

  for (const [status, code] of [
    [401, 'managementForbidden'],
    [403, 'managementForbidden'],
    [404, 'managementNotFound'],
    [400, 'managementRejected'],
    [503, 'managementRejected'],
  ] as const) {
    it(`turns status ${status} into ${code}, with the broker's reason`, async () => {
      const open = await serve(always(status, '{"error":"e","reason":"because"}'));
      const error = await failsWith(code, open.get('/api/x?query=1'));
      const params = error.params as { url: string; reason?: string };
      assert.equal(params.url, `${open.baseUrl}/api/x`);
      if (code !== 'managementNotFound') assert.equal(params.reason, 'because');
    });
  }

  it('does not tell an answer that repeats the password in a percent-encoding of its own', async () => {
    const password = 'p@ss word/1';
    const location = '/login/p@ss%20word/1';
    const open = await serve(always(302, '', { location }), { credentials: { username: 'ann', password } });
    const error = await failsWith('managementRejected', open.get('/api/x'));
    assert.match(error.message, /it repeats the password/);
    const halved = await serve(always(400, '{"reason":"no"}'), {
      credentials: { username: 'ann', password: '\ud800' },
    });
    await failsWith('managementRejected', halved.get('/api/x'));
  });

  it('never repeats the password, whatever the server echoes', async () => {
    const echoes = [
      always(400, JSON.stringify({ reason: `Basic ${token} ${'x'.repeat(270)} ${token} hünter2 "x"` })),
      always(401, JSON.stringify({ error: credentials.password })),
      always(302, '', { location: `http://elsewhere/${encodeURIComponent(credentials.password)}` }),
      always(200, `${token} hünter2 "x"`),
    ];
    for (const echo of echoes) await staysSecret((await serve(echo)).get('/api/x'));
    const garbage = net.createServer((socket) => {
      socket.on('error', () => {}).on('data', () => void socket.end(`garbage ${token}\r\n`));
    });
    await new Promise<void>((resolve) => void garbage.listen(0, '127.0.0.1', resolve));
    const { port } = garbage.address() as net.AddressInfo;
    const open = new Transport({ baseUrl: new URL(`http://127.0.0.1:${port}`), credentials });
    await staysSecret(open.get('/api/x'));
    open.dispose();
    garbage.close();
  });

  it('says that nothing listens, and that a plain port does not speak TLS', async () => {
    const open = await serve(always(200, '[]'));
    const secure = new Transport({ baseUrl: new URL(open.baseUrl.replace('http:', 'https:')), credentials });
    const mixed = await failsWith('managementUnreachable', secure.get('/api/x'));
    assert.match(mixed.message, /does not speak TLS/);
    secure.dispose();
    await server?.close();
    const error = await failsWith('managementUnreachable', open.get('/api/x'));
    assert.match(error.message, /nothing listens there/);
  });

  it('finds a localhost that listens on 127.0.0.1 or on ::1 only', async () => {
    for (const host of ['127.0.0.1', '::1']) {
      const only = await fakeServer(always(200, '[]'), host);
      const open = new Transport({ baseUrl: new URL(`http://localhost:${only.port}`), credentials });
      try {
        assert.deepEqual(await open.get('/api/x'), []);
      } finally {
        open.dispose();
        await only.close();
      }
    }
  });
});

async function failsWith(code: ErrorCode, promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => assert.fail('it succeeded'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof AppError, inspect(error));
  assert.equal(error.code, code, error.message);
  return error;
}

async function staysSecret(promise: Promise<unknown>): Promise<void> {
  const error = await promise.then(
    () => assert.fail('it succeeded'),
    (reason: unknown) => reason,
  );
  // Buffers are shown as hex: look for the bytes too.
  const everything = inspect(error, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null });
  for (const secret of [token, 'hünter2', encodeURIComponent('hünter2'), bytes(token)]) {
    assert.ok(!everything.includes(secret), everything);
  }
}

function bytes(text: string): string {
  return [...Buffer.from(text)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
