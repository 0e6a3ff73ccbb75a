/**
 * Lays XML out over lines tag by tag. Tags and texts are copied as they are; white space changes only between elements that have
 * no text beside them. One pass, no recursion: nesting cannot exhaust the stack, and entities are never expanded.
 */

/** Deeper levels are not indented further. */
const maxIndentedDepth = 20;
const INDENTS = Array.from({ length: maxIndentedDepth + 1 }, (_, depth) => `\n${'  '.repeat(depth)}`);

/** The XML text indented by two spaces; undefined when its tags do not match. */
export function indentXml(text: string): string | undefined {
  const { tokens, isWhole } = tokenize(text);
  const layout = isWhole ? mixedElements(tokens) : undefined;
  return layout?.isClosed ? layOut(tokens, layout.mixed) : undefined;
}

/** The same for the beginning of an XML text, up to where it was cut. */
export function indentXmlStart(text: string): string | undefined {
  const { tokens } = tokenize(text);
  const layout = mixedElements(tokens);
  return layout && layOut(tokens, layout.mixed);
}

type Kind = 'open' | 'close' | 'empty' | 'other' | 'text';

interface Token {
  readonly kind: Kind;
  readonly text: string;
}

/** Comment, CDATA, processing instruction, declaration; where one is not ended, it is text up to the end. */
const ENDS: readonly (readonly [string, string])[] = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
];
/** What has more would take too much memory. */
const mostTokens = 1_000_000;

function tokenize(text: string): { readonly tokens: Token[]; readonly isWhole: boolean } {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length;) {
    const start = text.charAt(at) === '<' ? at : text.indexOf('<', at);
    const end = start === at ? endOfMarkup(text, at) : start === -1 ? text.length : start;
    if (end === undefined) {
      tokens.push({ kind: 'other', text: text.slice(at) });
      return { tokens, isWhole: false };
    }
    if (tokens.length === mostTokens) return { tokens: [{ kind: 'close', text: '' }], isWhole: false };
    const token = text.slice(at, end);
    tokens.push({ kind: start === at ? kindOf(token) : 'text', text: token });
    at = end;
  }
  return { tokens, isWhole: true };
}

function endOfMarkup(text: string, start: number): number | undefined {
  for (const [opening, closing] of ENDS) {
    if (!text.startsWith(opening, start)) continue;
    const end = text.indexOf(closing, start + opening.length);
    return end === -1 ? undefined : end + closing.length;
  }
  if (text.startsWith('<!', start)) return endOfTag(text, start + 2, true);
  return /[^\s<>/!?"'=]/.test(text.slice(start + 1, start + 3)) ? endOfTag(text, start + 1, false) : undefined;
}

/** After the `>` that is in no quotes, nor in the brackets of a document type. */
function endOfTag(text: string, start: number, hasBrackets: boolean): number | undefined {
  let brackets = 0;
  for (let at = start; at < text.length; at++) {
    const c = text.charAt(at);
    if (c === '"' || c === "'") {
      at = text.indexOf(c, at + 1);
      if (at === -1) return undefined;
    } else if (hasBrackets && c === '[') brackets++;
    else if (hasBrackets && c === ']') brackets--;
    else if (brackets > 0) continue;
    else if (c === '>') return at + 1;
    else if (c === '<') return undefined;
  }
  return undefined;
}

function kindOf(markup: string): Kind {
  if (markup.startsWith('</')) return 'close';
  if (markup.startsWith('<![CDATA[')) return 'text';
  if (markup.startsWith('<!') || markup.startsWith('<?')) return 'other';
  return markup.endsWith('/>') ? 'empty' : 'open';
}

function nameOf(tag: string): string {
  return /[^\s<>/]+/.exec(tag)?.[0] ?? '';
}

/** The places of the opening tags whose content has text in it or keeps its white space; undefined when a tag closes another. */
function mixedElements(tokens: readonly Token[]): { mixed: ReadonlySet<number>; isClosed: boolean } | undefined {
  const mixed = new Set<number>();
  const open: number[] = [];
  for (const [at, { kind, text }] of tokens.entries()) {
    if (kind === 'open') {
      open.push(at);
      if (/\sxml:space\s*=\s*["']preserve/.test(text)) mixed.add(at);
    } else if (kind === 'close') {
      const opening = open.pop();
      if (opening === undefined || nameOf(tokens[opening]?.text ?? '') !== nameOf(text)) return undefined;
    } else if (kind === 'text' && /\S/.test(text)) {
      const parent = open.at(-1);
      if (parent !== undefined) mixed.add(parent);
    }
  }
  return { mixed, isClosed: open.length === 0 };
}

function layOut(tokens: readonly Token[], mixed: ReadonlySet<number>): string {
  let out = '';
  let depth = 0;
  /** How many elements are open within one that stays as it is, itself included. */
  let verbatim = 0;
  let before: Kind | undefined;
  for (const [at, { kind, text }] of tokens.entries()) {
    if (verbatim > 0) {
      out += text;
      if (kind === 'open') verbatim++;
      if (kind === 'close') verbatim--;
    } else {
      const shown = kind === 'text' ? text.trim() : text;
      if (shown === '') continue;
      if (kind === 'close') depth--;
      if (out !== '' && !(kind === 'close' && before === 'open'))
        out += INDENTS[Math.min(depth, maxIndentedDepth)] ?? '';
      out += shown;
      if (kind === 'open' && mixed.has(at)) verbatim = 1;
      else if (kind === 'open') depth++;
    }
    before = kind;
  }
  return out;
}
