/**
 * A number of JSON that a double cannot hold becomes a string that begins so: rounded, an id of 19 digits would equal its
 * neighbours.
 */
const MARKED = /^\0big (-?\d+)$/;
const MARKED_IN_JSON = /"\\u0000big (-?\d+)"/g;
const STRINGS_AND_BIG_INTEGERS = /"[^"\\]*(?:\\.[^"\\]*)*"|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/gs;

/** Whether it is worth while to parse it: its type says so, or how it begins, as `decodeBody` sees it. */
export function looksLikeJson(text: string, contentType: unknown): boolean {
  if (/^\s*[[{]/.test(text)) return true;
  return typeof contentType === 'string' && /[/+]json\s*(?:;|$)/i.test(contentType);
}

/** The value of a JSON text, with big integers for `bigIntegerOf`; undefined when it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(/\d{16}/.test(text) ? text.replace(STRINGS_AND_BIG_INTEGERS, markBig) : text) as unknown;
  } catch {
    return undefined;
  }
}

/** A big integer as `parseJson` marks it. */
export function bigIntegerOf(text: string): bigint | undefined {
  const digits = MARKED.exec(text)?.[1];
  return digits === undefined ? undefined : BigInt(digits);
}

/** A value within what `parseJson` returned, as JSON text; undefined when it is nested too deep for that. */
export function jsonText(value: object): string | undefined {
  try {
    return JSON.stringify(value).replaceAll(MARKED_IN_JSON, '$1');
  } catch {
    return undefined;
  }
}

/** Of the alternatives only the number does not begin with a quote; whatever is no JSON stays so. */
function markBig(token: string): string {
  return token.startsWith('"') || Number.isSafeInteger(Number(token)) ? token : `"\\u0000big ${token}"`;
}
