import { countControls } from '../../common/visibleText.ts';

export interface ContentType {
  /** In lower case, without parameters. */
  readonly mediaType: string;
  readonly charset: string | undefined;
}

/** Never throws, whatever the value. */
export function parseContentType(contentType: unknown): ContentType {
  const declared = typeof contentType === 'string' ? contentType.trim().toLowerCase() : '';
  const mediaType = (declared.split(';', 1)[0] ?? '').trim();
  return { mediaType, charset: /;\s*charset\s*=\s*"?([^\s";]+)/.exec(declared)?.[1] };
}

export interface DecodedText {
  readonly text: string;
  /** How many of the bytes given are in `text`. */
  readonly bytes: number;
}

/** A reused decoder costs a third of a new one. Not streaming, it keeps nothing from one call to the next. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The bytes as text, without a character that the cut has split; undefined when they are not text in that charset. */
export function decodeText(bytes: Uint8Array, charset: string, isCut: boolean): DecodedText | undefined {
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

/** A label that TextDecoder knows. Any word may come here. */
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
export function looksBinary(text: string, mediaType: string): boolean {
  if (/^text\/|[/+](?:xml|yaml|json-seq|x-ndjson|javascript|graphql|sql)$/.test(mediaType)) return false;
  if (text.includes('\0')) return true;
  const allowed = mediaType === '' ? text.length / 5 : 0;
  return countControls(text) > allowed;
}
