import type { Locator, Page } from 'playwright-core';

/** The text editor in front. */
export class Editor {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get widget(): Locator {
    return this.#page.locator('.editor-group-container.active .monaco-editor').first();
  }

  /** Words above a line. */
  lens(text: string | RegExp): Locator {
    return this.widget.locator('.contentWidgets .codelens-decoration').filter({ hasText: text });
  }

  /** Clicks the words of a lens that stand for a command. */
  async clickLens(title: string, index = 0): Promise<void> {
    await this.widget
      .locator('.contentWidgets .codelens-decoration a', { hasText: new RegExp(`^${title}$`) })
      .nth(index)
      .click();
  }

  /** A row of the list of what can be written. */
  suggestion(label: string | RegExp): Locator {
    return this.#page.locator('.suggest-widget.visible .monaco-list-row').filter({ hasText: label });
  }

  /** Waits until it is offered, moves to it and takes it. */
  async accept(label: string | RegExp): Promise<void> {
    await this.suggestion(label).first().waitFor();
    await this.suggestion(label).first().click();
    await this.#page
      .locator('.suggest-widget.visible')
      .waitFor({ state: 'hidden' })
      .catch(() => {});
  }

  /** Underlined text of a kind. */
  squiggle(severity: 'error' | 'warning'): Locator {
    return this.widget.locator(`.squiggly-${severity}`);
  }

  async goTo(line: number): Promise<void> {
    await this.widget.locator('.view-line').first().click();
    await this.#page.keyboard.press('Control+Home');
    for (let i = 1; i < line; i++) await this.#page.keyboard.press('ArrowDown');
    await this.#page.keyboard.press('End');
  }
}
