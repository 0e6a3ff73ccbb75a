/** A content coding that can be undone. */
export type Coding = 'gzip' | 'deflate' | 'br' | 'zstd';

/** What `content-encoding` says. */
export interface ContentEncoding {
  /** In the order in which they were applied. */
  readonly codings: readonly Coding[];
  /** A coding that cannot be undone. */
  readonly unreadable: string | undefined;
  /** Celery and Kombu put the charset here, so it may be any word; empty when there is none. */
  readonly charset: string;
}

/** As registered with IANA (HTTP content codings), and other names that are seen. */
const CODINGS: ReadonlyMap<string, Coding> = new Map([
  ['gzip', 'gzip'],
  ['x-gzip', 'gzip'],
  ['deflate', 'deflate'],
  ['zlib', 'deflate'],
  ['br', 'br'],
  ['brotli', 'br'],
  ['zstd', 'zstd'],
  ['x-zstd', 'zstd'],
]);
const UNREADABLE: ReadonlySet<string> = new Set(
  'compress x-compress zip lz4 x-lz4 snappy x-snappy bzip2 x-bzip2 xz lzma'.split(' '),
);
const NONE: ContentEncoding = { codings: [], unreadable: undefined, charset: '' };
/** More would be no message but an attack. */
const mostCodings = 4;

/** Reads what HTTP writes (`gzip, br`) and what Spring AMQP did (`gzip:utf-8`). Never throws, whatever the value. */
export function parseContentEncoding(value: unknown): ContentEncoding {
  if (typeof value !== 'string' || value === '') return NONE;
  const codings: Coding[] = [];
  let unreadable: string | undefined;
  let charset = '';
  for (const word of value.toLowerCase().split(/[\s,:;]+/)) {
    const coding = CODINGS.get(word);
    if (coding) codings.push(coding);
    else if (UNREADABLE.has(word)) unreadable ??= word;
    else if (word !== '' && word !== 'identity') charset = word;
  }
  if (codings.length > mostCodings) unreadable ??= `${codings.length} codings`;
  return { codings, unreadable, charset };
}
