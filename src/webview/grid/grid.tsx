import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Row } from '../../protocol/messages.ts';
import { menuContext } from '../menuContext.ts';
import type { PanelModel } from '../model.ts';
import { columnTracks, shownColumns } from './columns.ts';
import { contentHeight, firstRowAt, rowHeight, scrollTopAt, scrollTopToShow, type Extent } from './geometry.ts';
import { GridRow, rowId } from './gridRow.tsx';
import { HeaderRow } from './headerRow.tsx';
import { gridKey } from './keys.ts';

/** Rows drawn beyond those in view, on each side. */
const overscan = 6;
/** Nearer to the end than this is at the end, in pixels. */
const endTolerance = 4;

/** The messages as a table. Only the rows in view exist. */
export function Grid({
  model,
  showColumns,
}: {
  readonly model: PanelModel;
  readonly showColumns: () => void;
}): JSX.Element {
  const grid = useRef<HTMLDivElement>(null);
  const viewport = useViewport(grid);
  const [scrollTop, setScrollTop] = useState(0);
  const before = useRef<{ extent: Extent; low: number }>({ extent: { count: 0, viewport: 0 }, low: 0 });
  const { view, layout, count, isFollowing } = model;
  const low = view?.low ?? 0;
  const extent: Extent = { count, viewport };
  model.rowsInView = viewport / rowHeight;

  // What is in view stays there when rows come or go before it.
  useLayoutEffect(() => {
    const element = grid.current;
    if (!element) return;
    const was = before.current;
    before.current = { extent, low };
    if (isFollowing) element.scrollTop = contentHeight(extent);
    else if (model.toShow !== undefined) {
      element.scrollTop = scrollTopToShow(model.toShow - low, element.scrollTop, extent);
    } else if (was.low !== low && was.extent.count > 0) {
      element.scrollTop = scrollTopAt(firstRowAt(scrollTop, was.extent) + was.low - low, extent);
    }
    model.toShow = undefined;
    if (element.scrollTop !== scrollTop) setScrollTop(element.scrollTop);
  });

  const top = isFollowing ? Math.max(0, contentHeight(extent) - viewport) : scrollTop;
  const first = firstRowAt(top, extent);
  model.firstInView = first;
  const from = Math.max(0, Math.floor(first) - overscan);
  const to = Math.min(count, Math.ceil(first + viewport / rowHeight) + overscan);
  useEffect(() => model.want(low + from, low + to));

  const columns = shownColumns(layout, view?.mode);
  const focus = model.focusPlace;
  const isFocusDrawn = focus !== undefined && focus >= low + from && focus < low + to;
  const offset = top - (first - from) * rowHeight;
  return (
    <div
      class="grid"
      ref={grid}
      role="grid"
      tabIndex={0}
      aria-label="Messages"
      aria-multiselectable
      aria-rowcount={count + 1}
      aria-colcount={columns.length}
      aria-activedescendant={isFocusDrawn ? rowId(focus) : undefined}
      style={{ '--columns': columnTracks(layout, columns) }}
      onScroll={({ currentTarget }) => {
        setScrollTop(currentTarget.scrollTop);
        const left = contentHeight(extent) - viewport - currentTarget.scrollTop;
        if (left <= endTolerance) model.setFollowing(true);
        else if (currentTarget.scrollTop < scrollTop) model.setFollowing(false);
      }}
      onKeyDown={(event) => gridKey(event, model, Math.max(1, Math.floor(viewport / rowHeight) - 1))}
      onClick={(event) => clicked(event, model)}
      onContextMenu={(event) => contextMenu(event, model)}
      data-vscode-context={rowContext(model, undefined)}
    >
      <HeaderRow model={model} columns={columns} showColumns={showColumns} />
      <div class="content" role="rowgroup" style={{ height: `${contentHeight(extent)}px` }}>
        <div class="rows" role="presentation" style={{ transform: `translateY(${offset}px)` }}>
          {Array.from({ length: Math.max(0, to - from) }, (_, index) => {
            const place = low + from + index;
            const row = model.rowAt(place);
            return (
              <GridRow
                key={place}
                place={place}
                position={from + index + 2}
                row={row}
                columns={columns}
                isSelected={row !== undefined && model.isSelected(row.number)}
                isFocused={place === focus}
                context={rowContext(model, row)}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** What the context menu is about: the selection, or the one row that it is opened on. */
function rowContext(model: PanelModel, row: Row | undefined): string {
  const { count, held } = model.counts;
  const tail = model.tails?.current;
  // What a menu selects is counted later than the menu opens.
  const isAlone = row !== undefined && (!model.isSelected(row.number) || model.isOnlySelected(row.number));
  if (isAlone) {
    return menuContext({ tail, selected: 1, isHeld: row.state === 'held', awaitsReply: row.awaitsReply === true });
  }
  const { focusPlace } = model;
  const focused = focusPlace === undefined ? undefined : model.rowAt(focusPlace);
  const awaitsReply = count === 1 && focused?.awaitsReply === true && model.isSelected(focused.number);
  return menuContext({ tail, selected: count, isHeld: held > 0, awaitsReply });
}

/** Whoever opens a menu on a row means that row, unless it is among those selected. */
function contextMenu(event: MouseEvent, model: PanelModel): void {
  const place = placeOf(event);
  const row = place === undefined ? undefined : model.rowAt(place);
  if (row && !model.isSelected(row.number)) model.selectNumber(row.number, 'only');
}

function placeOf(event: MouseEvent): number | undefined {
  const row = (event.target as Element).closest<HTMLElement>('[data-place]');
  return row ? Number(row.dataset['place']) : undefined;
}

function clicked(event: MouseEvent, model: PanelModel): void {
  const place = placeOf(event);
  if (place === undefined) return;
  const how = event.shiftKey ? 'extend' : event.ctrlKey || event.metaKey ? 'toggle' : 'only';
  model.moveTo(place, how);
  if (how === 'only') model.openDetail(true);
}

/** How many pixels of rows are in view: without the header and a scroll bar. */
function useViewport(grid: { readonly current: HTMLDivElement | null }): number {
  const [viewport, setViewport] = useState(0);
  useLayoutEffect(() => {
    const element = grid.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setViewport(Math.max(0, element.clientHeight - rowHeight)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return viewport;
}
