import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { PanelModel } from '../model.ts';
import { columns, leastWidth, mostWidth, plainLayout, widthOfColumn, type Column, type Layout } from './columns.ts';
import { withWidth } from './headerRow.tsx';

/** Which columns are shown, and how wide each is. */
export function ColumnPicker({
  model,
  close,
}: {
  readonly model: PanelModel;
  /** @param isLeft the focus has gone elsewhere */
  readonly close: (isLeft: boolean) => void;
}): JSX.Element {
  const { layout } = model;
  const dialog = useRef<HTMLDivElement>(null);
  useEffect(() => dialog.current?.querySelector('input')?.focus(), []);
  return (
    <div
      class="column-picker"
      ref={dialog}
      role="dialog"
      aria-label="Columns"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        close(false);
      }}
      onFocusOut={({ relatedTarget }) => {
        if (relatedTarget instanceof Node && !dialog.current?.contains(relatedTarget)) close(true);
      }}
    >
      {columns.map((column) => (
        <div key={column.id} class="choice">
          <label>
            <input
              type="checkbox"
              checked={!layout.hidden.includes(column.id)}
              disabled={isOnlyOne(layout, column)}
              onChange={({ currentTarget }) => model.keepLayout(withHidden(layout, column, !currentTarget.checked))}
            />
            {column.title === '#' ? 'Number' : column.title}
          </label>
          <input
            type="number"
            aria-label={`Width of ${column.title === '#' ? 'Number' : column.title}, in pixels`}
            min={leastWidth}
            max={mostWidth}
            step={10}
            value={widthOfColumn(layout, column)}
            onChange={({ currentTarget }) => model.keepLayout(withWidth(layout, column, currentTarget.valueAsNumber))}
          />
        </div>
      ))}
      <button onClick={() => model.keepLayout({ ...plainLayout, split: layout.split })}>Reset Columns</button>
    </div>
  );
}

function isOnlyOne({ hidden }: Layout, { id }: Column): boolean {
  return !hidden.includes(id) && hidden.length === columns.length - 1;
}

function withHidden(layout: Layout, { id }: Column, isHidden: boolean): Layout {
  const others = layout.hidden.filter((each) => each !== id);
  return { ...layout, hidden: isHidden ? [...others, id] : others };
}
