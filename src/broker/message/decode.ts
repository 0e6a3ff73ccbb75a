import { toError } from '../../common/errors.ts';
import { formatBytes } from '../../common/format.ts';
import { visibleJson, visibleLine, visibleLines } from '../../common/visibleText.ts';
import { parseContentEncoding } from './contentEncoding.ts';
import { hexDump } from './hexDump.ts';
import { indentJson, indentJsonStart } from './jsonIndent.ts';
import { languageOf } from './language.ts';
import type { MessageProperties } from './message.ts';
import { decodeText, looksBinary, parseContentType, type ContentType } from './text.ts';
import { unpack, type Unpacked, type Unzstd } from './unpack.ts';
import { indentXml, indentXmlStart } from './xmlIndent.ts';

/** A body as text to show; for display only, never to be sent or saved. */
export interface DecodedBody {
  readonly kind: 'json' | 'text' | 'hex' | 'empty';
  /** Lines separated by LF, free of characters that cannot be seen (`visibleText.ts`). Without the part that was cut off. */
  readonly text: string;
  /** An id of a language that VS Code ships. */
  readonly languageId: string;
  /** How many bytes at the end of the body, once decoded, are not in `text`. */
  readonly omittedBytes: number;
  /** More than that is not in `text`: a packed body was unpacked only as far as needed. */
  readonly isMoreUnknown?: true;
  /** A line that says how the body was decoded, where that is more than its text, or why it could not be. */
  readonly note?: string;
}

/** Decodes a format that is no text. */
export interface StructuredDecoder {
  /** As people know the format: `MessagePack`, `shop.Order`. */
  readonly name: string;
  /**
   * The whole of the bytes as JSON text, and what else there is to say of them, a clause.
   * @throws Error with a clause that says why they are not what they should be
   */
  decode(bytes: Uint8Array): { readonly json: string; readonly note?: string };
}

/** How a body is read. */
export type Reading = 'json' | 'text' | 'xml' | 'hex' | StructuredDecoder;

export interface DecodeOptions {
  /** How many bytes of the body to show; the work done is in proportion to it, whatever the size of the body. */
  readonly maxBytes?: number;
  /** By its type and looks when left out. */
  readonly as?: Reading | undefined;
  /** What undoes Zstandard where Node cannot. */
  readonly unzstd?: Unzstd | undefined;
}

/**
 * The most that is ever shown. A hex dump has five characters a byte and indented JSON up to twenty, and a string of V8
 * ends at 512 M characters; VS Code itself stops tokenizing a file at 20 MB.
 */
const MAX_SHOWN_BYTES = 16 * 1024 * 1024;
/** What is unpacked, even to show less of it: so little takes no time, and the size is known of what is smaller. */
const UNPACKED_BYTES = 256 * 1024;
/** A format that is no text is decoded whole or not at all; what is larger only when the whole body is asked for. */
const MAX_STRUCTURED_BYTES = 1024 * 1024;

/** JSON paths of filters see no larger body. */
const MAX_SEARCHED_BYTES = 1024 * 1024;

/**
 * A body as JSON when its type says so or its bytes are, else as text in its charset (UTF-8 unless it says otherwise), else as a
 * hex dump; content codings undone. Never throws, whatever the bytes and properties: both are the publisher's.
 */
export function decodeBody(
  content: Uint8Array,
  properties: Partial<MessageProperties>,
  options: DecodeOptions = {},
): DecodedBody {
  if (content.length === 0) return { kind: 'empty', text: '', languageId: 'plaintext', omittedBytes: 0 };
  const limit = Math.max(0, Math.min(options.maxBytes ?? MAX_SHOWN_BYTES, MAX_SHOWN_BYTES));
  const { codings, unreadable, charset } = parseContentEncoding(properties.contentEncoding);
  const type = parseContentType(properties.contentType);
  if (codings.length === 0 && unreadable === undefined) {
    return read({ bytes: content, isWhole: true }, type, charset, limit, options.as);
  }
  const most = typeof options.as === 'object' ? structuredLimit(limit) : Math.max(UNPACKED_BYTES, limit + 1);
  const unpacked = unreadable === undefined ? unpack(content, codings, most, options.unzstd) : cannot(unreadable);
  if (typeof unpacked === 'string') return noted(hex({ bytes: content, isWhole: true }, limit), failed(unpacked));
  const size = unpacked.isWhole ? `${formatBytes(unpacked.bytes.length)} unpacked` : 'unpacked in part';
  const body = read(unpacked, type, charset, limit, options.as);
  return noted(body, `${codings.join(', ')}, ${size}`);
}

/**
 * The beginning of a body as the text that it is once decoded, not laid out and with whatever cannot be seen; of bytes that are no
 * text, the text that is in them. To be searched and copied. Never throws.
 * @param options `maxBytes` is 1 MiB if not given, and 16 MiB of a packed body at the most
 */
export function rawText(
  content: Uint8Array,
  properties: Partial<MessageProperties>,
  options: DecodeOptions = {},
): string {
  const { as, unzstd, maxBytes = MAX_SEARCHED_BYTES } = options;
  const { codings, unreadable, charset } = parseContentEncoding(properties.contentEncoding);
  const most = Math.min(maxBytes, MAX_SHOWN_BYTES);
  const isPacked = codings.length > 0 && unreadable === undefined;
  const result = isPacked ? unpack(content, codings, most, unzstd) : undefined;
  const unpacked = typeof result === 'object' ? result : { bytes: content, isWhole: true };
  const { bytes } = unpacked;
  const head = bytes.length > maxBytes ? bytes.subarray(0, maxBytes) : bytes;
  if (typeof as === 'object' && unpacked.isWhole && bytes.length <= Math.max(MAX_STRUCTURED_BYTES, most)) {
    const decoded = tryDecode(as, bytes);
    if (typeof decoded === 'object') return decoded.json;
  }
  const type = parseContentType(properties.contentType);
  return decodeText(head, type.charset ?? charset, true)?.text ?? lossy.decode(head);
}

const lossy = new TextDecoder('utf-8');

/** @param encodingCharset what content-encoding says, which is believed less than content-type */
function read(
  unpacked: Unpacked,
  { mediaType, charset }: ContentType,
  encodingCharset: string,
  limit: number,
  as?: Reading,
): DecodedBody {
  const { bytes } = unpacked;
  if (bytes.length === 0) return { kind: 'empty', text: '', languageId: 'plaintext', omittedBytes: 0 };
  if (as === 'hex') return hex(unpacked, limit);
  if (typeof as === 'object') return structured(unpacked, as, limit);
  const head = bytes.subarray(0, limit);
  const isCut = head.length < bytes.length || !unpacked.isWhole;
  const decoded =
    decodeText(head, charset ?? encodingCharset, isCut) ??
    (as === 'text' ? { text: lossy.decode(head), bytes: head.length } : undefined);
  if (decoded === undefined)
    return as === undefined ? hex(unpacked, limit) : noted(hex(unpacked, limit), failed('not text'));

  const { text } = decoded;
  const omitted = omittedOf(unpacked, decoded.bytes);
  const isJson = as === 'json' || (as === undefined && /[/+]json$/.test(mediaType));
  if (isJson || (as === undefined && /^\s*[[{]/.test(text))) {
    const json = isCut ? indentJsonStart(text) : indentJson(text);
    if (json !== undefined) return { kind: 'json', text: visibleJson(json), languageId: 'json', ...omitted };
  }
  if (as === 'xml' || (as === undefined && (/[/+]xml$/.test(mediaType) || /^\s*<\?xml\s/.test(text)))) {
    const xml = isCut ? indentXmlStart(text) : indentXml(text);
    if (xml !== undefined) return { kind: 'text', text: visibleLines(xml), languageId: 'xml', ...omitted };
  }
  if (as === undefined && !isJson && charset === undefined && looksBinary(text, mediaType)) return hex(unpacked, limit);
  const body: DecodedBody = {
    kind: 'text',
    text: visibleLines(text),
    languageId: languageOf(mediaType),
    ...omitted,
  };
  return as === undefined || as === 'text' ? body : noted(body, `this is not ${as.toUpperCase()}`);
}

function structured(unpacked: Unpacked, decoder: StructuredDecoder, limit: number): DecodedBody {
  const { bytes } = unpacked;
  if (!unpacked.isWhole || bytes.length > structuredLimit(limit)) {
    return noted(hex(unpacked, limit), failed(`${decoder.name}: too large to be decoded here`));
  }
  const decoded = tryDecode(decoder, bytes);
  if (typeof decoded === 'string') return noted(hex(unpacked, limit), failed(`${decoder.name}: ${decoded}`));
  const { json, note } = decoded;
  const isCut = json.length > limit;
  const text = isCut ? indentJsonStart(json.slice(0, limit)) : indentJson(json);
  const body: DecodedBody = {
    kind: 'json',
    text: visibleJson(text ?? json.slice(0, limit)),
    languageId: 'json',
    omittedBytes: isCut ? json.length - limit : 0,
  };
  return noted(body, note === undefined ? decoder.name : `${decoder.name}, ${note}`);
}

function tryDecode(decoder: StructuredDecoder, bytes: Uint8Array): ReturnType<StructuredDecoder['decode']> | string {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    return toError(error).message;
  }
}

function structuredLimit(limit: number): number {
  return limit === MAX_SHOWN_BYTES ? MAX_SHOWN_BYTES : MAX_STRUCTURED_BYTES;
}

function hex(unpacked: Unpacked, limit: number): DecodedBody {
  const head = unpacked.bytes.subarray(0, limit);
  return { kind: 'hex', text: hexDump(head), languageId: 'plaintext', ...omittedOf(unpacked, head.length) };
}

function omittedOf({ bytes, isWhole }: Unpacked, shown: number): Pick<DecodedBody, 'omittedBytes' | 'isMoreUnknown'> {
  const omittedBytes = bytes.length - shown;
  return isWhole ? { omittedBytes } : { omittedBytes: Math.max(1, omittedBytes), isMoreUnknown: true };
}

function cannot(coding: string): string {
  return `${coding} cannot be unpacked here`;
}

function failed(reason: string): string {
  return `${reason}; shown as bytes`;
}

/** What was done to the body first is said first. */
function noted(body: DecodedBody, note: string): DecodedBody {
  const whole = body.note === undefined ? note : `${note}; ${body.note}`;
  return { ...body, note: visibleLine(whole, maxNoteLength) };
}

/** Names and reasons may have been chosen by whoever wrote a schema. */
const maxNoteLength = 300;
