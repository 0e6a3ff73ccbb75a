import type { SettlementName } from '../protocol/messages.ts';
import { focusFilter } from './focus.ts';
import type { PanelModel } from './model.ts';

const settlements: Readonly<Record<string, SettlementName>> = { a: 'acked', q: 'requeued', x: 'rejected' };

const isMac = navigator.platform.startsWith('Mac');

/** A key as people read it, beside what it does: those of the Output panel for the same. */
export function keyHint(settlement: SettlementName): string {
  const [letter = ''] = Object.entries(settlements).find(([, each]) => each === settlement) ?? [];
  return `${isMac ? '⌃⌥' : 'Alt+'}${letter.toUpperCase()}`;
}

/** Whether anything is selected that can be settled. */
export function canSettle({ view, counts }: PanelModel): boolean {
  return view?.mode === 'hold' && (view.status === 'running' || view.status === 'paused') && counts.held > 0;
}

/** The keys of the whole panel. VS Code itself does not know when a webview in a view has the focus, so none can be contributed. */
export function panelKey(event: KeyboardEvent, model: PanelModel): void {
  const action = isFindKey(event) ? focusFilter : messageKey(event, model);
  if (!action) return;
  event.preventDefault();
  event.stopPropagation();
  action();
}

function isFindKey({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
  return key.toLowerCase() === 'f' && (isMac ? metaKey : ctrlKey) && !altKey && !shiftKey;
}

/** What is typed settles nothing, not even by mistake. */
function messageKey(event: KeyboardEvent, model: PanelModel): (() => void) | undefined {
  const { altKey, ctrlKey, metaKey, shiftKey, target } = event;
  if (!altKey || ctrlKey !== isMac || metaKey || shiftKey || target instanceof HTMLInputElement) return undefined;
  // Alt makes other characters of letters there.
  const letter = isMac ? event.code.replace('Key', '').toLowerCase() : event.key.toLowerCase();
  const { focus } = model.selection;
  if (letter === 'o') return focus === undefined ? undefined : () => model.openMessage(focus);
  const settlement = settlements[letter];
  return settlement === undefined || !canSettle(model) ? undefined : () => model.settle(settlement);
}
