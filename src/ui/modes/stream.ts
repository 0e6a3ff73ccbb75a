import type { StreamOptions } from '../../broker/consume/stream/streamOptions.ts';
import { isStreamTail } from '../../broker/consume/stream/isStreamTail.ts';
import { streamTail } from '../../broker/consume/stream/streamTail.ts';
import type { Session } from '../../broker/session.ts';
import { formatInteger } from '../../common/format.ts';
import { visibleName } from '../../common/visibleText.ts';
import type { Mode } from './mode.ts';
import { isStream, type QueueFacts } from './queueFacts.ts';
import { timeText } from './streamSteps.ts';

/** By offset: takes nothing. */
export const stream: Mode = {
  mode: 'stream',
  icon: 'pulse',
  offer: (facts) => {
    if (isStream(facts)) {
      return {
        label: 'Stream',
        description: 'read by offset',
        detail: 'Takes nothing off the stream; page by page, or what comes',
      };
    }
    // The broker refuses to read any other queue by offset, and touches nothing. Measured on 3.10 and 4.0.
    return facts.details
      ? undefined
      : {
          label: 'Stream',
          description: 'read by offset, if it is a stream',
          detail: 'Takes nothing; any other queue refuses it',
        };
  },
  warnings: () => [],
  prepare: async (facts, session, { before } = {}) => {
    const options = before && isStreamTail(before) ? before.options : await ask(facts, session);
    return options && { make: streamTail(options), cost: costOf(options) };
  },
};

/** Loaded here because it needs the editor, and that where the modes are only listed there may be none. */
async function ask(facts: QueueFacts, session: Session): Promise<StreamOptions | undefined> {
  const { askStream } = await import('./streamForm.ts');
  return askStream(facts, session);
}

function costOf({ start, reading, pageSize, filter }: StreamOptions): string {
  const how = reading === 'page' ? `, ${formatInteger(pageSize)} at a time` : '';
  const only = filter === undefined ? '' : `, filter ${visibleName(filter)}`;
  return `stream ${startText(start)}${how}${only}: nothing is taken off it`;
}

function startText(start: StreamOptions['start']): string {
  switch (start.kind) {
    case 'first':
      return 'from the first message';
    case 'last':
      return 'from the newest messages';
    case 'next':
      return 'from the next message';
    case 'offset':
      return `from offset ${formatInteger(start.offset)}`;
    case 'time':
      return `from ${timeText(start.seconds)}`;
    case 'age':
      return `from ${start.age} ago`;
  }
}
