import { decodeBody, type DecodedBody } from '../../broker/message/decode.ts';
import { hexDump } from '../../broker/message/hexDump.ts';
import type { Message } from '../../broker/message/message.ts';
import { formatBytes } from '../../common/format.ts';
import { visibleLines } from '../../common/visibleText.ts';
import type { BodyForm, BodyText } from '../../protocol/messages.ts';

/** How much of a body the panel shows, in bytes; an editor shows the whole. */
const mostBytes = 64 * 1024;
const mostHexBytes = 16 * 1024;

/** A body, or its start, in one of its forms. */
export function bodyText(message: Message, form: BodyForm): BodyText {
  const { content, properties } = message;
  if (form === 'hex') {
    const shown = content.subarray(0, mostHexBytes);
    return { text: hexDump(shown), omitted: omitted(content.length - shown.length), kind: 'bytes' };
  }
  const body = decodeBody(content, properties, { maxBytes: mostBytes });
  if (form === 'pretty' || body.kind === 'hex') {
    return { text: body.text, omitted: omitted(body.omittedBytes), kind: kindOf(body) };
  }
  const shown = content.subarray(0, content.length - body.omittedBytes);
  const raw = decodeBody(shown, { contentType: 'text/plain' });
  const text = raw.kind === 'text' ? raw.text : visibleLines(new TextDecoder().decode(shown));
  return { text, omitted: omitted(body.omittedBytes), kind: 'text' };
}

function kindOf({ kind, compression }: DecodedBody): string {
  if (compression !== undefined) return `${compression.slice(0, 20)}, as bytes`;
  return kind === 'json' ? 'JSON' : kind === 'hex' ? 'bytes' : kind;
}

function omitted(bytes: number): string {
  return bytes === 0 ? '' : `${formatBytes(bytes)} more`;
}
