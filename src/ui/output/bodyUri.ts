import { visibleName } from '../../common/visibleText.ts';

/** The scheme of documents that show messages out of a tail's buffer. */
export const bodyScheme = 'warren-message';

/** Which messages of which tail a document shows. */
export interface BodyAddress {
  readonly tail: string;
  readonly from: number;
  readonly to: number;
  /** What it shows of one message. */
  readonly part: 'body' | 'properties';
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  json: '.json',
  xml: '.xml',
  html: '.html',
  yaml: '.yaml',
  jsonl: '.jsonl',
  javascript: '.js',
  css: '.css',
  markdown: '.md',
  sql: '.sql',
};

/** The last part of the path is what the editor's tab says: `#12 orders.json`. */
export function bodyPath(address: BodyAddress, queue: string, languageId: string): string {
  const { tail, from, to, part } = address;
  const numbers = from === to ? `#${from}` : `#${from}–#${to}`;
  const name = visibleName(queue).replaceAll(/[/\\]/g, '∕');
  const ending = part === 'properties' ? ' properties.txt' : (EXTENSIONS[languageId] ?? '.txt');
  return `/${tail}/${from}-${to}/${part}/${numbers} ${name}${ending}`;
}

/** What a document's URI asks for, if it is one of ours. */
export function bodyAddressOf({
  scheme,
  path,
}: {
  readonly scheme: string;
  readonly path: string;
}): BodyAddress | undefined {
  if (scheme !== bodyScheme) return undefined;
  const match = /^\/([^/]+)\/(\d+)-(\d+)\/(body|properties)\//.exec(path);
  if (!match) return undefined;
  const [, tail = '', from, to, part] = match;
  return { tail, from: Number(from), to: Number(to), part: part === 'body' ? 'body' : 'properties' };
}
