type Table = Readonly<Record<string, unknown>>;

/**
 * Whether the arguments of a binding to a headers exchange match a message's headers. `x-match` is `all` unless it says
 * `any`, `all-with-x` or `any-with-x`; only the last two look at arguments whose names begin with `x-`. An argument
 * without a value (void) asks only that the header is there. @see https://www.rabbitmq.com/docs/exchanges#headers
 */
export function headersMatch(binding: Table, headers: Table): boolean {
  const match = binding['x-match'];
  const withX = match === 'all-with-x' || match === 'any-with-x';
  const wanted = Object.entries(binding).filter(([name]) => (withX ? name !== 'x-match' : !name.startsWith('x-')));
  const isMet = ([name, value]: [string, unknown]): boolean =>
    Object.hasOwn(headers, name) && (isVoid(value) || isSame(value, headers[name]));
  return match === 'any' || match === 'any-with-x' ? wanted.some(isMet) : wanted.every(isMet);
}

/** The management API writes a void as `null`, or as Erlang's name for it. */
function isVoid(value: unknown): boolean {
  return value === null || value === 'undefined' || value === undefined;
}

/** As Erlang's `==`: by value, an integer being equal to a float. */
function isSame(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => isSame(item, b[i]));
  }
  const value = plain(b);
  if (!isTable(a) || !isTable(value)) return plain(a) === value;
  const names = Object.keys(a);
  return names.length === Object.keys(value).length && names.every((name) => isSame(a[name], value[name]));
}

/** What amqplib writes as `{ '!': type, value }`, and bytes, as the management API tells them. */
function plain(value: unknown): unknown {
  if (isTable(value) && typeof value['!'] === 'string') return value['value'];
  return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value;
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
}
