/** What a figure should be: its ratio to the reference, or its value in the row's own unit. */
export interface Aim {
  readonly of: 'ratio' | 'value';
  readonly is: 'at least' | 'at most';
  readonly limit: number;
}

/** One measured figure. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** In the same unit, of the same run. */
  readonly reference?: number;
  /** `value / reference` unless said otherwise. */
  readonly ratio?: number;
  readonly aim?: Aim;
  readonly rounds: number;
  /** What the reference is, and what else one must know to read the figure. */
  readonly note: string;
}

export const atLeast = (limit: number): Aim => ({ of: 'ratio', is: 'at least', limit });
export const atMost = (limit: number): Aim => ({ of: 'ratio', is: 'at most', limit });
export const valueAtMost = (limit: number): Aim => ({ of: 'value', is: 'at most', limit });

/** A row whose ratio is its value to its reference. */
export function compared(row: Omit<Row, 'ratio'> & { readonly reference: number }): Row {
  return { ...row, ratio: row.value / row.reference };
}

/** Whether the aim is met; undefined without one. */
function meetsAim({ aim, value, ratio }: Row): boolean | undefined {
  if (!aim) return undefined;
  const figure = aim.of === 'ratio' ? ratio : value;
  if (figure === undefined) return undefined;
  return aim.is === 'at least' ? figure >= aim.limit : figure <= aim.limit;
}

/** The rows as columns of text, with the notes under it. */
export function formatTable(rows: readonly Row[]): string {
  const head = ['name', 'value', 'unit', 'reference', 'ratio', 'aim', '', 'rounds'];
  const lines = rows.map((row) => [
    row.name,
    digits(row.value),
    row.unit,
    row.reference === undefined ? '' : digits(row.reference),
    row.ratio === undefined ? '' : row.ratio.toFixed(3),
    row.aim === undefined ? '' : `${row.aim.is === 'at least' ? '≥' : '≤'} ${row.aim.limit}${unitOf(row)}`,
    verdict(row),
    String(row.rounds),
  ]);
  const widths = head.map((title, i) => Math.max(title.length, ...lines.map((line) => line[i]?.length ?? 0)));
  const isNumber = [false, true, false, true, true, false, false, true];
  const format = (cells: readonly string[]): string =>
    cells.map((cell, i) => (isNumber[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0))).join('  ');
  const notes = rows.map(({ name, note }) => `${name}: ${note}`);
  return [format(head), widths.map((width) => '─'.repeat(width)).join('  '), ...lines.map(format), '', ...notes].join(
    '\n',
  );
}

/** What `--json` writes. */
export function toJson(rows: readonly Row[]): unknown {
  return rows.map(({ name, value, unit, reference, ratio, rounds }) => ({
    name,
    value,
    unit,
    reference: reference ?? null,
    ratio: ratio ?? null,
    rounds,
  }));
}

function unitOf({ aim, unit }: Row): string {
  return aim?.of === 'value' ? ` ${unit}` : '';
}

function verdict(row: Row): string {
  const met = meetsAim(row);
  return met === undefined ? '' : met ? 'ok' : 'over';
}

function digits(value: number): string {
  const size = Math.abs(value);
  if (size >= 1000) return Math.round(value).toLocaleString('en');
  return size >= 100 ? value.toFixed(0) : size >= 10 ? value.toFixed(1) : value.toFixed(3);
}
