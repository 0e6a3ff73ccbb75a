import * as vscode from 'vscode';

/** An item that stands for a value; one without a value is a separator. */
export interface LiveItem<T> extends vscode.QuickPickItem {
  readonly value?: T;
}

export interface LivePick<T> {
  readonly title: string;
  readonly placeholder: string;
  /** The items for what is typed so far; called again once `load` has ended. */
  items(typed: string): readonly LiveItem<T>[];
  /** Fetches what the items are made of, while the pick is open already. @param show shows what is there until more is */
  load(show: () => void): Promise<void>;
}

/**
 * A quick pick over names that are still being fetched, which can number thousands: `items` filters them itself, so that
 * only what matches is sent to the window, and a typo never matches a name that merely looks alike.
 * @returns undefined when the person escaped
 * @throws what `load` throws
 */
export async function pickLive<T>(pick: LivePick<T>): Promise<T | undefined> {
  const picker = vscode.window.createQuickPick<LiveItem<T>>();
  picker.title = pick.title;
  picker.placeholder = pick.placeholder;
  // It may follow an input that gives the focus back to the editor as it closes.
  picker.ignoreFocusOut = true;
  picker.busy = true;
  // Else VS Code sorts by label while something is typed. It takes the property, though its types do not have it.
  Object.assign(picker, { sortByLabel: false });
  const show = (): void => {
    picker.items = pick.items(picker.value).map((item) => ({ ...item, alwaysShow: true }));
  };
  const chosen = new Promise<T | undefined>((resolve) => {
    picker.onDidAccept(() => {
      // Enter can be quicker than the items for what was typed before it: nothing is selected then.
      const item = picker.selectedItems[0] ?? picker.items.find(({ value }) => value !== undefined);
      if (item?.value !== undefined) resolve(item.value);
    });
    picker.onDidHide(() => resolve(undefined));
  });
  picker.onDidChangeValue(show);
  // Whoever has moved to an item stays there.
  const showMore = (): void => {
    const [active] = picker.activeItems;
    const isMoved = active !== picker.items.find(({ value }) => value !== undefined);
    show();
    const same = picker.items.filter(({ label }) => isMoved && label === active?.label).slice(0, 1);
    if (same.length > 0) picker.activeItems = same;
  };
  show();
  picker.show();
  const loadThenShow = async (): Promise<void> => {
    await pick.load(showMore);
    picker.busy = false;
    showMore();
  };
  try {
    return await Promise.race([chosen, loadThenShow().then(() => chosen)]);
  } finally {
    picker.dispose();
  }
}

/** How many matches of a kind are offered: more than one reads, and few enough to send at each key. */
const mostMatches = 200;

/** Those whose name contains what is typed, whatever its case: the very name first, then names that begin with it. */
export function matching<T>(typed: string, all: readonly T[], nameOf: (item: T) => string): readonly T[] {
  if (typed === '') return all.slice(0, mostMatches);
  const wanted = typed.toLowerCase();
  const equal: T[] = [];
  const begins: T[] = [];
  const contains: T[] = [];
  for (const item of all) {
    const name = nameOf(item);
    const at = name.toLowerCase().indexOf(wanted);
    if (name === typed) equal.push(item);
    else if (at === 0) begins.push(item);
    else if (at > 0) contains.push(item);
  }
  return [...equal, ...begins, ...contains].slice(0, mostMatches);
}
