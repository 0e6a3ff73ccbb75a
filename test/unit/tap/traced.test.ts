import assert from 'node:assert/strict';
import type { ConsumeMessage } from 'amqplib';
import { messageOf, traceIn } from '../../../src/broker/consume/tap/traced.ts';

function traced(headers: Record<string, unknown>, routingKey = 'publish.'): ConsumeMessage {
  const fields = { exchange: 'amq.rabbitmq.trace', routingKey, deliveryTag: 1, redelivered: true, consumerTag: 'c' };
  return { content: Buffer.from('x'), fields, properties: { headers } as ConsumeMessage['properties'] };
}

describe('a trace of the firehose', () => {
  it('is read as the message that was published', () => {
    const raw = traced({
      exchange_name: 'e',
      routing_keys: ['k', 'cc'],
      routed_queues: ['orders'],
      properties: { message_id: 'm', content_type: 'text/plain', headers: { a: 1 }, delivery_mode: 2 },
    });
    const trace = traceIn(raw);
    assert.ok(trace);
    assert.deepEqual(trace.queues, ['orders']);
    const { fields, properties, content } = messageOf(trace, raw);
    assert.deepEqual([fields.exchange, fields.routingKey, fields.redelivered], ['e', 'k', false]);
    assert.deepEqual([properties.messageId, properties.contentType, properties.deliveryMode], ['m', 'text/plain', 2]);
    assert.deepEqual(properties.headers, { a: 1 });
    assert.equal(content.toString(), 'x');
  });

  it('is left alone where it is of a delivery, or no trace at all', () => {
    assert.equal(traceIn(traced({ exchange_name: '' }, 'deliver.orders')), undefined);
    assert.equal(traceIn(traced({}, 'publish.x')), undefined);
    assert.equal(traceIn({ ...traced({}), properties: {} as ConsumeMessage['properties'] }), undefined);
  });

  it('may lack any part', () => {
    const raw = traced({ exchange_name: '', routing_keys: 'no list', properties: [] });
    const trace = traceIn(raw);
    assert.ok(trace);
    assert.deepEqual(trace, { exchange: '', routingKeys: [], queues: [], properties: {} });
    assert.equal(messageOf(trace, raw).fields.routingKey, '');
  });
});
