import assert from 'node:assert/strict';
import { deliveryLimitOf, rejectFate, traitsOf, type DeliveryLimit } from '../../../src/broker/consume/queueTraits.ts';
import type { QueueInfo } from '../../../src/broker/management/model.ts';
import { classicQueue } from '../../support/queueInfo.ts';

const QUORUM: QueueInfo = { ...classicQueue, type: 'quorum' };

const limitOf = (over: Partial<QueueInfo>, version: string): DeliveryLimit =>
  deliveryLimitOf({ ...QUORUM, ...over }, version);

describe('the delivery limit of a queue', () => {
  it('is 20 for a quorum queue since RabbitMQ 4, and none before', () => {
    assert.deepEqual(limitOf({}, '4.0.5'), { kind: 'known', limit: 20 });
    assert.deepEqual(limitOf({}, '3.10.8'), { kind: 'none' });
    assert.deepEqual(deliveryLimitOf(classicQueue, '4.0.5'), { kind: 'none' });
  });

  it('counts for every type on a broker that takes it for every type', () => {
    const over: QueueInfo = { ...classicQueue, arguments: { 'x-delivery-limit': 3 } };
    assert.deepEqual(deliveryLimitOf(over, '2.4.1'), { kind: 'known', limit: 3 });
  });

  it('is the lower one of argument and policy', () => {
    const over = { arguments: { 'x-delivery-limit': 7 }, effectivePolicy: { 'delivery-limit': 5 } };
    assert.deepEqual(limitOf(over, '4.0.5'), { kind: 'known', limit: 5 });
  });

  it('drops with the first return when it is 0', () => {
    for (const version of ['3.10.8', '4.0.5']) {
      assert.deepEqual(limitOf({ arguments: { 'x-delivery-limit': 0 } }, version), { kind: 'firstReturnDrops' });
      assert.deepEqual(limitOf({ effectivePolicy: { 'delivery-limit': 0 } }, version), { kind: 'firstReturnDrops' });
    }
  });

  it('drops with the first return when it is -1 before RabbitMQ 4, and is none since', () => {
    const over = { arguments: { 'x-delivery-limit': -1 } };
    assert.deepEqual(limitOf(over, '3.10.8'), { kind: 'firstReturnDrops' });
    assert.deepEqual(limitOf(over, '4.0.5'), { kind: 'none' });
    assert.deepEqual(limitOf({ ...over, effectivePolicy: { 'delivery-limit': 5 } }, '4.0.5'), {
      kind: 'known',
      limit: 5,
    });
  });

  it('is not known where a policy may say it, or nothing is known', () => {
    assert.deepEqual(limitOf({ policy: 'limits', effectivePolicy: undefined }, '4.0.5'), { kind: 'unknown' });
    assert.deepEqual(limitOf({ effectivePolicy: undefined }, '3.10.8'), { kind: 'unknown' });
    assert.deepEqual(deliveryLimitOf(undefined, '4.0.5'), { kind: 'unknown' });
  });
});

const may = (over: Partial<QueueInfo>): boolean => traitsOf({ ...classicQueue, ...over }, '3.10.8').canCancel;

describe('whether a tail may cancel its consumer to pause', () => {
  it('it may when the queue is known to stay', () => {
    assert.equal(may({}), true);
    assert.equal(may({ policy: 'limits', effectivePolicy: { 'max-length': 5 } }), true);
  });

  it('it may not when the queue would go with it, at once or some time after', () => {
    assert.equal(may({ autoDelete: true }), false);
    assert.equal(may({ arguments: { 'x-expires': 60_000 } }), false);
    assert.equal(may({ policy: 'fleeting', effectivePolicy: { expires: 60_000 } }), false);
  });

  it('it may not when that would drop what is under way', () => {
    assert.equal(may({ type: 'quorum', arguments: { 'x-delivery-limit': -1 } }), false);
    assert.equal(may({ type: 'quorum', arguments: { 'x-delivery-limit': 3 } }), true);
  });

  it('it may not when that is not known', () => {
    assert.equal(may({ policy: 'limits', effectivePolicy: undefined }), false);
    assert.equal(may({ effectivePolicy: undefined }), false);
    assert.equal(traitsOf(undefined, '3.10.8').canCancel, false);
  });
});

describe('the fate of a rejected message', () => {
  it('is by the dead-letter exchange, where it is known whether there is one', () => {
    assert.deepEqual(rejectFate(classicQueue), { kind: 'dropped' });
    assert.deepEqual(rejectFate({ ...classicQueue, deadLetterExchange: undefined }), { kind: 'unknown' });
    assert.deepEqual(rejectFate({ ...classicQueue, deadLetterExchange: 'dlx' }), {
      kind: 'deadLettered',
      exchange: 'dlx',
      routingKey: undefined,
    });
  });
});
