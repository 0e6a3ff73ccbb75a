import { decodeBody } from '../message/decode.ts';
import type { Message } from '../message/message.ts';

/** Extensions by media type, of what messages are made of. */
const extensions: Readonly<Record<string, string>> = {
  'application/gzip': 'gz',
  'application/javascript': 'js',
  'application/json': 'json',
  'application/jsonl': 'jsonl',
  'application/msgpack': 'msgpack',
  'application/pdf': 'pdf',
  'application/vnd.apache.avro+binary': 'avro',
  'application/vnd.msgpack': 'msgpack',
  'application/x-ndjson': 'jsonl',
  'application/x-yaml': 'yaml',
  'application/xml': 'xml',
  'application/yaml': 'yaml',
  'application/zip': 'zip',
  'image/bmp': 'bmp',
  'image/gif': 'gif',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/svg+xml': 'svg',
  'image/webp': 'webp',
  'text/css': 'css',
  'text/csv': 'csv',
  'text/html': 'html',
  'text/javascript': 'js',
  'text/markdown': 'md',
  'text/plain': 'txt',
  'text/tab-separated-values': 'tsv',
  'text/xml': 'xml',
};

/** By content-encoding: what the bytes are is first of all that. */
const compressed: Readonly<Record<string, string>> = { gzip: '.gz', br: '.br', zstd: '.zst', deflate: '.zz' };

/** The bytes that are looked at for what a body without a known type is. */
const looked = 4_096;

/** A name for the file of a body: by its number in the tail, so that names are unique, safe and in order. */
export function bodyFileName({ number, content, properties }: Message): string {
  const digits = String(number).padStart(6, '0');
  const { contentType, contentEncoding } = properties as Readonly<Record<string, unknown>>;
  const encoding = typeof contentEncoding === 'string' ? contentEncoding.toLowerCase() : '';
  const suffix = Object.hasOwn(compressed, encoding) ? (compressed[encoding] ?? '') : '';
  return `${digits}.${extensionOf(contentType) ?? looks(content, suffix !== '')}${suffix}`;
}

function extensionOf(contentType: unknown): string | undefined {
  if (typeof contentType !== 'string') return undefined;
  const type = (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
  if (Object.hasOwn(extensions, type)) return extensions[type];
  return /\+(json|xml|zip)$/.exec(type)?.[1];
}

function looks(content: Uint8Array, isCompressed: boolean): string {
  if (isCompressed) return 'bin';
  const { kind } = decodeBody(content, {}, { maxBytes: looked });
  if (kind === 'json') return 'json';
  return kind === 'hex' ? 'bin' : 'txt';
}
