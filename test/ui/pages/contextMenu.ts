import type { Locator, Page } from 'playwright-core';

/** A context menu closes again when it is clicked at once. */
const SETTLES_MS = 300;

/** Context menus, which the workbench draws itself. */
export class ContextMenu {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Picks an item of the context menu of something, or of a submenu of it. */
  async pick(target: Locator, ...path: string[]): Promise<void> {
    await target.click({ button: 'right' });
    for (const label of path) {
      await this.item(label).waitFor();
      await this.#page.waitForTimeout(SETTLES_MS);
      await this.item(label).click();
    }
  }

  /** The labels that something's context menu offers. */
  async labels(target: Locator): Promise<string[]> {
    await target.click({ button: 'right' });
    const items = this.#page.locator('.monaco-menu .action-item:not(.disabled) .action-label:not(.separator)');
    await items.first().waitFor();
    const labels = await items.allInnerTexts();
    await this.#page.keyboard.press('Escape');
    return labels.map((label) => label.trim()).filter((label) => label !== '');
  }

  item(label: string): Locator {
    const exact = this.#page.getByText(label, { exact: true });
    return this.#page.locator('.monaco-menu .action-menu-item').filter({ has: exact });
  }
}
