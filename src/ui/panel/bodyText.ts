import type { BodyReader } from '../../broker/decoding/bodyReader.ts';
import type { DecodedBody } from '../../broker/message/decode.ts';
import { hexDump } from '../../broker/message/hexDump.ts';
import type { Message } from '../../broker/message/message.ts';
import { visibleLines } from '../../common/visibleText.ts';
import type { BodyForm, BodyText } from '../../protocol/messages.ts';
import { omittedText } from '../output/format.ts';

/** How much of a body the panel shows, in bytes; an editor shows the whole. */
const mostBytes = 64 * 1024;
const mostHexBytes = 16 * 1024;

/** A body, or its start, in one of its forms. */
export function bodyText(message: Message, form: BodyForm, bodies: BodyReader): BodyText {
  const { content } = message;
  if (form === 'hex') {
    const shown = content.subarray(0, mostHexBytes);
    return { text: hexDump(shown), omitted: omittedOf({ omittedBytes: content.length - shown.length }), kind: 'bytes' };
  }
  const body = bodies.read(message, { maxBytes: mostBytes });
  if (form === 'pretty' || body.kind === 'hex') {
    return { text: body.text, omitted: omittedOf(body), kind: kindOf(body) };
  }
  const raw = bodies.bodyText(message, { maxBytes: mostBytes }).slice(0, mostBytes);
  return { text: visibleLines(raw), omitted: omittedOf(body), kind: 'text' };
}

function kindOf({ kind, note }: DecodedBody): string {
  if (note !== undefined) return note;
  return kind === 'json' ? 'JSON' : kind === 'hex' ? 'bytes' : kind;
}

function omittedOf(body: Pick<DecodedBody, 'omittedBytes' | 'isMoreUnknown'>): string {
  return body.omittedBytes === 0 ? '' : omittedText(body);
}
