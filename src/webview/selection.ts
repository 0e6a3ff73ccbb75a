import { excluding, includes, including, type Intervals } from '../protocol/intervals.ts';

/** Which messages are selected, by number, and on which one the focus is. */
export interface Selection {
  readonly intervals: Intervals;
  readonly focus: number | undefined;
  /** Where a selection over several rows begins. */
  readonly anchor: number | undefined;
}

export const noSelection: Selection = { intervals: [], focus: undefined, anchor: undefined };

/** How a row is selected: alone, beside others, or with all from the anchor on. */
export type SelectHow = 'only' | 'toggle' | 'extend';

/** The selection after a row was chosen so; its number has the focus then. */
export function select(selection: Selection, number: number, how: SelectHow): Selection {
  const { intervals, anchor } = selection;
  if (how === 'toggle') {
    const isSelected = includes(intervals, number);
    const changed = isSelected ? excluding(intervals, number) : including(intervals, number, number);
    return { intervals: changed, focus: number, anchor: number };
  }
  if (how === 'extend' && anchor !== undefined) {
    return { intervals: including([], anchor, number), focus: number, anchor };
  }
  return { intervals: [[number, number]], focus: number, anchor: number };
}

/** Everything up to the newest message there is. */
export function selectAll(selection: Selection, lastNumber: number): Selection {
  return { ...selection, intervals: lastNumber > 0 ? [[1, lastNumber]] : [] };
}

/** After a change of what is shown only a single selected message stays selected: others would come in unseen. */
export function afterFilter(selection: Selection): Selection {
  const [first, ...others] = selection.intervals;
  const single = first && others.length === 0 && first[0] === first[1] ? first[0] : undefined;
  return single === undefined ? noSelection : { intervals: [[single, single]], focus: single, anchor: single };
}
