import type { Tail } from '../../broker/consume/tail.ts';
import type { RowState } from '../../protocol/messages.ts';

/** What became of a message; settled ones are pending until the broker has confirmed it. */
export function rowState(tail: Pick<Tail, 'stateOf' | 'holding'>, number: number): RowState {
  const state = tail.stateOf(number);
  if (state === undefined) return '';
  if (state === 'held' || state === 'lost') return state;
  return tail.holding?.isConfirmed(number) !== false ? state : `${state}?`;
}
