import type { Locator, Page } from 'playwright-core';
import { waitFor } from '../../support/waitFor.ts';

/** Context menus, which the workbench draws itself. */
export class ContextMenu {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Picks an item of the context menu of something, or of a submenu of it. */
  async pick(target: Locator, ...path: string[]): Promise<void> {
    await this.#open(target, this.item(path[0] ?? ''));
    for (const label of path) await this.take(label);
  }

  /** Takes an item of a menu that is open or opens, by a key: one that has just opened takes no click, or closes again. */
  async take(label: string): Promise<void> {
    const item = this.item(label);
    const text = this.#page.getByText(label, { exact: true });
    const focused = this.#page.locator('.monaco-menu .action-item.focused').filter({ has: text });
    await item.waitFor();
    await waitFor(
      async () => {
        await item.hover({ timeout: 3_000 });
        return focused.isVisible();
      },
      { describe: `${label} to be selected in the menu` },
    );
    await this.#page.keyboard.press('Enter');
  }

  /** The labels that something's context menu offers. */
  async labels(target: Locator): Promise<string[]> {
    const items = this.#page.locator('.monaco-menu .action-item:not(.disabled) .action-label:not(.separator)');
    await this.#open(target, items.first());
    const labels = await items.allInnerTexts();
    await this.#page.keyboard.press('Escape');
    return labels.map((label) => label.trim()).filter((label) => label !== '');
  }

  /** A tree that is drawn anew at that moment takes the click and shows no menu, or another one. */
  async #open(target: Locator, item: Locator): Promise<void> {
    await waitFor(
      async () => {
        await target.click({ button: 'right' });
        await item.waitFor({ timeout: 4_000 }).catch(() => this.#page.keyboard.press('Escape'));
        return item.isVisible();
      },
      { describe: 'a context menu', timeoutMs: 25_000 },
    );
  }

  item(label: string): Locator {
    const exact = this.#page.getByText(label, { exact: true });
    return this.#page.locator('.monaco-menu .action-menu-item').filter({ has: exact });
  }
}
