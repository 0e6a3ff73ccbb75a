import { formatInteger } from '../../common/format.ts';

/** What runs on a connection that is about to be closed. */
export interface Running {
  readonly tails: number;
  /** Messages that those tails hold. */
  readonly held: number;
}

/** What closing stops, as one sentence; nothing when nothing runs. */
export function stopSentence({ tails, held }: Running): string {
  if (tails === 0) return '';
  const stops = tails === 1 ? 'A running tail stops' : `${formatInteger(tails)} running tails stop`;
  if (held === 0) return `${stops}.`;
  const goesBack =
    held === 1 ? 'the message it holds goes back to its queue' : `the ${formatInteger(held)} messages held go back`;
  return `${stops}, and ${goesBack}.`;
}

/** What deleting a connection does and does not do. */
export function deleteDetail(running: Running): string {
  return ['Nothing on the broker is changed.', stopSentence(running)].join(' ').trim();
}
