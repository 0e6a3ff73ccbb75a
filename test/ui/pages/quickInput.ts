import type { Locator, Page } from 'playwright-core';
import { waitFor } from '../../support/waitFor.ts';

/** The box at the top of the window: command palette, quick picks, input boxes. */
export class QuickInput {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get widget(): Locator {
    return this.#page.locator('.quick-input-widget:visible');
  }

  get input(): Locator {
    return this.widget.locator('.quick-input-box input');
  }

  /** What it says under the input: a prompt, or why the value is not accepted. */
  get message(): Locator {
    return this.widget.locator('.quick-input-message');
  }

  get title(): Locator {
    return this.widget.locator('.quick-input-title');
  }

  /** Puts a text into the box. */
  async type(text: string): Promise<void> {
    await this.input.waitFor();
    await this.input.fill(text);
  }

  /** Puts a text into the box and accepts it. */
  async fill(text: string): Promise<void> {
    await this.type(text);
    await this.accept();
  }

  async accept(): Promise<void> {
    await this.input.press('Enter');
  }

  async cancel(): Promise<void> {
    await this.input.press('Escape');
  }

  /** Runs a command from the palette by its title. */
  async run(title: string): Promise<void> {
    const text = `>${title}`;
    // The palette may put its own text into the box just after it has opened, and closes when what went before takes the focus;
    // a box that is still there may be that of what went before.
    await waitFor(
      async () => {
        if (!(await this.input.isVisible())) {
          await this.#page.keyboard.press('F1');
          await this.input.waitFor({ timeout: 3_000 });
        }
        if ((await this.input.inputValue({ timeout: 500 })) !== text) await this.input.fill(text, { timeout: 500 });
        return this.row(title).first().isVisible();
      },
      { describe: `${title} in the palette`, timeoutMs: 30_000 },
    );
    // Enter leaves the focus where it is; a click may bring it back to where it was after the command's own input has opened.
    const row = this.row(title).first();
    if ((await row.getAttribute('class'))?.includes('focused') === true) await this.accept();
    else await row.click();
  }

  /** The titles that the palette offers for a text. */
  async commands(text: string): Promise<string[]> {
    await this.#page.keyboard.press('F1');
    await this.type(`>${text}`);
    const labels = await this.labels();
    await this.cancel();
    return labels;
  }

  /** The row with a label. */
  row(label: string): Locator {
    const exact = new RegExp(`^\\s*${escaped(label)}\\s*$`);
    const name = this.#page.locator('.quick-input-list-label .label-name, .label-name').filter({ hasText: exact });
    return this.widget.locator('.quick-input-list .monaco-list-row').filter({ has: name });
  }

  /**
   * Takes the first row with a label, by keys: a click may bring the focus back to where it was after the next input has
   * opened, which closes that.
   */
  async pick(label: string): Promise<void> {
    await this.take(this.row(label).first());
  }

  /** Takes a row, by keys. */
  async take(row: Locator): Promise<void> {
    await row.waitFor();
    await waitFor(
      async () => {
        if ((await row.getAttribute('class'))?.includes('focused') === true) return true;
        await this.input.press('ArrowDown');
        return false;
      },
      { describe: 'the row to be selected' },
    );
    await this.accept();
  }

  /** Answers the editor's own file dialog, which may put a folder of its own into the box just after it has opened. */
  async answerFile(path: string, button: RegExp): Promise<void> {
    await waitFor(async () => (await this.input.inputValue()).startsWith('/'), { describe: 'the file dialog' });
    const dialog = this.title.filter({ hasText: await this.title.innerText() });
    await waitFor(
      async () => {
        let looks = 0;
        await waitFor(
          async () => {
            if ((await this.input.inputValue()) === path) return ++looks > 5;
            looks = 0;
            await this.type(path);
            return false;
          },
          { describe: 'the path to stay', timeoutMs: 5_000 },
        );
        await this.widget.locator('.monaco-button', { hasText: button }).click({ timeout: 3_000 });
        await dialog.waitFor({ state: 'hidden', timeout: 3_000 });
        return true;
      },
      { describe: 'a file is chosen', timeoutMs: 25_000 },
    );
  }

  /** The labels in view, once there are any. */
  async labels(): Promise<string[]> {
    const names = this.widget.locator(
      '.quick-input-list .monaco-list-row .quick-input-list-row:first-child .label-name',
    );
    await names.first().waitFor();
    // An icon before the label leaves a space.
    return (await names.allInnerTexts()).map((label) => label.trim());
  }

  /** A button of its title bar, such as Back. */
  async button(label: string): Promise<void> {
    await this.widget.locator(`.quick-input-titlebar a.action-label[aria-label^="${label}"]`).click();
  }
}

/** A text as a regular expression that matches it. */
export function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
