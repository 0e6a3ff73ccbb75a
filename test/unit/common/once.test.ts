import assert from 'node:assert/strict';
import { once } from '../../../src/common/once.ts';

describe('what is made once', () => {
  it('is not made before it is wanted, and only then, even if it is nothing', () => {
    let made = 0;
    const get = once(() => {
      made++;
    });
    assert.equal(made, 0);
    get();
    get();
    assert.equal(made, 1);
  });
});
