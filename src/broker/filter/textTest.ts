import { testWatched } from '../watched.ts';

/** Whether a text is or has what is looked for. */
export type TextTest = (text: string) => boolean;

/** Regular expressions see no more of a text, in UTF-16 units: some take time by the square of its length. */
const maxRegexText = 64 * 1024;

/** Whether a text contains another, in whatever case. */
export function containing(needle: string): TextTest {
  const escaped = needle.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
  // With `u` it is slower, and makes no difference to ASCII.
  const pattern = new RegExp(escaped, /^[ -~]*$/.test(needle) ? 'i' : 'iu');
  return (text) => pattern.test(text);
}

/** Whether a text's beginning matches. What can take long is stopped (`watched.ts`), and then counts as not matching. */
export function matching(pattern: RegExp): TextTest {
  const isWatched = canTakeLong(pattern);
  return (text) => {
    const head = text.length > maxRegexText ? text.slice(0, maxRegexText) : text;
    return isWatched ? testWatched(pattern, head) : pattern.test(head);
  };
}

/** Without repetition there is little to try again. */
export function canTakeLong({ source }: RegExp): boolean {
  return /[*+?{]|\\[1-9k]/.test(source.replaceAll(/\\[^1-9k]|\[(?:\\.|[^\]\\])*\]|\(\?[:=!<]/gs, ''));
}
