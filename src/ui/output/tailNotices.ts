import type { TailMode } from '../../broker/consume/tail.ts';
import type { TailNotice, TailStatus } from '../../broker/consume/tailStatus.ts';
import { formatInteger } from '../../common/format.ts';
import { visibleName } from '../../common/visibleText.ts';
import { errorText } from '../errorText.ts';
import { formatNotice } from './format.ts';

/** Which tail a line is about. */
export interface TailSubject {
  readonly queue: string;
  readonly connection: string;
  readonly mode: TailMode;
  readonly prefetch: number;
}

const START = 'Tailing ';

/** The first line of a tail: what it reads, how, and what that costs. */
export function formatStart(time: number, subject: TailSubject): string {
  return formatNotice(time, `${START}${visibleName(subject.queue)} on ${subject.connection}, ${startCost(subject)}`);
}

/** Whether a line is the first of a tail. A channel that is used again has those of tails before it. */
export function isStartLine(line: string): boolean {
  return line.startsWith('── ') && line.startsWith(START, '── 00:00:00.000  '.length);
}

function startCost({ mode, prefetch }: TailSubject): string {
  if (mode === 'drain') return 'drain: messages are taken off the queue for good';
  const kept = prefetch === 1 ? 'a message you do not settle goes' : 'messages you do not settle go';
  return `hold (prefetch ${prefetch}): ${kept} back when you stop`;
}

/** What to say of a change of status; undefined when there is nothing to say. */
export function statusText(status: TailStatus, before: TailStatus, { queue, mode }: TailSubject): string | undefined {
  switch (status.kind) {
    case 'starting':
      return undefined;
    case 'running':
      if (before.kind === 'interrupted') {
        return sentences(
          'Connected again.',
          before.returned > 0 ? 'What went back comes again, marked redelivered.' : '',
        );
      }
      return before.kind === 'paused' ? 'Delivery resumed' : undefined;
    case 'paused':
      if (before.kind === 'interrupted') return 'Connected again; delivery is still paused';
      return mode === 'hold' ? 'Delivery paused; what is held stays held' : 'Delivery paused';
    case 'interrupted':
      return sentences(`Interrupted: ${errorText(status.error)}`, returnedText(status.returned, mode), 'Reconnecting…');
    case 'ended':
      if (!status.error) return sentences('Stopped.', returnedText(status.returned, mode));
      if (status.error.is('queueNotFound') && before.kind !== 'starting') {
        return `Ended: queue ${visibleName(queue)} is gone. ${goneText(status.returned)}`.trimEnd();
      }
      return sentences(`Ended: ${errorText(status.error)}`, returnedText(status.returned, mode));
  }
}

/** What to say of something that whoever reads along must know. */
export function noticeText(notice: TailNotice): string | undefined {
  switch (notice.kind) {
    case 'resumed':
      // The change of status has said it, before the first message that comes again.
      return undefined;
    case 'acksUnconfirmed':
      return 'Messages acknowledged just before may come again: the broker had not confirmed that it took note';
    case 'lastReturn': {
      const times = notice.returns === 1 ? 'once' : `${notice.returns} times`;
      return `#${notice.number} came back ${times}, the queue's delivery limit: returned once more, it is dropped or dead-lettered`;
    }
  }
}

function returnedText(returned: number, mode: TailMode): string {
  if (returned === 0) return '';
  const count = returned === 1 ? '1 message' : `${formatInteger(returned)} messages`;
  return mode === 'hold' ? `${count} went back to the queue.` : `${count} not yet acknowledged went back to the queue.`;
}

function goneText(returned: number): string {
  if (returned === 0) return '';
  return returned === 1 ? '1 held message went with it.' : `${formatInteger(returned)} held messages went with it.`;
}

/** What a broker says of itself may end without a full stop. */
function sentences(...parts: readonly string[]): string {
  const said = parts.filter((part) => part !== '');
  return said.map((part) => (/[.!?…]$/.test(part) ? part : `${part}.`)).join(' ');
}
