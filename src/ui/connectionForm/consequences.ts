import { formatInteger } from '../../common/format.ts';

/** What runs on a connection that is about to be closed. */
export interface Running {
  readonly tails: number;
  /** Messages that those tails hold. */
  readonly held: number;
  /** Those of them that would be lost by going back: they came back as often as their queue's delivery limit allows. */
  readonly lost: number;
}

/** What closing stops, as one sentence; nothing when nothing runs. */
export function stopSentence({ tails, held, lost }: Running): string {
  if (tails === 0) return '';
  const stops = tails === 1 ? 'A running tail stops' : `${formatInteger(tails)} running tails stop`;
  if (held === 0) return `${stops}.`;
  const goesBack =
    held === 1 ? 'the message it holds goes back to its queue' : `the ${formatInteger(held)} messages held go back`;
  const losses =
    lost === 0
      ? ''
      : ` By its delivery limit the queue drops or dead-letters ${lost === held ? (lost === 1 ? 'it' : 'them') : `${formatInteger(lost)} of them`} then.`;
  return `${stops}, and ${goesBack}.${losses}`;
}

/** What deleting a connection does and does not do. */
export function deleteDetail(running: Running): string {
  return ['Nothing on the broker is changed.', stopSentence(running)].join(' ').trim();
}
