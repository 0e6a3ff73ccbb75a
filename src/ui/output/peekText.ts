import type { PeekEnd, PeekResult } from '../../broker/consume/tailStatus.ts';
import { counted, formatBytes, formatInteger } from '../../common/format.ts';

/** What a look at the first messages of a queue came to, in sentences. */
export function peekText(result: PeekResult): string {
  const { looked, of, end } = result;
  if (looked === 0 && end.kind === 'empty') return 'No message is ready in the queue, so there was none to look at.';
  const messages = counted(of, 'message');
  const first = `Looked at ${formatInteger(looked)} of ${messages}`;
  const sentences = [`${first}; ${backText(result)}.`, endText(end), orderText(result)];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

function backText({ looked, held, count, counts }: PeekResult): string {
  const back = looked - held;
  if (back === 0) return held === 1 ? 'it is still held' : 'they are still held';
  const which = held > 0 ? 'the others' : back === 1 ? 'it' : 'all';
  const be = which === 'it' ? 'is' : 'are';
  const marked = `marked redelivered${countedText(counts)}`;
  if (count === 'same') return `${which} ${be} back in the queue, ${marked}`;
  if (count === 'untold') return `${which} went back, ${marked} (others read the queue, so that cannot be counted)`;
  const less = `${counted(count.less, 'message')} less`;
  return `${which} went back, ${marked}, and the queue has ${less} than before: taken by others, expired or over a limit`;
}

function countedText(counts: PeekResult['counts']): string {
  if (counts === 'yes') return ' and counted as a return';
  return counts === 'perhaps' ? ', counted as a return if it is a quorum queue' : '';
}

function endText(end: PeekEnd): string {
  switch (end.kind) {
    case 'all':
    case 'empty':
      return '';
    case 'stopped':
      return 'It was stopped.';
    case 'time':
      return `Looking ended after ${Math.round(end.ms / 100) / 10} s, for nothing is held longer.`;
    case 'bytes':
      return `Looking ended at ${formatBytes(end.bytes)}, as much as a tail keeps.`;
    case 'nearLimit':
      return `Looking ended at #${end.number}: ${cameBack(end)}, and the queue's delivery limit is ${end.limit}. Each look counts.`;
    case 'kept':
      return `#${end.number} is not given back: ${cameBack(end)}, ${keptReason(end.limit)} Copy it elsewhere and ack it, or settle it otherwise; when the window or the connection closes it goes back.`;
  }
}

function cameBack({ returns }: { readonly returns: number }): string {
  if (returns === 0) return 'it never came back yet';
  return `it came back ${returns === 1 ? 'once' : returns === 2 ? 'twice' : `${returns} times`}`;
}

function keptReason(limit: number | undefined): string {
  return limit === undefined
    ? 'which may be the delivery limit: that is not known here, and the next return could lose it.'
    : "the queue's delivery limit: returned once more it is dropped or dead-lettered.";
}

function orderText({ mayBeBehindReturned }: PeekResult): string {
  return mayBeBehindReturned ? 'If more than these had come back before, those are first in the queue now.' : '';
}
