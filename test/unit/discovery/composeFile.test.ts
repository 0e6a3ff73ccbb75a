import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { connectionsInComposeFile } from '../../../src/ui/discovery/composeFile.ts';
import { interpolate } from '../../../src/ui/discovery/interpolate.ts';
import { publishedPorts } from '../../../src/ui/discovery/publishedPorts.ts';

const none: ReadonlyMap<string, string> = new Map();

function found(
  text: string,
  variables: Readonly<Record<string, string>> = {},
  envFiles: Readonly<Record<string, string>> = {},
) {
  const envFile = (path: string): ReadonlyMap<string, string> | undefined =>
    path in envFiles ? new Map([['RABBITMQ_DEFAULT_PASS', envFiles[path] ?? '']]) : undefined;
  return connectionsInComposeFile(text, { variables: new Map(Object.entries(variables)), envFile }).map(
    ({ what, values: { host, port, tls, vhost, username, password, managementUrl } }) =>
      `${what}: ${tls ? 'amqps' : 'amqp'} ${username}:${password}@${host}:${port} ${vhost} ${managementUrl}`.trim(),
  );
}

const service = (lines: string): string => `services:\n  q:\n    image: rabbitmq:4-management\n${lines}`;

describe('a compose file', () => {
  it('offers a RabbitMQ service with its login and its management API', () => {
    const text = `
services:
  web:
    image: nginx
    ports: ["80:80"]
  rabbit:
    image: rabbitmq:3.13-management
    ports:
      - "5673:5672"
      - 127.0.0.1:15673:15672
    environment:
      RABBITMQ_DEFAULT_USER: ann
      RABBITMQ_DEFAULT_PASS: "0123"
      RABBITMQ_DEFAULT_VHOST: shop
`;
    assert.deepEqual(found(text), ['rabbit: amqp ann:0123@localhost:5673 shop http://localhost:15673']);
  });

  it('knows the image of a registry, a fork or a digest, and a service that is built here by its name', () => {
    const images = [
      'rabbitmq',
      'docker.io/library/rabbitmq:4',
      'registry.example:5000/team/rabbitmq-delayed:4.0@sha256:abc',
      'cloudamqp/lavinmq',
      '${IMAGE:-rabbitmq}:4',
    ];
    for (const image of images) {
      assert.equal(found(`services: { q: { image: "${image}", ports: ["5672:5672"] } }`).length, 1, image);
    }
    assert.equal(found('services: { rabbit: { build: ., ports: ["5672:5672"] } }').length, 1);
    for (const image of ['redis', 'rabbitmq/tool', 'example/web:rabbitmq', 'rabbit.example/web', '${UNKNOWN}']) {
      assert.deepEqual(found(`services: { rabbit: { image: "${image}", ports: ["5672:5672"] } }`), [], image);
    }
  });

  it('fills in what bitnami, TLS only and the host network mean', () => {
    assert.deepEqual(
      found(`services: { q: { image: bitnami/rabbitmq, ports: ["5672:5672"], environment: [RABBITMQ_USERNAME=ann] } }`),
      ['q: amqp ann:bitnami@localhost:5672 /'],
    );
    assert.deepEqual(found(service('    ports: ["5671:5671"]')), ['q: amqps guest:guest@localhost:5671 /']);
    assert.deepEqual(found(service('    network_mode: host')), [
      'q: amqp guest:guest@localhost:5672 / http://localhost:15672',
    ]);
  });

  it('offers none that cannot be reached from outside', () => {
    assert.deepEqual(found(service('')), []);
    assert.deepEqual(found(service('    ports: ["5672"]')), []);
    assert.deepEqual(found(service('    expose: ["5672"]')), []);
    assert.deepEqual(found(service('    ports: ["15672:15672"]')), []);
    assert.deepEqual(found(service('    ports: ["${PORT}:5672"]')), []);
    assert.deepEqual(found(service('    ports: ["5672:5672/udp"]')), []);
  });

  it('reads the environment as a map or a list, from .env, env_file and anchors', () => {
    const port = '    ports: ["${PORT:-5700}:5672"]\n';
    assert.deepEqual(
      found(
        service(`${port}    environment:\n      - RABBITMQ_DEFAULT_USER=\${U:-bob}\n      - RABBITMQ_DEFAULT_PASS`),
        {
          PORT: '5701',
          RABBITMQ_DEFAULT_PASS: 'from-env',
        },
      ),
      ['q: amqp bob:from-env@localhost:5701 /'],
    );
    assert.deepEqual(
      found(service(`${port}    env_file: [a.env, { path: b.env }, 5]`), {}, { 'a.env': 'first', 'b.env': 'second' }),
      ['q: amqp guest:second@localhost:5700 /'],
    );
    const anchored = `x-env: &e { RABBITMQ_DEFAULT_USER: carl }\n${service(`${port}    environment: { <<: *e, RABBITMQ_DEFAULT_PASS: p }`)}`;
    assert.deepEqual(found(anchored), ['q: amqp carl:p@localhost:5700 /']);
  });

  it('leaves a password empty that it does not know', () => {
    const port = '    ports: ["5672:5672"]\n';
    assert.deepEqual(found(service(`${port}    environment: { RABBITMQ_DEFAULT_PASS: "\${SECRET}" }`)), [
      'q: amqp guest:@localhost:5672 /',
    ]);
    assert.deepEqual(found(service(`${port}    environment: { RABBITMQ_DEFAULT_PASS_FILE: /run/secrets/p }`)), [
      'q: amqp guest:@localhost:5672 /',
    ]);
  });

  it('is read without harm, whatever it holds', () => {
    const bomb = `a: &a [x,x]\n${'bcdefghij'
      .split('')
      .map(
        (name, i) =>
          `${name}: &${name} [${Array(9)
            .fill(`*${'abcdefghi'[i] ?? 'a'}`)
            .join(',')}]`,
      )
      .join('\n')}\nservices: { q: { image: rabbitmq, ports: *j, environment: *j } }`;
    const start = Date.now();
    assert.deepEqual(found(bomb), []);
    assert.deepEqual(found(service(`    ports: ["${'${A:-'.repeat(40_000)}"]`)), []);
    assert.ok(Date.now() - start < 1_000);
    assert.throws(() => found('['.repeat(100_000)));
    assert.throws(() => found('a: [1'));
    for (const text of ['null', '[]', 'services: 1', 'services: { q: 1, r: { image: [rabbitmq], ports: {} } }']) {
      assert.deepEqual(found(text), [], text);
    }
    assert.deepEqual(
      found('services: { __proto__: { image: rabbitmq, ports: ["5672:5672"] }, constructor: null }').length,
      1,
    );
  });
});

describe('the ports of a service', () => {
  const cases: readonly (readonly [unknown, string])[] = [
    ['5672:5672', '5672>5672'],
    ['127.0.0.1:8000:5672/tcp', '127.0.0.1 8000>5672'],
    ['[::1]:8000:5672', '::1 8000>5672'],
    ['8000-8001:5671-5672', '8000>5671 8001>5672'],
    ['8000-8005:5672', '8000>5672'],
    [{ target: 5672, published: '8000', host_ip: '10.0.0.1', protocol: 'tcp' }, '10.0.0.1 8000>5672'],
    [{ target: 5672, published: 8000 }, '8000>5672'],
    [{ target: 5672 }, ''],
    [{ target: 5672, published: 8000, protocol: 'udp' }, ''],
    [5672, ''],
    ['8000-8001:5670-5672', ''],
    ['9-8:9-8', ''],
    ['0:5672', ''],
    ['70000:5672', ''],
    ['1-65535:1-65535', ''],
    ['evil.example:5672:5672', ''],
    [null, ''],
    ['', ''],
  ];
  for (const [port, expected] of cases) {
    it(`are read from ${JSON.stringify(port)}`, () => {
      const read = publishedPorts([port], (text) => text);
      assert.equal(
        read.map((p) => `${p.address === undefined ? '' : `${p.address} `}${p.published}>${p.container}`).join(' '),
        expected,
      );
    });
  }

  it('are none in what is no list', () => {
    assert.deepEqual(
      publishedPorts({ 0: '5672:5672' }, (text) => text),
      [],
    );
  });
});

describe('variables in a compose file', () => {
  const variables = new Map([
    ['A', 'x'],
    ['EMPTY', ''],
  ]);
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['$A-${A}', 'x-x'],
    ['$$A', '$A'],
    ['${B:-d}', 'd'],
    ['${EMPTY:-d}|${EMPTY-d}', 'd|'],
    ['${A:+y}${B:+y}', 'y'],
    ['${A?needed}', 'x'],
    ['${B?needed}', undefined],
    ['$B', undefined],
    ['${}', '${}'],
    ['plain', 'plain'],
  ];
  for (const [text, expected] of cases) {
    it(`are filled in: ${text}`, () => assert.equal(interpolate(text, variables), expected));
  }

  it('never make it throw', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('$', '{', '}', 'A', ':', '-', '?') }),
        (text) => void interpolate(text, none),
      ),
    );
  });
});
