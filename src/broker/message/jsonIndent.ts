/**
 * Lays JSON out over lines token by token. Tokens are copied as they are, unlike with `JSON.parse` and `stringify`, which
 * would change big integers, `1.0`, duplicate keys and escapes. One pass, no recursion: nesting cannot exhaust the stack.
 */

/** Deeper levels stay on one line; else 4 KB of `[` would become 16 MB of indentation. */
const MAX_INDENTED_DEPTH = 20;
const LINE_BREAKS = Array.from({ length: MAX_INDENTED_DEPTH + 1 }, (_, depth) => `\n${'  '.repeat(depth)}`);

const INVALID = -1;
/** The text ends inside a token. */
const CUT = -2;

/** The JSON text indented by two spaces, laid out as `JSON.stringify(value, null, 2)` does; undefined when it is not JSON (RFC 8259). */
export function indentJson(text: string): string | undefined {
  const { valid, ended, out } = indent(text);
  return valid && ended ? out : undefined;
}

/** The same for the beginning of a JSON text, up to where it was cut; undefined when no JSON text begins so. */
export function indentJsonStart(text: string): string | undefined {
  const { valid, out } = indent(text);
  return valid ? out : undefined;
}

type Expected = 'value' | 'valueOrEnd' | 'key' | 'keyOrEnd' | 'colon' | 'commaOrEnd' | 'nothing';

interface Indented {
  readonly valid: boolean;
  readonly ended: boolean;
  readonly out: string;
}

const NOT_JSON: Indented = { valid: false, ended: false, out: '' };

function indent(text: string): Indented {
  const closers: (']' | '}')[] = [];
  let expected: Expected = 'value';
  let out = '';
  const lineBreak = (): string => LINE_BREAKS[closers.length] ?? '';
  const afterValue = (): Expected => (closers.length === 0 ? 'nothing' : 'commaOrEnd');

  for (let i = skipSpace(text, 0); i < text.length; i = skipSpace(text, i)) {
    const c = text.charAt(i);
    if (c === ':') {
      if (expected !== 'colon') return NOT_JSON;
      out += ': ';
      expected = 'value';
      i++;
    } else if (c === ',') {
      if (expected !== 'commaOrEnd') return NOT_JSON;
      out += lineBreak() === '' ? ', ' : `,${lineBreak()}`;
      expected = closers.at(-1) === '}' ? 'key' : 'value';
      i++;
    } else if (c === ']' || c === '}') {
      const isEmpty = expected === (c === ']' ? 'valueOrEnd' : 'keyOrEnd');
      if ((!isEmpty && expected !== 'commaOrEnd') || closers.at(-1) !== c) return NOT_JSON;
      const deep = lineBreak() === '';
      closers.pop();
      out += isEmpty || deep ? c : lineBreak() + c;
      expected = afterValue();
      i++;
    } else {
      const isKey: boolean = expected === 'key' || expected === 'keyOrEnd';
      if (!isKey && expected !== 'value' && expected !== 'valueOrEnd') return NOT_JSON;
      if (isKey && c !== '"') return NOT_JSON;
      if (expected === 'valueOrEnd' || expected === 'keyOrEnd') out += lineBreak();
      if (c === '[' || c === '{') {
        closers.push(c === '[' ? ']' : '}');
        out += c;
        expected = c === '[' ? 'valueOrEnd' : 'keyOrEnd';
        i++;
        continue;
      }
      const end = endOfScalar(text, i);
      if (end === INVALID) return NOT_JSON;
      if (end === CUT) return { valid: true, ended: false, out: out + text.slice(i) };
      out += text.slice(i, end);
      expected = isKey ? 'colon' : afterValue();
      i = end;
    }
  }
  return { valid: true, ended: expected === 'nothing', out };
}

function skipSpace(text: string, start: number): number {
  let i = start;
  for (; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) break;
  }
  return i;
}

/** The index after the string, number or literal that starts at `start`, or INVALID, or CUT. */
function endOfScalar(text: string, start: number): number {
  switch (text.charAt(start)) {
    case '"':
      return endOfString(text, start);
    case 't':
      return endOfLiteral(text, start, 'true');
    case 'f':
      return endOfLiteral(text, start, 'false');
    case 'n':
      return endOfLiteral(text, start, 'null');
    default:
      return endOfNumber(text, start);
  }
}

function endOfLiteral(text: string, start: number, literal: string): number {
  const found = text.slice(start, start + literal.length);
  if (found === literal) return start + literal.length;
  return literal.startsWith(found) ? CUT : INVALID;
}

function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x22) return i + 1;
    if (c < 0x20) return INVALID;
    if (c !== 0x5c) continue;
    i++;
    if (i === text.length) return CUT;
    if (text.charAt(i) === 'u') {
      const hex = text.slice(i + 1, i + 5);
      if (!/^[\da-f]*$/i.test(hex)) return INVALID;
      i += 4;
    } else if (!'"\\/bfnrt'.includes(text.charAt(i))) return INVALID;
  }
  return CUT;
}

/** `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?` */
function endOfNumber(text: string, start: number): number {
  let i = text.charAt(start) === '-' ? start + 1 : start;
  const first = i;
  i = skipDigits(text, first);
  if (i === first) return i === text.length ? CUT : INVALID;
  if (text.charAt(first) === '0' && i > first + 1) return INVALID;
  if (text.charAt(i) === '.') {
    const fraction = i + 1;
    i = skipDigits(text, fraction);
    if (i === fraction) return i === text.length ? CUT : INVALID;
  }
  if (text.charAt(i) === 'e' || text.charAt(i) === 'E') {
    const sign = text.charAt(i + 1);
    const exponent = sign === '+' || sign === '-' ? i + 2 : i + 1;
    i = skipDigits(text, exponent);
    if (i === exponent) return i === text.length ? CUT : INVALID;
  }
  return i;
}

function skipDigits(text: string, start: number): number {
  let i = start;
  while (i < text.length && text.charCodeAt(i) >= 0x30 && text.charCodeAt(i) <= 0x39) i++;
  return i;
}
