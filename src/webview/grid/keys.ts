import type { PanelModel } from '../model.ts';

/** The keys of a grid whose rows are selected. @param page so many rows are in view */
export function gridKey(event: KeyboardEvent, model: PanelModel, page: number): void {
  const { view } = model;
  if (!view || event.altKey) return;
  const isCommand = event.ctrlKey || event.metaKey;
  const action = isCommand ? commandKey(event, model) : plainKey(event, model, page);
  if (!action) return;
  event.preventDefault();
  event.stopPropagation();
  action();
}

function commandKey(event: KeyboardEvent, model: PanelModel): (() => void) | undefined {
  if (event.key.toLowerCase() === 'a') return () => model.selectAll();
  return undefined;
}

function plainKey({ key, shiftKey }: KeyboardEvent, model: PanelModel, page: number): (() => void) | undefined {
  const low = model.view?.low ?? 0;
  const high = model.view?.high ?? 0;
  const focus = model.focusPlace;
  const go = (place: number) => () => model.moveTo(place, shiftKey ? 'extend' : 'only');
  switch (key) {
    case 'ArrowDown':
      return go(focus === undefined ? high - 1 : focus + 1);
    case 'ArrowUp':
      return go(focus === undefined ? high - 1 : focus - 1);
    case 'PageDown':
      return go((focus ?? high - 1) + page);
    case 'PageUp':
      return go((focus ?? high - 1) - page);
    case 'Home':
      return go(low);
    case 'End':
      return go(high - 1);
    case ' ':
      return focus === undefined ? undefined : () => model.moveTo(focus, 'toggle');
    case 'Enter':
      return focus === undefined
        ? undefined
        : () => {
            model.toFocusDetail = true;
            model.openDetail(true);
          };
    case 'Escape':
      return model.isDetailOpen ? () => model.openDetail(false) : () => model.clearSelection();
    default:
      return undefined;
  }
}
