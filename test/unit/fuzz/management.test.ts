import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as fc from 'fast-check';
import { deliveryLimitOf, rejectFate, traitsOf } from '../../../src/broker/consume/queueTraits.ts';
import { ManagementClient } from '../../../src/broker/management/client.ts';
import type { QueueInfo } from '../../../src/broker/management/model.ts';
import { probeManagement } from '../../../src/broker/management/probe.ts';
import { AppError } from '../../../src/common/errors.ts';
import { describeQueue, queueFacts } from '../../../src/ui/explorer/describe.ts';
import { fakeServer, type FakeServer } from '../management/fakeServer.ts';
import { anyJson, fuzz, inherited, jsonOf, noSecretIn, resultOrAppError, secret } from './fuzz.ts';

/** What the server says to one request. */
interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** How much of the body is sent before the connection is reset; all when left out. */
  readonly cutAt: number | undefined;
  /** Sent instead of HTTP. */
  readonly garbage: Buffer | undefined;
}

const queueSample = {
  name: 'orders',
  type: 'quorum',
  durable: true,
  exclusive: false,
  auto_delete: false,
  arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': 5, 'x-dead-letter-exchange': 'dlx' },
  messages_ready: 3,
  messages_unacknowledged: 1,
  consumers: 2,
  state: 'running',
  policy: 'p',
  effective_policy_definition: { 'delivery-limit': 3 },
};
const exchangeSample = {
  name: 'amq.direct',
  type: 'direct',
  durable: true,
  internal: false,
  auto_delete: false,
  arguments: {},
};
const samples: readonly unknown[] = [
  { name: 'guest', tags: ['administrator'] },
  { name: 'guest', tags: 'management,monitoring' },
  { product_name: 'RabbitMQ', product_version: '3.10.8', rabbitmq_version: '3.10.8', cluster_name: 'c' },
  [queueSample, queueSample],
  queueSample,
  { items: [queueSample] },
  [exchangeSample],
];

/** A right reply of which one thing after the other is made wrong. */
const mutated: fc.Arbitrary<unknown> = fc
  .tuple(
    fc.constantFrom(...samples),
    fc.array(fc.record({ at: fc.nat(), kind: fc.nat(3), key: fc.oneof(inherited, fc.string()), value: anyJson }), {
      maxLength: 4,
    }),
  )
  .map(([sample, changes]) => {
    const reply = structuredClone(sample);
    for (const { at, kind, key, value } of changes) change(reply, at, kind, key, value);
    return reply;
  });

function change(reply: unknown, at: number, kind: number, key: string, value: unknown): void {
  const tables = tablesIn(reply);
  const table = tables[at % Math.max(1, tables.length)];
  if (!table) return;
  const keys = Object.keys(table);
  const known = keys[at % Math.max(1, keys.length)] ?? key;
  if (kind === 0) Reflect.deleteProperty(table, known);
  else if (kind === 1) Object.defineProperty(table, key, { value, enumerable: true, configurable: true });
  else Object.defineProperty(table, known, { value, enumerable: true, configurable: true, writable: true });
}

function tablesIn(value: unknown, depth = 0): object[] {
  if (typeof value !== 'object' || value === null || depth > 4) return [];
  const inner = Object.values(value).flatMap((each) => tablesIn(each, depth + 1));
  return Array.isArray(value) ? inner : [value, ...inner];
}

const json = fc.oneof({ weight: 8, arbitrary: mutated }, { weight: 1, arbitrary: anyJson }).map(jsonOf);

/** In a reply: what the server makes of the login that it got, as it is, encoded in one way or the other, or as it came. */
const echo = fc.constantFrom('ECHO:plain', 'ECHO:component', 'ECHO:uri', 'ECHO:token');
const location = echo.chain((text) =>
  fc.constantFrom(
    `/login/${text}`,
    `/x?next=${text}`,
    `https://ann:${text}@h/${text}`,
    `//${text}/${text}`,
    text,
    'http://[',
  ),
);
const body = fc.oneof(
  { weight: 6, arbitrary: json.map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: echo.map((text) => Buffer.from(`{"error":"${text}","reason":"you sent ${text}"}`)) },
  { weight: 1, arbitrary: echo.map((text) => Buffer.from(`<html><body>${text}</body></html>`)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
);
const garbage = fc.oneof(
  fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes)),
  echo.map((text) => Buffer.from(`HTTP/1.1 200 ${text}\r\n${text}: ${text}\r\n${text}\r\n\r\n${text}`)),
);
const contentType = fc.constantFrom('application/json', 'text/html', 'application/json; charset=utf-16', '', 'x/y');
const challenge = fc.constantFrom('Basic realm="x"', 'Bearer', 'basic');
const optional = { requiredKeys: [] as [] };
const statusAndHeaders = fc.oneof(
  fc.record({ status: fc.constant(200), headers: fc.record({ 'content-type': contentType }, optional) }),
  fc.record({ status: fc.constantFrom(301, 302, 307), headers: fc.record({ location }) }),
  fc.record({
    status: fc.constantFrom(201, 204, 300, 304, 400, 401, 403, 404, 405, 429, 500, 503),
    headers: fc.record({ location, 'content-type': contentType, 'www-authenticate': challenge }, optional),
  }),
);
const replies: fc.Arbitrary<Reply> = fc
  .record({
    start: statusAndHeaders,
    body,
    cutAt: fc.option(fc.nat(50), { freq: 8, nil: undefined }),
    garbage: fc.option(garbage, { freq: 12, nil: undefined }),
  })
  .map(({ start, ...rest }) => ({ ...start, ...rest }));

/** Puts the login that came with a request into a reply to it; it cannot know another. */
function echoed(text: string, authorization: string | undefined): string {
  const token = authorization?.replace('Basic ', '') ?? 'nobody';
  const [, password = 'nobody'] = /:(.*)/s.exec(Buffer.from(token, 'base64').toString()) ?? [];
  return text
    .replaceAll('ECHO:plain', () => password)
    .replaceAll('ECHO:component', () => encodeURIComponent(password))
    .replaceAll('ECHO:uri', () => encodeURI(password))
    .replaceAll('ECHO:token', () => token);
}

/** Node's own server refuses to send others. */
function headerSafe(value: string): string {
  return Buffer.from(value, 'utf8')
    .toString('latin1')
    .replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '');
}

const exchange = fc.record({ password: secret, reply: replies });

describe('fuzz: management replies', () => {
  let server: FakeServer;
  let reply: Reply;
  before(async () => {
    server = await fakeServer((request, response) => answer(request, response, reply));
  });
  after(() => server.close());

  it('are understood, or fail with a reason that has no password in it, and what is shown of them is bounded', async () => {
    await fuzz(exchange, async (each) => {
      reply = each.reply;
      const { password } = each;
      const client = new ManagementClient({
        baseUrl: new URL(server.url),
        credentials: { username: 'ann', password },
        timeoutMs: 1_000,
      });
      try {
        const [, , queues, queue] = await Promise.all([
          resultOrAppError(() => client.whoami(), [password]),
          resultOrAppError(() => client.overview(), [password]),
          resultOrAppError(() => client.queues('/'), [password]),
          resultOrAppError(() => client.queue('v', 'orders'), [password]),
          resultOrAppError(() => client.queue('v', '..'), [password]),
          resultOrAppError(() => client.exchanges('/'), [password]),
        ]);
        const infos = [...(queues instanceof AppError ? [] : queues), ...(queue instanceof AppError ? [] : [queue])];
        for (const info of infos) isUsable(info);
        assert.equal((Object.prototype as Record<string, unknown>)['polluted'], undefined);
      } finally {
        client.dispose();
      }
    });
  });

  it('to the search for the API end in a result, and no reason has the password in it', async () => {
    await fuzz(exchange, async (each) => {
      reply = each.reply;
      const { password } = each;
      const target = { host: '127.0.0.1', port: 5672, tls: false, vhost: '/', username: 'ann' };
      const managementUrl = String(server.url);
      const found = await probeManagement({ ...target, managementUrl }, password, { timeoutMs: 1_000 });
      const { client, ...rest } = found.kind === 'available' ? found : { ...found, client: undefined };
      client?.dispose();
      noSecretIn(JSON.stringify(rest), [password]);
      assert.ok(found.kind === 'available' || found.reason.length < 1_000);
    });
  });

  it('of 10 MB are read in bounded time, and one that never ends is not', async () => {
    const many = jsonOf(Array.from({ length: 40_000 }, (_, i) => ({ ...queueSample, name: `orders ${i}` })));
    assert.ok(many.length > 10_000_000);
    const base = { status: 200, headers: {}, cutAt: undefined, garbage: undefined };
    const client = new ManagementClient({
      baseUrl: new URL(server.url),
      credentials: { username: 'ann', password: 'secret' },
      maxBytes: 16 << 20,
    });
    try {
      reply = { ...base, body: Buffer.from(many) };
      assert.equal((await client.queues('/')).length, 40_000);
      reply = { ...base, body: Buffer.alloc(17 << 20, ' ') };
      const error = await resultOrAppError(() => client.queues('/'));
      assert.ok(error instanceof AppError && error.is('managementBadReply'));
    } finally {
      client.dispose();
    }
  });
});

function answer(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  const { authorization } = request.headers;
  const { status, cutAt } = reply;
  const echoing = (bytes: Buffer): Buffer =>
    bytes.includes('ECHO:') ? Buffer.from(echoed(bytes.toString(), authorization)) : bytes;
  if (reply.garbage) {
    response.socket?.end(echoing(reply.garbage));
    return;
  }
  // In a JSON body a password is escaped.
  const bytes = reply.body.includes('"ECHO:')
    ? Buffer.from(jsonEchoed(reply.body.toString(), authorization))
    : echoing(reply.body);
  const headers = Object.entries(reply.headers).map(([name, value]) => [
    name,
    headerSafe(echoed(value, authorization)),
  ]);
  const withBody = status !== 204 && status !== 304;
  response.writeHead(status, {
    ...Object.fromEntries(headers),
    ...(withBody ? { 'content-length': bytes.length } : {}),
  });
  if (cutAt === undefined || !withBody) response.end(withBody ? bytes : undefined);
  else response.write(bytes.subarray(0, cutAt), () => response.socket?.resetAndDestroy());
}

function jsonEchoed(text: string, authorization: string | undefined): string {
  const value = JSON.parse(text) as Record<string, string>;
  return JSON.stringify(
    Object.fromEntries(Object.entries(value).map(([key, each]) => [key, echoed(each, authorization)])),
  );
}

function isUsable(info: QueueInfo): void {
  assert.equal(typeof info.name, 'string');
  for (const count of [info.ready, info.unacknowledged, info.consumers]) assert.ok(count === undefined || count >= 0);
  traitsOf(info, '3.10.8');
  deliveryLimitOf(info, info.state);
  rejectFate(info);
  const entry = { ...info, missing: false, info };
  assert.ok(describeQueue(entry).length < 1_000);
  const facts = queueFacts(entry);
  assert.ok(facts.length < 200, `${facts.length} facts`);
  for (const [name, value] of facts)
    assert.ok(name.length + value.length < 5_000, `a fact of ${value.length} characters`);
}
