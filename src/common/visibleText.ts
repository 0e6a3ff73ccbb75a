/**
 * Text that someone else chose, made harmless to show: control characters (so ANSI escapes too), bidirectional controls,
 * line and paragraph separators, zero-width spaces and lone surrogates become something one can see. Otherwise a name or
 * a body could start a line of its own, hide its end, or read differently from what it is.
 */

/** Unicode's own classes, so that no list of ours can be out of date. `Cs` matches only surrogates without a partner. */
const UNSEEN = String.raw`[\p{Cc}\p{Cs}\p{Bidi_C}\p{Zl}\p{Zp}\u200b\ufeff]`;
const UNSEEN_IN_LINES = new RegExp(String.raw`(?![\n\t])${UNSEEN}`, 'gu');
const UNSEEN_IN_A_LINE = new RegExp(UNSEEN, 'gu');
/**
 * Two spaces separate the columns of a tail's header line, at the edges of a name spaces cannot be seen, and neither can
 * Unicode's default-ignorable characters (but those that join and style emoji) and the blank Braille pattern.
 */
const ODD_SPACES = /^\s+|\s+$|\s{2,}|[^\S ]|\u2800|(?!\u200d|\ufe0e|\ufe0f)\p{DI}/gu;

/** Most text is printable ASCII, and finding that out is many times cheaper than a search by Unicode classes. */
const ALL_SEEN_LINES = /^[ -~\n\t]*$/;
const ALL_SEEN_LINE = /^[ -~]*$/;
const PLAIN_NAME = /^[!-~]+$/;

/** Several lines: LF and tabs stay, CRLF becomes LF, and the result has no other line break of any kind. */
export function visibleLines(text: string): string {
  if (ALL_SEEN_LINES.test(text)) return text;
  const lines = text.includes('\r') ? text.replaceAll('\r\n', '\n') : text;
  return lines.replace(UNSEEN_IN_LINES, picture);
}

/** JSON text: what cannot be seen becomes a `\uXXXX` escape, which leaves every value as it was. */
export function visibleJson(json: string): string {
  if (ALL_SEEN_LINES.test(json)) return json;
  return json.replace(UNSEEN_IN_LINES, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** One line of at most `maxLength` UTF-16 units; what is left out is counted at its end. */
export function visibleLine(text: string, maxLength = Infinity): string {
  if (text.length <= maxLength) {
    return ALL_SEEN_LINE.test(text) ? text : text.replace(UNSEEN_IN_A_LINE, escapeInLine);
  }
  const kept = text.slice(0, isHighSurrogate(text.charCodeAt(maxLength - 1)) ? maxLength - 1 : maxLength);
  return `${kept.replace(UNSEEN_IN_A_LINE, escapeInLine)}… (${text.length - kept.length} more characters)`;
}

/**
 * A name (exchange, queue, routing key) in one line, without two spaces in a row and without any at its ends; an empty one is
 * `""`. 255 bytes is what AMQP allows (short string), so nothing is cut.
 */
export function visibleName(name: string): string {
  if (PLAIN_NAME.test(name)) return name;
  if (name === '') return '""';
  return visibleLine(name).replace(ODD_SPACES, (spaces) =>
    Array.from(spaces, (c) => (c === ' ' ? '␠' : codePoint(c))).join(''),
  );
}

/** A name for a button, which does not wrap: of a long one the middle is left out. */
export function shortName(name: string): string {
  const characters = Array.from(visibleName(name));
  return characters.length <= 40
    ? characters.join('')
    : [...characters.slice(0, 20), '…', ...characters.slice(-19)].join('');
}

/** How many characters of a text are controls other than white space and the escape that starts a colour. */
export function countControls(text: string): number {
  let count = 0;
  for (const [c] of text.matchAll(/(?![\t\n\f\r])\p{Cc}/gu)) if (c !== '\u001b') count++;
  return count;
}

function escapeInLine(c: string): string {
  if (c === '\n') return String.raw`\n`;
  if (c === '\r') return String.raw`\r`;
  return c === '\t' ? String.raw`\t` : picture(c);
}

/** The C0 controls and DEL have pictures of their own (Unicode block Control Pictures): ESC is `␛`. */
function picture(c: string): string {
  const code = c.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '␡' : codePoint(c);
}

function codePoint(c: string): string {
  return `\\u{${c.codePointAt(0)?.toString(16)}}`;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}
