import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { AppError } from '../../../src/common/errors.ts';
import * as schema from '../../../src/broker/management/schema.ts';

const url = 'http://broker/api/queues/v';

function queues(value: unknown): ReturnType<typeof schema.toQueueInfo>[] {
  return schema.read(schema.queueList, value, url).map(schema.toQueueInfo);
}

function queue(fields: object): ReturnType<typeof schema.toQueueInfo> {
  const [info] = queues([{ name: 'q', ...fields }]);
  assert.ok(info);
  return info;
}

function tags(value: unknown): string[] {
  return schema.read(schema.whoami, { name: 'u', tags: value }, url).tags;
}

function identity(value: unknown): object {
  return schema.toBrokerIdentity(schema.read(schema.overview, value, url));
}

describe('management schema', () => {
  it('leaves what is missing undefined, never 0', () => {
    assert.deepEqual(queue({}), {
      name: 'q',
      type: 'classic',
      durable: false,
      exclusive: false,
      autoDelete: false,
      arguments: {},
      ready: undefined,
      unacknowledged: undefined,
      consumers: undefined,
      state: undefined,
      policy: undefined,
      effectivePolicy: undefined,
      deadLetterExchange: null,
      deadLetterRoutingKey: undefined,
    });
  });

  it('takes null, Erlang atoms and other wrong types for missing', () => {
    const odd = { messages_ready: 'undefined', consumers: null, exclusive: null, state: 7, arguments: [], policy: {} };
    const info = queue({ ...odd, messages_unacknowledged: -1, default_queue_type: 'undefined', unknown: [1] });
    assert.equal(info.ready, undefined);
    assert.equal(info.unacknowledged, undefined);
    assert.equal(info.consumers, undefined);
    assert.equal(info.exclusive, false);
    assert.equal(info.state, undefined);
    assert.equal(info.policy, undefined);
    assert.deepEqual(info.arguments, {});
  });

  it('keeps a count of 0', () => {
    assert.equal(queue({ messages_ready: 0 }).ready, 0);
  });

  it('takes the type from the arguments where the broker names none', () => {
    assert.equal(queue({ arguments: { 'x-queue-type': 'stream' } }).type, 'stream');
    assert.equal(queue({ type: 'quorum' }).type, 'quorum');
  });

  it('names the wrong field of a wrong reply, and not its value', () => {
    for (const [value, field] of [
      [{}, 'the reply'],
      [null, 'the reply'],
      ['undefined', 'the reply'],
      [[{ name: 'a' }, { name: 5 }], '1.name'],
      [[{}], '0.name'],
    ] as const) {
      assert.throws(
        () => queues(value),
        (error) => error instanceof AppError && error.message.includes(`"${field} is not as expected"`),
      );
    }
  });

  describe('dead-letter exchange', () => {
    const byPolicy = { policy: 'p', effective_policy_definition: { 'dead-letter-exchange': 'from-policy' } };

    it('is that of the arguments before that of the policy', () => {
      const info = queue({ ...byPolicy, arguments: { 'x-dead-letter-exchange': 'from-arguments' } });
      assert.equal(info.deadLetterExchange, 'from-arguments');
      assert.equal(queue(byPolicy).deadLetterExchange, 'from-policy');
    });

    it('is the default exchange when it is empty', () => {
      const info = queue({ arguments: { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'dead' } });
      assert.equal(info.deadLetterExchange, '');
      assert.equal(info.deadLetterRoutingKey, 'dead');
    });

    it('is none without argument and policy, and unknown while the policy is only a name', () => {
      assert.equal(queue({}).deadLetterExchange, null);
      assert.equal(queue({ policy: 'p', effective_policy_definition: { 'max-length': 5 } }).deadLetterExchange, null);
      assert.equal(queue({ policy: 'p' }).deadLetterExchange, undefined);
    });
  });

  it("reads a user's tags as a list or as text", () => {
    assert.deepEqual(tags(['administrator', 'x']), ['administrator', 'x']);
    assert.deepEqual(tags('administrator, x'), ['administrator', 'x']);
    assert.deepEqual(tags(''), []);
    assert.deepEqual(tags(undefined), []);
  });

  it('reads who a broker is, RabbitMQ or LavinMQ', () => {
    const rabbit = { product_name: 'RabbitMQ', product_version: '3.10.8', cluster_name: 'rabbit@vm' };
    assert.deepEqual(identity(rabbit), { product: 'RabbitMQ', version: '3.10.8', clusterName: 'rabbit@vm' });
    const lavin = { product_name: 'LavinMQ', lavinmq_version: '2.1.0' };
    assert.deepEqual(identity(lavin), { product: 'LavinMQ', version: '2.1.0', clusterName: undefined });
    assert.deepEqual(identity({}), { product: undefined, version: undefined, clusterName: undefined });
  });

  it('reads 10,000 queues, and throws nothing but an AppError, whatever comes', () => {
    assert.equal(
      queues(Array.from({ length: 10_000 }, (_, i) => ({ name: `q${i}`, messages_ready: i }))).length,
      10_000,
    );
    const keys =
      'name type durable arguments messages_ready policy effective_policy_definition tags __proto__ items source';
    const odd = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.jsonValue(),
        fc.constantFrom('undefined', null, [], {}, -0, 1e300, '\u{1f407}'),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom(...keys.split(' ')), tie('value')),
      ),
    })).value;
    const shapes = [schema.queueList, schema.queue, schema.queuePage, schema.exchangeList] as const;
    fc.assert(
      fc.property(odd, (value) => {
        // What the wire can bring: a parsed text.
        const parsed: unknown = JSON.parse(JSON.stringify(value) ?? 'null');
        for (const shape of [...shapes, schema.whoami, schema.overview]) {
          try {
            schema.read(shape, parsed, url);
          } catch (error) {
            assert.ok(error instanceof AppError && error.is('managementBadReply'), String(error));
          }
        }
      }),
      { seed: 20_240_601, numRuns: 500 },
    );
  });
});
