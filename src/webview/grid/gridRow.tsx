import { Component, type JSX } from 'preact';
import type { Row } from '../../protocol/messages.ts';
import type { Column } from './columns.ts';
import { StateCell } from './stateCell.tsx';

interface GridRowProps {
  /** From 1, the header being the first. */
  readonly position: number;
  readonly place: number;
  /** Undefined while it is on its way. */
  readonly row: Row | undefined;
  readonly columns: readonly Column[];
  readonly isSelected: boolean;
  readonly isFocused: boolean;
  /** For the conditions of the context menu's items, as JSON. */
  readonly context: string;
}

export function rowId(place: number): string {
  return `row${place}`;
}

/** One message. It is drawn anew only when something of it has changed: there are some forty of them on each frame. */
export class GridRow extends Component<GridRowProps> {
  override shouldComponentUpdate(next: GridRowProps): boolean {
    return (Object.keys(next) as (keyof GridRowProps)[]).some((name) => next[name] !== this.props[name]);
  }

  override render({ position, place, row, columns, isSelected, isFocused, context }: GridRowProps): JSX.Element {
    const kind = [isSelected && 'selected', isFocused && 'focused', row?.isGone === true && 'gone', place % 2 && 'odd'];
    return (
      <div
        class={`row ${kind.filter(Boolean).join(' ')}`}
        role="row"
        id={rowId(place)}
        data-place={place}
        data-vscode-context={context}
        aria-rowindex={position}
        aria-selected={isSelected}
      >
        {columns.map((column, index) => (
          <div
            key={column.id}
            role="gridcell"
            aria-colindex={index + 1}
            class={`cell ${column.align ?? ''} ${column.id}`}
          >
            {row && cellOf(row, column)}
          </div>
        ))}
      </div>
    );
  }
}

function cellOf(row: Row, { id }: Column): JSX.Element | string {
  if (id === 'state') return <StateCell state={row.state} />;
  return String(row[id]);
}
