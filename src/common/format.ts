/** Numbers as people read them. Plain arithmetic instead of `Intl`, because a tail formats thousands a second. */

const BYTE_UNITS = ['kB', 'MB', 'GB', 'TB', 'PB'] as const;
const COUNT_UNITS = ['k', 'M', 'G', 'T', 'P'] as const;

/** A number of bytes in decimal units: `0 B`, `999 B`, `1.2 kB`, `123 kB`, `4.8 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const { value, power } = scale(bytes, BYTE_UNITS.length);
  return `${value} ${BYTE_UNITS[power - 1] ?? ''}`;
}

/** A count, short: `999`, `1k`, `12.4k`, `123k`, `4.8M`. */
export function formatCount(count: number): string {
  if (count < 1000) return String(count);
  const { value, power } = scale(count, COUNT_UNITS.length);
  return `${value}${COUNT_UNITS[power - 1] ?? ''}`;
}

/** A whole number with its digits in groups: `4,812`. */
export function formatInteger(count: number): string {
  const digits = String(count);
  return digits.length <= 3 ? digits : digits.replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 message`, `4,812 messages`. @param what one of them; its plural ends in `s` */
export function counted(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${formatInteger(count)} ${what}s`;
}

/** Rounded to a tenth below 100 and to a whole above; the unit is chosen after rounding, so that it never says `1000 kB`. */
function scale(amount: number, powers: number): { value: number; power: number } {
  let value = amount;
  let power = 0;
  do {
    value /= 1000;
    power++;
  } while (power < powers && value >= 999.5);
  const rounded = value < 100 ? Math.round(value * 10) / 10 : Math.round(value);
  return { value: rounded, power };
}
