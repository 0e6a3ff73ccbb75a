import assert from 'node:assert/strict';
import type { AppError } from '../../../src/common/errors.ts';
import { overrideProperties } from '../../../src/broker/publish/properties.ts';

const defaults = { contentType: 'application/json', persistent: true, messageId: 'm', timestamp: 1, appId: 'warren' };

function refusal(overrides: Record<string, unknown>): AppError['params'] {
  try {
    overrideProperties(defaults, overrides);
  } catch (error) {
    return (error as AppError).params;
  }
  throw new Error('it was accepted');
}

describe('overriding the properties of a message', () => {
  it('leaves the defaults alone without overrides', () => {
    assert.deepEqual(overrideProperties(defaults, {}), defaults);
  });

  it('takes properties by their AMQP names', () => {
    const result = overrideProperties(defaults, { 'content-type': 'text/plain', 'correlation-id': 'c', priority: 3 });
    assert.deepEqual(result, { ...defaults, contentType: 'text/plain', correlationId: 'c', priority: 3 });
  });

  it('leaves a property out for null', () => {
    assert.equal('appId' in overrideProperties(defaults, { 'app-id': null }), false);
  });

  it('reads delivery-mode as the specification counts it', () => {
    assert.equal(overrideProperties(defaults, { 'delivery-mode': 1 }).persistent, false);
    assert.equal(overrideProperties(defaults, { 'delivery-mode': 2 }).persistent, true);
    assert.equal('field' in refusal({ 'delivery-mode': 3 }), true);
  });

  it('refuses a name that AMQP does not have, and says which it has', () => {
    const params = refusal({ contentType: 'x' });
    assert.match(JSON.stringify(params), /content-type/);
  });

  it('sends integers in headers as 32 or 64 bits, deep in tables and arrays too', () => {
    const headers = { small: -5, big: 2 ** 40, half: 1.5, text: '7', list: [1, { n: 2 }], yes: true, none: null };
    assert.deepEqual(overrideProperties({}, { headers }).headers, {
      small: { '!': 'int', value: -5 },
      big: { '!': 'long', value: 2 ** 40 },
      half: 1.5,
      text: '7',
      list: [{ '!': 'int', value: 1 }, { n: { '!': 'int', value: 2 } }],
      yes: true,
      none: null,
    });
  });

  it('refuses an integer that would not arrive as it was written', () => {
    assert.match(JSON.stringify(refusal({ headers: { id: 2 ** 60 } })), /header id/);
  });

  it('takes no name for a property that every object has', () => {
    for (const name of ['constructor', 'toString', '__proto__']) {
      assert.match(
        JSON.stringify(refusal(JSON.parse(`{"${name}":"x"}`) as Record<string, unknown>)),
        /not an AMQP property/,
      );
    }
  });

  it('refuses headers that are nested without end, or named as AMQP cannot carry or amqplib would misread', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`) as unknown;
    assert.match(JSON.stringify(refusal({ headers: deep })), /nested more than/);
    assert.match(JSON.stringify(refusal({ headers: { ['n'.repeat(256)]: 1 } })), /header name/);
    assert.match(JSON.stringify(refusal({ headers: { a: { '!': 'int', value: 1 } } })), /\\"!\\"/);
    assert.ok(JSON.stringify(refusal({ ['x'.repeat(1_000_000)]: 1 })).length < 500);
  });

  it('refuses headers that are no object', () => {
    assert.match(JSON.stringify(refusal({ headers: [1] })), /headers/);
  });
});
