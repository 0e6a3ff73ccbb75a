import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describeTarget, formatAmqpUri, parseAmqpUri, parseHosts } from '../../../src/broker/amqpUri.ts';
import type { ConnectionTarget } from '../../../src/broker/profile.ts';
import { AppError } from '../../../src/common/errors.ts';

const SEED = { seed: 20263, numRuns: 2000 };

/** The code of the error that it throws, or undefined. */
function refusal(text: string): AppError | undefined {
  try {
    parseAmqpUri(text);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof AppError, `${JSON.stringify(text)} threw ${String(error)}`);
    return error;
  }
}

function target(overrides: Partial<ConnectionTarget> = {}): ConnectionTarget {
  return { host: 'localhost', port: 5672, tls: false, vhost: '/', username: 'guest', ...overrides };
}

describe('reading an AMQP URI', () => {
  const overTls = { host: 'h', port: 5671, tls: true };
  const rows: [uri: string, expected: Partial<ConnectionTarget>, password: string][] = [
    ['amqp://localhost', {}, 'guest'],
    ['amqp://localhost/', {}, 'guest'],
    ['  amqp://localhost\n', {}, 'guest'],
    ['AMQP://localhost', {}, 'guest'],
    ['amqps://localhost', { tls: true, port: 5671 }, 'guest'],
    ['amqp://localhost:1234', { port: 1234 }, 'guest'],
    ['amqps://localhost:5672', { tls: true, port: 5672 }, 'guest'],
    ['amqp://ann:secret@mq.test:1234/shop', { host: 'mq.test', port: 1234, vhost: 'shop', username: 'ann' }, 'secret'],
    ['amqp://ann@mq.test', { host: 'mq.test', username: 'ann' }, ''],
    ['amqp://ann:@mq.test', { host: 'mq.test', username: 'ann' }, ''],
    ['amqp://:secret@mq.test', { host: 'mq.test' }, 'secret'],
    ['amqp://a%6En:p%40%2F%3A%23%25@h/%2f', { host: 'h', username: 'ann', vhost: '/' }, 'p@/:#%'],
    ['amqp://é:ü@h/ö', { host: 'h', username: 'é', vhost: 'ö' }, 'ü'],
    ['amqp://h/a%2Fb', { host: 'h', vhost: 'a/b' }, 'guest'],
    ['amqp://h/%20', { host: 'h', vhost: ' ' }, 'guest'],
    ['amqp://h/.', { host: 'h', vhost: '.' }, 'guest'],
    ['amqp://h/..', { host: 'h', vhost: '..' }, 'guest'],
    ['amqp://h/v?heartbeat=5&x=y', { host: 'h', vhost: 'v', heartbeatSeconds: 5 }, 'guest'],
    ['amqp://h?heartbeat=0&connection_timeout=0', { host: 'h' }, 'guest'],
    ['amqp://h?heartbeat=9999', { host: 'h', heartbeatSeconds: 600 }, 'guest'],
    ['amqp://h?connection_timeout=1500', { host: 'h', connectTimeoutSeconds: 2 }, 'guest'],
    ['amqp://h/?auth_mechanism=AMQPLAIN', { host: 'h', authentication: 'amqplain' }, 'guest'],
    ['amqps://h?auth_mechanism=external', { ...overTls, authentication: 'external', username: '' }, ''],
    ['amqps://ann@h?auth_mechanism=plain', { ...overTls, username: 'ann' }, ''],
    [
      'amqps://h?cacertfile=%2Fca.pem&certfile=/c.pem&keyfile=/k.pem&server_name_indication=mq&verify=verify_none',
      { ...overTls, tlsOptions: { caFiles: ['/ca.pem'], certFile: '/c.pem', keyFile: '/k.pem', serverName: 'mq' } },
      'guest',
    ],
    ['amqp://h?cacertfile=/ca.pem', { host: 'h' }, 'guest'],
    ['amqp://a,b', { host: 'a', failover: [{ host: 'b', port: 5672 }] }, 'guest'],
    [
      'amqps://ann:s,e@a:1,[::1],[::2]:2,b:3/v',
      {
        host: 'a',
        port: 1,
        tls: true,
        vhost: 'v',
        username: 'ann',
        failover: [
          { host: '::1', port: 5671 },
          { host: '::2', port: 2 },
          { host: 'b', port: 3 },
        ],
      },
      's,e',
    ],
    ['amqp://ann:a@b@h', { host: 'h', username: 'ann' }, 'a@b'],
    ['amqp://@h', { host: 'h' }, 'guest'],
    ['amqp://[::1]', { host: '::1' }, 'guest'],
    ['amqp://ann:x@[fe80::1]:1234/v', { host: 'fe80::1', port: 1234, vhost: 'v', username: 'ann' }, 'x'],
    ['amqp://127.0.0.1', { host: '127.0.0.1' }, 'guest'],
  ];

  for (const [uri, expected, password] of rows) {
    it(`understands ${JSON.stringify(uri)}`, () => {
      assert.deepEqual(parseAmqpUri(uri), { target: target(expected), password });
    });
  }

  const bad = [
    'amqp://a,',
    'amqp://,a',
    'amqp://a,,b',
    'amqp://a,b:0',
    'amqp://a:5672:b',
    'amqp://a,[::1',
    'amqp://h?heartbeat=soon',
    'amqp://h?auth_mechanism=none',
    '',
    'localhost',
    'localhost:5672',
    'http://localhost',
    'amqp:localhost',
    'amqp://',
    'amqp:///vhost',
    'amqp://ann:secret@',
    'amqp://h:0',
    'amqp://h:65536',
    'amqp://h:123456',
    'amqp://h:port',
    'amqp://h:-1',
    'amqp://[::1',
    'amqp://a b',
    'amqp://h/a/b',
    'amqp://ann:12/34@h',
    'amqp://ann:12?34@h',
    'amqp://a%2Cb',
    'amqp://a%2Fb',
    'amqp://a%20b',
    'amqp://h/%',
    'amqp://h/%zz',
    'amqp://h/%ff',
    'amqp://%@h',
    'amqp://ann:%zz@h',
    'amqp://ann:12#34@h',
    'amqp://h/a#b',
  ];

  for (const uri of bad) {
    it(`refuses ${JSON.stringify(uri)}`, () => {
      assert.equal(refusal(uri)?.code, 'invalidUri');
    });
  }

  it('never repeats a password in an error, nor carries it as a cause', () => {
    for (const uri of [
      'amqp://u:hunter2@h:99999',
      'amqp://u:hunter2@h/a/b',
      'amqp://u:hunter2@h,:7',
      'amqp://u:hunter2@a b',
      'amqp://u:hunter2%@h',
      'amqp://u:hunter2#x@h',
    ]) {
      const error = refusal(uri);
      assert.ok(error, uri);
      assert.ok(!`${error.stack} ${JSON.stringify(error.params)} ${String(error.cause)}`.includes('hunter2'), uri);
      assert.equal(error.cause, undefined);
    }
  });

  it('throws nothing but errors with a code, whatever it is given', () => {
    const anything = fc.string({ unit: 'binary', maxLength: 60 });
    const likely = fc
      .array(
        fc.constantFrom(
          'amqp://',
          'amqps://',
          '@',
          ':',
          '/',
          '%',
          '%2F',
          '[',
          ']',
          '::1',
          'h',
          '#',
          '?',
          '..',
          'é',
          '\ud800',
          '1',
          '\n',
        ),
        {
          maxLength: 14,
        },
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(
        fc.oneof(
          anything,
          likely,
          likely.map((rest) => `amqp://${rest}`),
        ),
        (text) => {
          refusal(text);
        },
      ),
      SEED,
    );
  });
});

describe('writing an AMQP URI', () => {
  it('leaves the password out and percent-encodes the rest', () => {
    const uri = formatAmqpUri(target({ username: 'a:b@c', vhost: 'x/y #%', host: '::1', tls: true, port: 1 }));
    assert.equal(uri, 'amqps://a%3Ab%40c@[::1]:1/x%2Fy%20%23%25');
  });

  it('is undone by reading it', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 });
    const port = fc.integer({ min: 1, max: 65_535 });
    const host = fc.constantFrom('localhost', 'mq.example.com', '127.0.0.1', '::1', 'fe80::1', 'a-b.c');
    const targets = fc.record(
      {
        host,
        port,
        tls: fc.boolean(),
        vhost: fc.oneof(text, fc.constantFrom('/', '.', '..', '//', ' ', '%2F')),
        username: text,
        failover: fc.array(fc.record({ host, port }, { noNullPrototype: true }), { minLength: 1, maxLength: 3 }),
        authentication: fc.constantFrom('amqplain' as const, 'external' as const),
        heartbeatSeconds: fc.integer({ min: 1, max: 600 }),
        connectTimeoutSeconds: fc.integer({ min: 1, max: 120 }),
        tlsOptions: fc.record(
          { caFiles: fc.array(text, { minLength: 1 }), certFile: text, keyFile: text, serverName: text },
          { noNullPrototype: true, requiredKeys: ['certFile'] },
        ),
      },
      { noNullPrototype: true, requiredKeys: ['host', 'port', 'tls', 'vhost', 'username'] },
    );
    fc.assert(
      fc.property(targets, (original) => {
        const { tlsOptions: _, ...rest } = original;
        const expected = original.tls ? original : rest;
        assert.deepEqual(parseAmqpUri(formatAmqpUri(original)).target, expected);
      }),
      SEED,
    );
  });

  it('does not throw over half of a surrogate pair', () => {
    assert.equal(formatAmqpUri(target({ vhost: '\ud800' })), 'amqp://guest@localhost:5672/%EF%BF%BD');
  });
});

describe('reading a list of hosts', () => {
  it('takes what people write', () => {
    assert.deepEqual(parseHosts(' a, b:1 ,[::1]:2', false), [
      { host: 'a', port: 5672 },
      { host: 'b', port: 1 },
      { host: '::1', port: 2 },
    ]);
    assert.deepEqual(parseHosts(' ', true), []);
    assert.equal(parseHosts('a', true)[0]?.port, 5671);
  });

  it('refuses what is none', () => {
    for (const text of ['a,', 'a b', 'amqp://a', 'u@a', 'a/b', 'a:x', '::1', 'a?b', 'a:0']) {
      assert.throws(
        () => parseHosts(text, false),
        (error) => error instanceof AppError && error.is('invalidUri'),
        text,
      );
    }
  });
});

describe('describing where a connection goes', () => {
  it('says user, host and vhost, and a port only when it is not the usual one', () => {
    assert.equal(describeTarget(target()), 'guest@localhost/');
    assert.equal(describeTarget(target({ vhost: 'shop' })), 'guest@localhost/shop');
    assert.equal(describeTarget(target({ port: 5673 })), 'guest@localhost:5673/');
    assert.equal(describeTarget(target({ tls: true, port: 5671 })), 'guest@localhost/');
    assert.equal(describeTarget(target({ tls: true })), 'guest@localhost:5672/');
    assert.equal(describeTarget(target({ host: '::1', port: 1 })), 'guest@[::1]:1/');
    assert.equal(describeTarget(target({ authentication: 'external', username: '' })), 'localhost/');
  });

  it('counts the hosts after the first', () => {
    const other = { host: 'b', port: 5672 };
    assert.equal(describeTarget(target({ vhost: 'shop', failover: [other, other] })), 'guest@localhost (+2)/shop');
  });
});
