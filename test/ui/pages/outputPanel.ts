import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { waitFor } from '../../support/waitFor.ts';
import { environment } from './browser.ts';
import { linesOf } from './lines.ts';
import type { QuickInput } from './quickInput.ts';

/** The Output panel. Only lines in view exist; a channel's whole text is in its file. */
export class OutputPanel {
  readonly #page: Page;
  readonly #quickInput: QuickInput;
  /** Windows before this one have left logs, of channels with the same names too. */
  readonly #since = Date.now();

  constructor(page: Page, quickInput: QuickInput) {
    this.#page = page;
    this.#quickInput = quickInput;
  }

  get editor(): Locator {
    return this.#page.locator('.part.panel .monaco-editor[data-uri^="output:"]');
  }

  /** Shows a channel by its name. */
  async choose(channel: string): Promise<void> {
    await this.#quickInput.run('Output: Show Output Channels...');
    await this.#quickInput.pick(channel);
    await this.editor.waitFor();
  }

  /** Puts the focus into the text. */
  async focus(): Promise<void> {
    // Into the text of what is in view, right of any lens; the lines themselves are as tall as the whole text.
    await this.editor.click({ position: { x: 700, y: 60 } });
  }

  /** The lines in view, from the top. */
  lines(): Promise<string[]> {
    return linesOf(this.editor.locator('.view-line'));
  }

  async text(): Promise<string> {
    return (await this.lines()).join('\n');
  }

  /** Lenses in view whose text contains this: links, or words alone. VS Code keeps those it scrolled out, hidden. */
  lenses(text: string | RegExp): Locator {
    return this.editor.locator('.codelens-decoration > *').filter({ hasText: text, visible: true });
  }

  /** Clicks a lens above the header line of a message, once it is there. */
  async clickLens(number: number, text: string | RegExp): Promise<void> {
    const lens = await waitFor(() => this.#lensAbove(number, text), {
      describe: `lens ${String(text)} above #${number}`,
    });
    await lens.click();
  }

  /** Waits until a message has a lens with this text. */
  async hasLens(number: number, text: string | RegExp): Promise<void> {
    await waitFor(() => this.#lensAbove(number, text), { describe: `lens ${String(text)} above #${number}` });
  }

  /** Lenses are placed over the text: the ones of a message are those right above its line on the screen. */
  async #lensAbove(number: number, text: string | RegExp): Promise<Locator | undefined> {
    const header = this.editor.locator('.view-line').filter({ hasText: new RegExp(`^#${number}\\s`) });
    const line = await header
      .first()
      .boundingBox({ timeout: 1_000 })
      .catch(() => null);
    if (!line) return undefined;
    for (const lens of await this.lenses(text).all()) {
      const box = await lens.boundingBox({ timeout: 1_000 }).catch(() => null);
      if (box && box.y < line.y && line.y - box.y < 1.8 * line.height) return lens;
    }
    return undefined;
  }

  /** A button of the panel's title bar by its label. */
  titleButton(label: string): Locator {
    return this.#page.locator(`.part.panel .title-actions a.action-label[aria-label^="${label}"]`);
  }

  async clickTitleButton(label: string): Promise<void> {
    await this.titleButton(label).click();
  }

  /** Everything that was written to a channel, of the newest one with that name since the window was opened. */
  async wholeText(channel: string): Promise<string> {
    const logs = environment('WARREN_TEST_EDITOR_LOGS');
    const suffix = `-${channel.replaceAll(/[\\/:*?"<>|]/g, '')}.log`;
    const names = (await readdir(logs, { recursive: true })).filter((name) => name.endsWith(suffix));
    const files = await Promise.all(
      names.map(async (name) => ({ path: join(logs, name), written: (await stat(join(logs, name))).birthtimeMs })),
    );
    const newest = files.toSorted((a, b) => b.written - a.written)[0];
    if (newest === undefined || newest.written < this.#since) throw new Error(`There is no output channel ${channel}.`);
    return readFile(newest.path, 'utf8');
  }
}
