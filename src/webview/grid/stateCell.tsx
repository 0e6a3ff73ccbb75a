import type { JSX } from 'preact';
import type { RowState } from '../../protocol/messages.ts';
import { Icon, type IconName } from '../icons.tsx';

const words: Readonly<Record<RowState, readonly [icon: IconName | undefined, word: string, meaning: string]>> = {
  '': [undefined, '', ''],
  held: ['held', 'held', 'Waits for you to settle it'],
  'acked?': ['waiting', 'acked…', 'Acked; the broker has not confirmed it yet'],
  acked: ['check', 'acked', 'Taken off the queue; the broker has confirmed it'],
  'requeued?': ['waiting', 'requeued…', 'Requeued; the broker has not confirmed it yet'],
  requeued: ['back', 'requeued', 'Back in the queue; the broker has confirmed it'],
  'rejected?': ['waiting', 'rejected…', 'Rejected; the broker has not confirmed it yet'],
  rejected: ['cross', 'rejected', 'Dead-lettered where the queue has a dead-letter exchange, else dropped; confirmed'],
  lost: ['broken', 'lost', 'Its channel ended before it was settled: it is back in the queue, or gone with it'],
};

/** What became of a message, in a word and a sign. */
export function StateCell({ state }: { readonly state: RowState }): JSX.Element {
  const [icon, word, meaning] = words[state];
  return (
    <span class={`state state-${state.replace('?', ' pending')}`} title={meaning}>
      {icon && <Icon name={icon} />}
      {word}
    </span>
  );
}
