/** What a context menu is about; the conditions of its items in package.json ask for it by these names. */
export interface MenuSubject {
  /** The tail that it is opened on: another may be shown before an item is chosen. */
  readonly tail: string | undefined;
  /** How many messages. */
  readonly selected: number;
  /** Whether any of them can be settled. */
  readonly isHeld: boolean;
  /** Whether it is one that says where a reply goes. */
  readonly awaitsReply: boolean;
  /** The message that it is about, whatever is selected. */
  readonly number?: number;
}

/** For `data-vscode-context`: what VS Code evaluates conditions by, and gives to the command. */
export function menuContext({ tail, selected, isHeld, awaitsReply, number }: MenuSubject): string {
  return JSON.stringify({
    webviewSection: selected > 0 ? 'row' : 'none',
    warrenTail: tail,
    warrenSelected: selected,
    warrenHeld: isHeld,
    warrenReply: awaitsReply,
    warrenNumber: number,
    preventDefaultContextMenuItems: true,
  });
}
