/** Values nested deeper are refused: whoever reads them would run out of stack. */
export const maxDepth = 100;

/**
 * A decoded value as JSON text, which can say more than JSON can: integers of any size stay exact, bytes become hex digits
 * after `0x`, dates ISO 8601, and numbers that are none the strings `NaN` and `Infinity`.
 * @throws Error when it is nested too deep
 */
export function jsonTextOf(value: unknown, depth = 0): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return Number.isFinite(value) ? JSON.stringify(value) : `"${value}"`;
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'object':
      return value === null ? 'null' : objectText(value, depth);
    default:
      return 'null';
  }
}

function objectText(value: object, depth: number): string {
  if (depth === maxDepth) throw new Error(`it is nested deeper than ${maxDepth} levels`);
  if (value instanceof Uint8Array) return `"${hexText(value)}"`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'null' : `"${value.toISOString()}"`;
  if (Array.isArray(value)) return `[${value.map((item) => jsonTextOf(item, depth + 1)).join(',')}]`;
  const entries = Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}:${jsonTextOf(item, depth + 1)}`);
  return `{${entries.join(',')}}`;
}

/** `0x00ff` */
export function hexText(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')}`;
}
