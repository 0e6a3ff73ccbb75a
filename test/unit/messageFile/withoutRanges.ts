/** A value as it is, without where it stands in a file. */
export function withoutRanges(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (Array.isArray(value)) return value.map(withoutRanges);
  if (typeof value !== 'object' || value === null) return value;
  const places = new Set([
    'range',
    'nameRange',
    'valueRange',
    'exchangeRange',
    'keyRange',
    'bodyRange',
    'head',
    'separator',
  ]);
  const entries = Object.entries(value).filter(([key, each]) => !places.has(key) && each !== undefined);
  return Object.fromEntries(entries.map(([key, each]) => [key, withoutRanges(each)]));
}
