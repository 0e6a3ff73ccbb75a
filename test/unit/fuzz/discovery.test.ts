import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { formatAmqpUri, parseAmqpUri } from '../../../src/broker/amqpUri.ts';
import { connectionsInComposeFile } from '../../../src/ui/discovery/composeFile.ts';
import { connectionsInEnvFile } from '../../../src/ui/discovery/envFile.ts';
import type { Found } from '../../../src/ui/discovery/offer.ts';
import { startItems } from '../../../src/ui/connectionForm/startItems.ts';
import { profileOf, targetOf } from '../../../src/ui/connectionForm/values.ts';
import { fuzz, inherited, jsonOf, mostly, noSecretIn, secret } from './fuzz.ts';

/** What is found can be offered and saved, with no password in sight. */
function areUsable(found: readonly Found[], passwords: readonly string[]): void {
  const offers = found.map(({ what, values }) => ({ source: what, values }));
  const items = startItems({ text: '', found: undefined, offers, unsaved: undefined, remoteName: undefined });
  noSecretIn(JSON.stringify(items.map(({ label, description }) => [label, description])), passwords);
  for (const { values } of found) {
    noSecretIn(JSON.stringify(profileOf(values, [])), passwords);
    assert.equal(typeof values.password, 'string');
    assert.ok(Number.isInteger(values.port) && values.port >= 0 && values.port <= 99_999, String(values.port));
    const uri = formatAmqpUri(targetOf(values));
    assert.ok(uri.length < 100_000);
  }
}

const line = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '#',
    'export ',
    'A=',
    'A="',
    "A='",
    '=',
    'A=$A',
    'A=${A}',
    'A=${A:-amqp://h}',
    '\\',
    'AMQP_URL=amqp://',
  ),
);

describe('fuzz: files of a workspace', () => {
  it('as .env are searched whatever they hold, and passwords stay out of what is offered', async () => {
    const uri = secret.map((password) => ({
      password,
      text: `AMQP_URL="amqp://ann:${encodeURIComponent(password)}@mq.test/v"`,
    }));
    const file = fc
      .tuple(fc.array(line, { maxLength: 6 }), uri, fc.constantFrom('\n', '\r\n', '\r', ''))
      .map(([lines, each, end]) => ({
        password: each.password,
        text: [...lines, each.text, ...lines].join(end),
      }));
    await fuzz(file, ({ text, password }) => {
      areUsable(connectionsInEnvFile(text), [password]);
    });
  });

  it('as compose files are searched, or fail as what is no YAML, and passwords stay out of what is offered', async () => {
    const ports = fc.array(
      mostly(
        fc.constantFrom(
          '5672:5672',
          '127.0.0.1:5673:5672',
          '[::1]:1:5672',
          '0-99999:0-99999',
          '5672',
          '${P:-1}:5672',
          15_672,
          { target: 5672, published: '1-2' },
        ),
      ),
      { maxLength: 3 },
    );
    const services = secret.chain((password) => {
      const environment = fc.constantFrom<unknown>(
        { RABBITMQ_DEFAULT_USER: 'ann', RABBITMQ_DEFAULT_PASS: password, RABBITMQ_DEFAULT_VHOST: '${V:-/}' },
        [`RABBITMQ_DEFAULT_PASS=${password}`, 'RABBITMQ_DEFAULT_USER', 'X'],
      );
      const service = fc.record(
        {
          image: mostly(fc.constantFrom('rabbitmq:3', 'bitnami/rabbitmq@sha256:x', '${IMAGE:-rabbitmq}')),
          ports: mostly(ports),
          environment: mostly(environment),
          env_file: mostly(fc.constantFrom('.env', ['a', { path: 'b' }])),
          network_mode: mostly(fc.constant('host')),
        },
        { requiredKeys: ['image'] },
      );
      return fc.record({
        password: fc.constant(password),
        file: fc.record({
          services: mostly(fc.dictionary(fc.oneof(fc.string(), inherited), mostly(service), { maxKeys: 3 })),
        }),
      });
    });
    const cut = fc.option(fc.nat(400), { freq: 6, nil: undefined });
    await fuzz(fc.tuple(services, cut), ([{ password, file }, end]) => {
      const variables = new Map([
        ['V', 'v'],
        ['P', '70000'],
      ]);
      const text = jsonOf(file).slice(0, end);
      let found: Found[];
      try {
        found = connectionsInComposeFile(text, {
          variables,
          envFile: (path) => (path === '.env' ? variables : undefined),
        });
      } catch (error) {
        // The parser's own: whoever calls tells of the file's name alone.
        assert.ok(
          error instanceof Error && (error.name === 'YAMLException' || error instanceof RangeError),
          String(error),
        );
        return;
      }
      areUsable(found, [password]);
      for (const { values } of found)
        assert.equal(parseAmqpUri(formatAmqpUri(targetOf(values))).target.port, values.port);
    });
  });
});
