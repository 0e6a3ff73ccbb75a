import type { JSX } from 'preact';
import { followPointer } from '../followPointer.ts';
import type { PanelModel } from '../model.ts';
import { boundedWidth, widthOfColumn, type Column, type Layout } from './columns.ts';

/** The titles of the columns; the edges between them can be dragged. */
export function HeaderRow({
  model,
  columns,
  showColumns,
}: {
  readonly model: PanelModel;
  readonly columns: readonly Column[];
  readonly showColumns: () => void;
}): JSX.Element {
  const { layout } = model;
  return (
    <div class="head" role="rowgroup">
      <div
        class="row"
        role="row"
        aria-rowindex={1}
        onContextMenu={(event) => {
          event.preventDefault();
          event.stopPropagation();
          showColumns();
        }}
      >
        {columns.map((column, index) => (
          <div
            key={column.id}
            role="columnheader"
            aria-colindex={index + 1}
            class={`cell ${column.align ?? ''}`}
            title={column.title}
          >
            {column.title}
            <span
              class="edge"
              onPointerDown={(event) => drag(event, model, column)}
              onDblClick={() => model.keepLayout(withWidth(layout, column, undefined))}
            />
          </div>
        ))}
      </div>
    </div>
  );
}

/** A layout in which a column has a width, or the one that it comes with. */
export function withWidth(layout: Layout, { id }: Column, width: number | undefined): Layout {
  const { [id]: _before, ...others } = layout.widths;
  return { ...layout, widths: width === undefined ? others : { ...others, [id]: boundedWidth(width) } };
}

function drag(event: PointerEvent, model: PanelModel, column: Column): void {
  const edge = event.currentTarget as HTMLElement;
  const from = event.clientX;
  const before = edge.parentElement?.getBoundingClientRect().width ?? widthOfColumn(model.layout, column);
  followPointer(
    event,
    ({ clientX }) => model.setLayout(withWidth(model.layout, column, before + clientX - from)),
    () => model.keepLayout(model.layout),
  );
}
