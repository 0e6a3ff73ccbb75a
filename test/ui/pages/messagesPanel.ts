import axe from 'axe-core';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { waitFor } from '../../support/waitFor.ts';
import type { ContextMenu } from './contextMenu.ts';

/** The Messages panel: a webview, which is a frame in a frame. Only rows in view exist. */
export class MessagesPanel {
  readonly #page: Page;
  readonly #menu: ContextMenu;

  constructor(page: Page, menu: ContextMenu) {
    this.#page = page;
    this.#menu = menu;
  }

  get frame(): FrameLocator {
    return this.#page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  }

  get grid(): Locator {
    return this.frame.locator('[role=grid]');
  }

  /** The rows in view and some around them. */
  get rows(): Locator {
    return this.grid.locator('.rows [role=row]');
  }

  /** The row of a message. */
  row(number: number): Locator {
    return this.rows.filter({ has: this.frame.locator('.number', { hasText: new RegExp(`^${number}$`) }) });
  }

  /** A cell of a message by its column. */
  cell(number: number, column: string): Locator {
    return this.row(number).locator(`.cell.${column}`);
  }

  /** How the tail stands, as the toolbar says. */
  async counts(): Promise<string> {
    return this.frame.locator('.counts').innerText();
  }

  /** Waits until the toolbar says this. */
  async says(text: string | RegExp): Promise<void> {
    await this.frame.locator('.counts').filter({ hasText: text }).waitFor();
  }

  /** Waits until a message's state is this. */
  async hasState(number: number, state: string): Promise<void> {
    let seen = '';
    await waitFor(
      async () => {
        seen = await this.cell(number, 'state').innerText({ timeout: 1_000 });
        return seen.trim() === state;
      },
      { describe: () => `#${number} is ${state}, not ${seen}` },
    );
  }

  /** The header of a column. */
  header(title: string): Locator {
    return this.frame.getByRole('columnheader', { name: title, exact: true });
  }

  async filter(text: string): Promise<void> {
    await this.frame.locator('.filter input').fill(text);
  }

  button(label: string): Locator {
    return this.frame.getByRole('button', { name: label, exact: true });
  }

  /** What is shown of the selected message. */
  get detail(): Locator {
    return this.frame.locator('.detail');
  }

  /** The line below the table: the last that was said of the tail, which opens and closes all of it. */
  get noticeBar(): Locator {
    return this.frame.locator('.notice-bar');
  }

  /** All that was said of the tail; in view while it is open. */
  get notices(): Locator {
    return this.frame.locator('.notice-list');
  }

  tab(title: string): Locator {
    return this.frame.getByRole('tab', { name: title, exact: true });
  }

  /** What axe finds wrong that is serious or critical, with where it is. */
  async violations(): Promise<string[]> {
    const frame = await (await this.frame.locator('main').elementHandle())?.ownerFrame();
    if (!frame) throw new Error('The panel has no frame.');
    await frame.evaluate(`${axe.source}; undefined`);
    return frame.evaluate<string[]>(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
      violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => id + ': ' + nodes.map(({ html, any }) => html.slice(0, 200) + any.map(({ message }) => ' (' + message + ')')).join('; ')))`);
  }

  /** Where the focus is, as a role and a name. */
  async focused(): Promise<string> {
    return this.frame.locator(':focus').evaluate((element) => {
      const role = element.getAttribute('role') ?? element.tagName.toLowerCase();
      return `${role} ${element.getAttribute('aria-label') ?? element.textContent ?? ''}`.trim();
    });
  }

  /** Chooses the tail whose entry begins so. */
  async chooseTail(start: string): Promise<void> {
    const select = this.frame.getByRole('combobox', { name: 'Tail' });
    const labels = await select.locator('option').allInnerTexts();
    await select.selectOption({ label: labels.find((label) => label.startsWith(start)) ?? start });
  }

  /** A button of the panel's title bar by its label. */
  titleButton(label: string): Locator {
    return this.#page.locator(`.part.panel .title-actions a.action-label[aria-label^="${label}"]`);
  }

  /** Picks from the menu of the panel's title bar. */
  async titleMenu(label: string): Promise<void> {
    await this.titleButton('More Actions').or(this.titleButton('Views and More Actions')).first().click();
    await this.#menu.take(label);
  }
}
