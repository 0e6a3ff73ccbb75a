import type { TailMode } from '../../broker/consume/tail.ts';
import type { TailEnd, TailNotice, TailStatus } from '../../broker/consume/tailStatus.ts';
import { counted, formatInteger } from '../../common/format.ts';
import { visibleName } from '../../common/visibleText.ts';
import { errorText } from '../errorText.ts';
import { formatNotice } from './format.ts';
import { peekText } from './peekText.ts';
import { pausedTapText, startedTapText, tapEventText } from './tapNotices.ts';
import { streamNoticeText } from './streamNotices.ts';

/** Which tail a line is about. */
export interface TailSubject {
  /** What it reads. */
  readonly name: string;
  readonly mode: TailMode;
}

/** What the first line of a tail says. */
interface TailStart {
  readonly name: string;
  readonly connection: string;
  /** How it reads and at what cost. */
  readonly cost: string;
}

const START = 'Tailing ';

/** The first line of a tail: what it reads, how, and what that costs. */
export function formatStart(time: number, start: TailStart): string {
  return formatNotice(time, startText(start));
}

export function startText({ name, connection, cost }: TailStart): string {
  return `${START}${visibleName(name)} on ${connection}, ${cost}`;
}

/** Whether a line is the first of a tail. A channel that is used again has those of tails before it. */
export function isStartLine(line: string): boolean {
  return line.startsWith('── ') && line.startsWith(START, '── 00:00:00.000  '.length);
}

/** What to say of a change of status; undefined when there is nothing to say. */
export function statusText(status: TailStatus, before: TailStatus, { name, mode }: TailSubject): string | undefined {
  switch (status.kind) {
    case 'starting':
    case 'stopping':
      return undefined;
    case 'running':
      // By its notices, which know where.
      if (mode === 'stream') return undefined;
      if (before.kind === 'interrupted') {
        return sentences(
          'Connected again.',
          before.returned > 0 ? 'What went back comes again, marked redelivered.' : '',
        );
      }
      if (before.kind === 'starting' && mode === 'tap') return startedTapText;
      return before.kind === 'paused' ? 'Delivery resumed' : undefined;
    case 'paused':
      if (mode === 'stream') return before.kind === 'interrupted' ? 'Connected again' : undefined;
      if (before.kind === 'interrupted') return 'Connected again; delivery is still paused';
      return pausedText(mode);
    case 'interrupted':
      return sentences(`Interrupted: ${errorText(status.error)}`, returnedText(status.returned, mode), 'Reconnecting…');
    case 'ended':
      return endText(status, before.kind === 'starting', visibleName(name), mode);
  }
}

function pausedText(mode: TailMode): string {
  if (mode === 'hold') return 'Delivery paused; what is held stays held';
  return mode === 'tap' ? `Delivery paused; ${pausedTapText}` : 'Delivery paused';
}

/** What to say of something that whoever reads along must know. */
export function noticeText(notice: TailNotice): string {
  switch (notice.kind) {
    case 'acksUnconfirmed':
      return 'Messages acknowledged just before may come again: the broker had not confirmed that it took note';
    case 'lastReturn': {
      const times = notice.returns === 1 ? 'once' : `${notice.returns} times`;
      return `#${notice.number} came back ${times}, the queue's delivery limit: returned once more, also when the tail stops or the window closes, it is dropped or dead-lettered. It can be copied elsewhere and acked`;
    }
    case 'returnsCount':
      return `#${notice.number} came back with a count of ${notice.returns}: this queue counts returns, and drops or dead-letters a message at its delivery limit, which is not known here`;
    case 'peeked':
      return peekText(notice.result);
    case 'tap':
      return tapEventText(notice.event);
    default:
      return streamNoticeText(notice);
  }
}

function endText(end: TailEnd, isStart: boolean, queue: string, mode: TailMode): string | undefined {
  const { error, returned, isUnconfirmed } = end;
  if (end.isTold && !isUnconfirmed) return undefined;
  if (isUnconfirmed) return sentences(error ? `Ended: ${errorText(error)}` : 'Stopped.', unconfirmedText(returned));
  if (!error) return sentences('Stopped.', returnedText(returned, mode), pastLimitText(end));
  if (isStart) return sentences(`Ended: ${errorText(error)}`);
  if (error.is('queueNotFound')) return sentences(`Ended: queue ${queue} is gone.`, goneText(returned));
  if (error.is('homeNodeDown')) return sentences(`Ended: ${errorText(error)}`, awayText(returned));
  return sentences(`Ended: ${errorText(error)}`, returnedText(returned, mode), pastLimitText(end));
}

/** Of those that went back. */
function pastLimitText({ returned, pastLimit = 0 }: TailEnd): string {
  if (pastLimit === 0) return '';
  const those = returned === 1 ? 'It' : pastLimit === 1 ? '1 of them' : `${formatInteger(pastLimit)} of them`;
  return `${those} had come back as often as the delivery limit allows: the queue dropped or dead-lettered ${pastLimit === 1 ? 'it' : 'these'}.`;
}

function returnedText(returned: number, mode: TailMode): string {
  if (returned === 0) return '';
  const count = counted(returned, 'message');
  return mode === 'drain' ? `${count} not yet shown went back to the queue.` : `${count} went back to the queue.`;
}

/** The channel was not closed in order. */
function unconfirmedText(returned: number): string {
  const which = returned === 0 ? 'messages that were under way' : counted(returned, 'message');
  return `The broker did not answer: it may hold ${which} until the connection closes.`;
}

/** They are where their queue is, if they are persistent. */
function awayText(returned: number): string {
  return returned === 0 ? '' : `${counted(returned, 'message')} held here went away with it until it is back.`;
}

function goneText(returned: number): string {
  if (returned === 0) return '';
  return `${counted(returned, 'held message')} went with it.`;
}

/** What a broker says of itself may end without a full stop. */
function sentences(...parts: readonly string[]): string {
  const said = parts.filter((part) => part !== '');
  return said.map((part) => (/[.!?…]$/.test(part) ? part : `${part}.`)).join(' ');
}
