import assert from 'node:assert/strict';
import { shortName } from '../../../src/common/visibleText.ts';

describe('a name on a button', () => {
  it('is whole, or its beginning and end', () => {
    assert.equal(shortName('orders'), 'orders');
    assert.equal(shortName(' '), '␠');
    assert.equal(shortName(`a${'🐇'.repeat(62)}z`), `a${'🐇'.repeat(19)}…${'🐇'.repeat(18)}z`);
  });
});
