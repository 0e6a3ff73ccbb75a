import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { formatBytes, formatCount, formatInteger } from '../../../src/common/format.ts';

describe('numbers for people', () => {
  it('writes bytes in decimal units with at most one decimal', () => {
    const sizes = [0, 1, 999, 1000, 1234, 12_345, 99_949, 99_951, 999_499, 999_500, 4_800_000, 1e9, 134_217_728];
    const texts = '0 B,1 B,999 B,1 kB,1.2 kB,12.3 kB,99.9 kB,100 kB,999 kB,1 MB,4.8 MB,1 GB,134 MB'.split(',');
    assert.deepEqual(sizes.map(formatBytes), texts);
  });

  it('writes counts short', () => {
    const counts = [0, 999, 1000, 12_400, 123_456, 999_600, 1_250_000];
    assert.deepEqual(counts.map(formatCount), ['0', '999', '1k', '12.4k', '123k', '1M', '1.3M']);
  });

  it('groups digits', () => {
    assert.deepEqual([0, 999, 1000, 1_234_567].map(formatInteger), ['0', '999', '1,000', '1,234,567']);
  });

  it('is never off by more than the rounding, nor longer than a column', () => {
    fc.assert(
      fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER }), (bytes) => {
        const [value = '', unit = ''] = formatBytes(bytes).split(' ');
        const shown = Number(value) * 1000 ** ['B', 'kB', 'MB', 'GB', 'TB', 'PB'].indexOf(unit);
        assert.ok(Math.abs(shown - bytes) <= bytes * 0.051);
        assert.ok(Number(value) < 1000 && value.length <= 4);
      }),
      { seed: 20265 },
    );
  });
});
