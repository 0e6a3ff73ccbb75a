import type { Locator, Page } from 'playwright-core';
import { waitFor } from '../../support/waitFor.ts';
import type { ContextMenu } from './contextMenu.ts';
import { escaped } from './quickInput.ts';

/** The trees of the side bar. Only rows in view exist. */
export class Tree {
  readonly #page: Page;
  readonly #menu: ContextMenu;

  constructor(page: Page, menu: ContextMenu) {
    this.#page = page;
    this.#menu = menu;
  }

  get rows(): Locator {
    return this.#page.locator('.part.sidebar .monaco-list-row');
  }

  /** The row with exactly this label. */
  row(label: string): Locator {
    const name = this.#page.locator('.label-name').filter({ hasText: new RegExp(`^${escaped(label)}$`) });
    return this.rows.filter({ has: name });
  }

  async labels(): Promise<string[]> {
    return this.rows.locator('.label-name').allInnerTexts();
  }

  /** Watches what of which rows is made anew; that a row is told its place once more is nothing. @returns their labels, as far as it has come */
  async watchDrawing(): Promise<() => Promise<string[]>> {
    await this.#page.mouse.move(0, 0);
    await this.#page.evaluate(`(() => {
      const drawn = (window.drawn = new Set());
      new MutationObserver((changes) => {
        for (const { target } of changes) {
          const element = target instanceof Element ? target : target.parentElement;
          const row = element?.closest('.monaco-list-row');
          drawn.add(row?.querySelector('.label-name')?.textContent ?? 'the list');
        }
      }).observe(document.querySelector('.part.sidebar .monaco-list-rows'), { subtree: true, childList: true });
    })()`);
    return () => this.#page.evaluate<string[]>('[...window.drawn].toSorted()');
  }

  /** The grey text after a label. */
  async description(label: string): Promise<string> {
    const description = this.row(label).locator('.label-description');
    return (await description.count()) === 0 ? '' : description.innerText();
  }

  async click(label: string): Promise<void> {
    await this.row(label).click();
  }

  async expand(label: string): Promise<void> {
    const row = this.row(label);
    await row.waitFor();
    // A branch may open by itself meanwhile, and the click would close it again.
    await waitFor(
      async () => {
        if ((await row.getAttribute('aria-expanded')) === 'false') await row.locator('.monaco-tl-twistie').click();
        await this.isExpanded(label, 2_000);
        return true;
      },
      { describe: `${label} is open`, timeoutMs: 20_000 },
    );
  }

  /** Waits until a row shows its children. */
  async isExpanded(label: string, timeoutMs?: number): Promise<void> {
    const open = this.#page.locator('.monaco-list-row[aria-expanded="true"]').and(this.row(label));
    await open.waitFor(timeoutMs === undefined ? {} : { timeout: timeoutMs });
  }

  /** Clicks an inline action, which shows when the pointer is on the row. */
  async action(label: string, action: string): Promise<void> {
    const row = this.row(label);
    await row.hover();
    await row.locator(`a.action-label[aria-label^="${action}"]`).click();
  }

  /** Picks from a row's context menu. */
  async menu(label: string, ...path: string[]): Promise<void> {
    await this.#menu.pick(this.row(label), ...path);
  }

  menuLabels(label: string): Promise<string[]> {
    return this.#menu.labels(this.row(label));
  }

  /** Clicks a button of the welcome text of an empty view. */
  async welcomeButton(label: string): Promise<void> {
    await this.#page.locator('.part.sidebar .welcome-view .monaco-button', { hasText: label }).click();
  }
}
