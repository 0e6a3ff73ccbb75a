import { countControls, visibleJson, visibleLines } from '../../common/visibleText.ts';
import { hexDump } from './hexDump.ts';
import { indentJson, indentJsonStart } from './jsonIndent.ts';
import type { MessageProperties } from './message.ts';

/** A body as text to show; for display only, never to be sent or saved. */
export interface DecodedBody {
  readonly kind: 'json' | 'text' | 'hex' | 'empty';
  /** Lines separated by LF, free of characters that cannot be seen (`visibleText.ts`). Without the part that was cut off. */
  readonly text: string;
  /** An id of a language that VS Code ships. */
  readonly languageId: string;
  /** How many bytes at the end of the body are not in `text`. */
  readonly omittedBytes: number;
  /** The content-encoding that keeps a body from being read, such as `gzip`; then `kind` is hex. */
  readonly compression?: string;
}

interface DecodeLimits {
  /** How many bytes of the body to show; the work done is in proportion to it, whatever the size of the body. */
  readonly maxBytes?: number;
}

/**
 * The most that is ever shown. A hex dump has five characters a byte and indented JSON up to twenty, and a string of V8
 * ends at 512 M characters; VS Code itself stops tokenizing a file at 20 MB.
 */
const MAX_SHOWN_BYTES = 16 * 1024 * 1024;

/**
 * A body as JSON when its type says so or its bytes are, else as text in its charset (UTF-8 unless it says otherwise), else as a
 * hex dump. Never throws, whatever the bytes and properties: both are the publisher's.
 */
export function decodeBody(
  content: Uint8Array,
  properties: Partial<MessageProperties>,
  limits: DecodeLimits = {},
): DecodedBody {
  if (content.length === 0) return { kind: 'empty', text: '', languageId: 'plaintext', omittedBytes: 0 };
  const limit = Math.max(0, Math.min(limits.maxBytes ?? MAX_SHOWN_BYTES, MAX_SHOWN_BYTES));
  const head = content.subarray(0, limit);
  const encoding = lowerCase(properties.contentEncoding);
  if (COMPRESSIONS.has(encoding)) return { ...decodeHex(content, head), compression: encoding };

  const { mediaType, charset } = parseContentType(properties.contentType);
  const decoded = decodeText(head, charset ?? encoding, head.length < content.length);
  if (decoded === undefined) return decodeHex(content, head);

  const omittedBytes = content.length - decoded.bytes;
  const isTyped = /[/+]json$/.test(mediaType);
  if (isTyped || /^\s*[[{]/.test(decoded.text)) {
    const json = omittedBytes > 0 ? indentJsonStart(decoded.text) : indentJson(decoded.text);
    if (json !== undefined) return { kind: 'json', text: visibleJson(json), languageId: 'json', omittedBytes };
  }
  if (!isTyped && charset === undefined && looksBinary(decoded.text, mediaType)) return decodeHex(content, head);
  return { kind: 'text', text: visibleLines(decoded.text), languageId: languageOf(mediaType), omittedBytes };
}

/** The bytes as text in their charset; undefined when they are not text in it. Never throws. */
export function textOfBody(bytes: Uint8Array, properties: Partial<MessageProperties>): string | undefined {
  const { charset } = parseContentType(properties.contentType);
  return decodeText(bytes, charset ?? lowerCase(properties.contentEncoding), true)?.text;
}

interface ContentType {
  /** In lower case, without parameters. */
  readonly mediaType: string;
  readonly charset: string | undefined;
}

function parseContentType(contentType: unknown): ContentType {
  const declared = lowerCase(contentType);
  const mediaType = (declared.split(';', 1)[0] ?? '').trim();
  return { mediaType, charset: /;\s*charset\s*=\s*"?([^\s";]+)/.exec(declared)?.[1] };
}

/** As registered with IANA (HTTP content codings), and those that brokers see besides. */
const COMPRESSIONS: ReadonlySet<string> = new Set(
  'gzip x-gzip deflate br zstd compress x-compress zip zlib lz4 snappy bzip2 xz'.split(' '),
);

function decodeHex(content: Uint8Array, head: Uint8Array): DecodedBody {
  return {
    kind: 'hex',
    text: hexDump(head),
    languageId: 'plaintext',
    omittedBytes: content.length - head.length,
  };
}

interface DecodedText {
  readonly text: string;
  /** How many of the bytes given are in `text`. */
  readonly bytes: number;
}

/** A reused decoder costs a third of a new one. Not streaming, it keeps nothing from one call to the next. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The bytes as text, without a character that the cut has split; undefined when they are not text in that charset. */
function decodeText(bytes: Uint8Array, charset: string, isCut: boolean): DecodedText | undefined {
  const label = knownCharset(charset);
  const decoder = label === 'utf-8' ? utf8 : new TextDecoder(label, { fatal: true });
  const text = tryDecode(decoder, bytes);
  if (text !== undefined) return { text, bytes: bytes.length };
  if (!isCut || !isStartOfText(bytes, label)) return undefined;
  // No charset of the web platform has characters of more than four bytes.
  for (let cut = 1; cut <= Math.min(3, bytes.length); cut++) {
    const kept = tryDecode(decoder, bytes.subarray(0, bytes.length - cut));
    if (kept !== undefined) return { text: kept, bytes: bytes.length - cut };
  }
  return undefined;
}

/** A decoder in streaming mode waits for the rest of a character, but refuses what can never become one. */
function isStartOfText(bytes: Uint8Array, label: string): boolean {
  try {
    new TextDecoder(label, { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function tryDecode(decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** A label that TextDecoder knows. Celery and Kombu put the charset into content-encoding, so any word may come here. */
function knownCharset(label: string): string {
  if (label === '' || label === 'utf-8') return 'utf-8';
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return 'utf-8';
  }
}

/**
 * Protobuf or MessagePack may happen to be valid UTF-8. A declared text is believed; a body of no declared type may have some
 * controls (FIX separates its fields by SOH) but no NUL; one that says it is something else may have none.
 */
function looksBinary(text: string, mediaType: string): boolean {
  if (/^text\/|[/+](?:xml|yaml|json-seq|x-ndjson|javascript|graphql|sql)$/.test(mediaType)) return false;
  if (text.includes('\0')) return true;
  const allowed = mediaType === '' ? text.length / 5 : 0;
  return countControls(text) > allowed;
}

/** Only languages that VS Code ships: asking for an unknown one is an error. */
const LANGUAGES: readonly (readonly [RegExp, string])[] = [
  [/[/+]json$/, 'json'],
  [/[/+]xml$/, 'xml'],
  [/\/html$/, 'html'],
  [/[/+](?:x-)?yaml$/, 'yaml'],
  [/\/(?:x-)?ndjson$|\/jsonl$/, 'jsonl'],
  [/\/(?:x-)?javascript$/, 'javascript'],
  [/\/css$/, 'css'],
  [/\/markdown$/, 'markdown'],
  [/\/sql$/, 'sql'],
];

function languageOf(mediaType: string): string {
  return LANGUAGES.find(([pattern]) => pattern.test(mediaType))?.[1] ?? 'plaintext';
}

function lowerCase(value: unknown): string {
  return typeof value === 'string' ? value.trim().toLowerCase() : '';
}
