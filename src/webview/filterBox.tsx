import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from './icons.tsx';
import type { PanelModel } from './model.ts';

/** Who types goes on typing within this time, in milliseconds. */
const typingMs = 150;

/** Filters as one types. What is no filter is said under the box, and the last one that was stays. */
export function FilterBox({ model }: { readonly model: PanelModel }): JSX.Element {
  const { view } = model;
  const filterError = model.filterError ?? view?.filterProblem;
  const [text, setText] = useState<string | undefined>(undefined);
  const timer = useRef<number | undefined>(undefined);
  const applied = view?.filter ?? '';
  const tail = model.tails?.current;
  // Another tail has a filter of its own.
  useEffect(() => setText(undefined), [tail]);
  const set = (typed: string, waitMs: number): void => {
    setText(typed);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void model.setFilter(typed), waitMs);
  };
  const shown = text ?? applied;
  return (
    <span class={`filter${filterError === undefined ? '' : ' invalid'}`}>
      <Icon name="filter" />
      <input
        type="text"
        spellcheck={false}
        placeholder="Filter"
        aria-label="Filter messages"
        aria-invalid={filterError !== undefined}
        aria-describedby={filterError === undefined ? undefined : 'filter-error'}
        title={'Text, /regex/, header.x=…, or a JSON path such as $.order.total>10'}
        value={shown}
        onInput={({ currentTarget }) => set(currentTarget.value, typingMs)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') set(event.currentTarget.value, 0);
          else if (event.key === 'Escape' && shown !== '') set('', 0);
        }}
      />
      {shown !== '' && (
        <button class="icon-button" aria-label="Clear filter" title="Clear filter" onClick={() => set('', 0)}>
          <Icon name="close" />
        </button>
      )}
      {filterError !== undefined && (
        <span id="filter-error" class="filter-error" role="alert">
          {filterError}
        </span>
      )}
    </span>
  );
}
