import { SyntaxProblem } from './syntaxProblem.ts';

const SPACE = /\s*/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"/sy;
const REGEX = /\/((?:[^/\\[]|\\.|\[(?:[^\]\\]|\\.)*\])+)\/([\w]*)/sy;
const FLAGS = /^(?!.*(.).*\1)[gimsuv]*$/;

/** A place in the text of a filter, and what can be read from there. */
export class Scanner {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  get next(): string {
    return this.text.charAt(this.at);
  }

  skipSpace(): void {
    this.take(SPACE);
  }

  /** @param pattern sticky */
  sees(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    return pattern.test(this.text);
  }

  /** What matches here, which is passed over. */
  take(pattern: RegExp): string | undefined {
    return this.#match(pattern)?.[0];
  }

  /** Text in double quotes; a backslash goes before a quote or a backslash in it. @throws SyntaxProblem */
  quoted(): string {
    const start = this.at;
    const found = this.#match(QUOTED);
    if (!found) throw new SyntaxProblem(start, 'This quote is not closed.');
    return (found[1] ?? '').replaceAll(/\\(["\\])/g, '$1');
  }

  /** What stands between slashes, and the letters after. @throws SyntaxProblem */
  regex(): { readonly source: string; readonly flags: string } {
    const start = this.at;
    const [, source, flags] = this.#match(REGEX) ?? [];
    if (source === undefined || flags === undefined) {
      throw new SyntaxProblem(
        start,
        'A regular expression ends with a slash; quote a text that begins with one: "/a".',
      );
    }
    if (FLAGS.test(flags)) return { source, flags };
    const slash = this.at - flags.length;
    throw new SyntaxProblem(
      slash,
      'After a regular expression may stand i, m, s and u; quote a text with slashes: "/a/b".',
    );
  }

  /** Up to white space, `|`, or the parenthesis that closes the group around it; parentheses within count. */
  word(isInGroup: boolean): string {
    const start = this.at;
    let open = 0;
    for (; !this.isAtEnd && !/[\s|]/.test(this.next); this.at++) {
      if (this.next === '(') open++;
      else if (this.next === ')' && open-- === 0 && isInGroup) break;
    }
    return this.text.slice(start, this.at);
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at += found[0].length;
    return found ?? undefined;
  }
}
