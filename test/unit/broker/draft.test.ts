import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import {
  checkShortString,
  validateDraft,
  type Draft,
  type DraftProperties,
} from '../../../src/broker/publish/draft.ts';
import { AppError } from '../../../src/common/errors.ts';

function draft(properties: DraftProperties = {}, rest: Partial<Draft> = {}): Draft {
  return { exchange: '', routingKey: 'q', content: Buffer.alloc(0), properties, ...rest };
}

/** The field that it refuses, or undefined. */
function refusedField(value: Draft): string | undefined {
  try {
    validateDraft(value);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof AppError && error.is('invalidInput'), String(error));
    return error.params.field;
  }
}

describe('a draft', () => {
  it('may carry every property at the edges of its range', () => {
    for (const properties of [
      { priority: 0, expiration: '0', timestamp: 0, messageId: '' },
      { priority: 255, expiration: 86_400_000, timestamp: Number.MAX_SAFE_INTEGER, messageId: 'm'.repeat(255) },
      { headers: { a: 1 }, persistent: true, contentType: 'text/plain', userId: 'guest' },
    ]) {
      assert.equal(refusedField(draft(properties)), undefined);
    }
  });

  for (const name of [
    'contentType',
    'contentEncoding',
    'correlationId',
    'replyTo',
    'messageId',
    'type',
    'userId',
    'appId',
  ] as const) {
    it(`is refused for a ${name} of 256 bytes, counted in UTF-8`, () => {
      assert.equal(refusedField(draft({ [name]: 'é'.repeat(127) })), undefined);
      assert.equal(refusedField(draft({ [name]: 'é'.repeat(128) })), name);
    });
  }

  it('is refused for half of a surrogate pair, which would be sent as another character', () => {
    for (const half of ['\ud83d', 'a\udc07b', '\udc07\ud83d']) {
      assert.equal(refusedField(draft({}, { routingKey: half })), 'routing key');
      assert.equal(refusedField(draft({ messageId: half })), 'messageId');
    }
    assert.equal(refusedField(draft({ messageId: '\ud83d\udc07' }, { routingKey: '🐇' })), undefined);
  });

  it('is refused for an exchange or a routing key of 256 bytes', () => {
    assert.equal(refusedField(draft({}, { exchange: 'x'.repeat(256) })), 'exchange');
    assert.equal(refusedField(draft({}, { routingKey: 'x'.repeat(256) })), 'routing key');
  });

  for (const priority of [-1, 256, 1.5, Number.NaN]) {
    it(`is refused for priority ${priority}`, () => {
      assert.equal(refusedField(draft({ priority })), 'priority');
    });
  }

  for (const expiration of ['', '1s', '-1', '1.5', -1]) {
    it(`is refused for expiration ${JSON.stringify(expiration)}`, () => {
      assert.equal(refusedField(draft({ expiration })), 'expiration');
    });
  }

  for (const timestamp of [-1, 1.5, 2 ** 60]) {
    it(`is refused for timestamp ${timestamp}`, () => {
      assert.equal(refusedField(draft({ timestamp })), 'timestamp');
    });
  }

  it('is refused for text properties that are not text', () => {
    assert.equal(refusedField(draft({ messageId: 7 } as unknown as DraftProperties)), 'messageId');
  });

  it('is refused for an expiration that cannot even become text', () => {
    const expiration: unknown = { toString: 1, valueOf: 1 };
    assert.equal(refusedField(draft({ expiration } as DraftProperties)), 'expiration');
  });

  it('throws nothing but errors with a code, whatever a setting held', () => {
    const properties = fc.dictionary(
      fc.constantFrom('contentType', 'priority', 'expiration', 'timestamp', 'messageId', 'type'),
      fc.anything(),
    );
    fc.assert(
      fc.property(properties, (value) => {
        refusedField(draft(value));
      }),
      { seed: 20263 },
    );
  });
});

describe('a short string', () => {
  it('says how long it is and may be', () => {
    assert.throws(
      () => checkShortString('queue', 'é'.repeat(128)),
      (error) => error instanceof AppError && error.is('invalidInput') && error.params.reason.includes('256'),
    );
  });
});
