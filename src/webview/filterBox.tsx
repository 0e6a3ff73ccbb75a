import type { JSX } from 'preact';
import { focusFilter, focusGrid } from './focus.ts';
import { Icon } from './icons.tsx';
import type { PanelModel } from './model.ts';

/** Filters as one types. What is no filter is said under the box, and the last one that was stays. */
export function FilterBox({ model }: { readonly model: PanelModel }): JSX.Element {
  const { view } = model;
  const filterError = model.filter.error ?? view?.filterProblem;
  const shown = model.filter.shown(view?.filter);
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
        onInput={({ currentTarget }) => model.filter.type(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') void model.filter.set(event.currentTarget.value);
          else if (event.key === 'Escape' && shown !== '') void model.filter.set('');
          else if (event.key === 'Escape' || event.key === 'ArrowDown') focusGrid();
        }}
      />
      {shown !== '' && (
        <button
          class="icon-button"
          aria-label="Clear filter"
          title="Clear filter"
          onClick={() => {
            void model.filter.set('');
            focusFilter();
          }}
        >
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
