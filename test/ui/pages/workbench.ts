import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { temporaryFolder } from '../../../scripts/lib/owned.mjs';
import { root } from '../../../scripts/lib/run.mjs';
import { environment, open, sharedBrowser } from './browser.ts';
import { ContextMenu } from './contextMenu.ts';
import { linesOf } from './lines.ts';
import { MessagesPanel } from './messagesPanel.ts';
import { OutputPanel } from './outputPanel.ts';
import { QuickInput } from './quickInput.ts';
import { Tree } from './tree.ts';
import { waitFor } from '../../support/waitFor.ts';

/** What a workbench opens with. */
export interface WorkbenchOptions {
  /** Files of the workspace by relative path. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Settings of the workspace. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Called with the page before it goes anywhere. */
  readonly prepare?: (page: Page) => Promise<void>;
  /** Of an editor of the test's own. */
  readonly port?: number;
  readonly width?: number;
  readonly height?: number;
}

/** The window of VS Code, as a person sees it. State of one is not seen by another. */
export class Workbench {
  readonly page: Page;
  /** The workspace's folder. */
  readonly folder: string;
  readonly tree: Tree;
  readonly output: OutputPanel;
  readonly messages: MessagesPanel;
  readonly quickInput: QuickInput;
  readonly menu: ContextMenu;
  readonly #context: BrowserContext;
  readonly #removeFolder: () => void;

  private constructor(context: BrowserContext, page: Page, folder: { path: string; remove: () => void }) {
    this.#context = context;
    this.#removeFolder = folder.remove;
    this.page = page;
    this.folder = folder.path;
    this.quickInput = new QuickInput(page);
    this.menu = new ContextMenu(page);
    this.tree = new Tree(page, this.menu);
    this.output = new OutputPanel(page, this.quickInput);
    this.messages = new MessagesPanel(page, this.menu);
  }

  /** Opens a window on a new workspace, ready when this settles. */
  static async open({
    files = {},
    settings = {},
    port = Number(environment('WARREN_TEST_EDITOR_PORT')),
    prepare,
    width = 1400,
    height = 900,
  }: WorkbenchOptions = {}): Promise<Workbench> {
    const folder = temporaryFolder('workspace');
    const all = { ...files, '.vscode/settings.json': JSON.stringify(settings, undefined, 2) };
    for (const [name, content] of Object.entries(all)) {
      await mkdir(dirname(join(folder.path, name)), { recursive: true });
      await writeFile(join(folder.path, name), content);
    }
    const browser = await sharedBrowser();
    const context = await browser.newContext({ viewport: { width, height } });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const workbench = new Workbench(context, await context.newPage(), folder);
    open.add(workbench);
    await prepare?.(workbench.page);
    await workbench.page.goto(`http://127.0.0.1:${port}/?folder=${encodeURI(folder.path)}`);
    await workbench.#ready();
    return workbench;
  }

  /** Replaces the settings of the workspace, which are in force when this settles. */
  async configure(settings: Readonly<Record<string, unknown>>): Promise<void> {
    const title = `configured ${randomBytes(4).toString('hex')}`;
    const all = { ...settings, 'window.title': title };
    await writeFile(join(this.folder, '.vscode', 'settings.json'), JSON.stringify(all));
    await waitFor(async () => (await this.page.title()).startsWith(title), { describe: 'the settings in force' });
  }

  /** Loads the window again, as `Developer: Reload Window` does. */
  async reload(): Promise<void> {
    // A browser's own reload may lose what was stored last.
    const loaded = this.page.waitForEvent('load');
    await this.run('Developer: Reload Window');
    await loaded;
    await this.#ready();
  }

  /** Closes the window and removes its workspace. */
  async dispose(): Promise<void> {
    open.delete(this);
    await this.#context.close();
    this.#removeFolder();
  }

  /** Runs a command from the palette by its title, as in `RabbitMQ: Add Connection…`. */
  run(title: string): Promise<void> {
    return this.quickInput.run(title);
  }

  /** Opens a file of the workspace in an editor that has the focus. */
  async openFile(name: string): Promise<void> {
    await this.page.keyboard.press('Control+P');
    await this.quickInput.type(name);
    await this.quickInput.pick(name.split('/').at(-1) ?? name);
    await this.quickInput.widget.waitFor({ state: 'hidden' });
    await this.editorTab(name.split('/').at(-1) ?? name).waitFor();
    await this.page.locator('.editor-group-container.active .monaco-editor.focused .view-line').first().waitFor();
  }

  editorTab(name: string): Locator {
    return this.page.locator(`.tabs-container .tab[data-resource-name="${name}"]`);
  }

  /** The text of the active editor that is in view. */
  async editorText(): Promise<string> {
    return linesOf(this.page.locator('.editor-group-container.active .monaco-editor .view-line')).then((all) =>
      all.join('\n'),
    );
  }

  /** Brings a view container of the activity bar to the front. */
  async show(title: string): Promise<void> {
    const icon = this.page.locator(`.activitybar a.action-label[aria-label^="${title}"]`);
    await icon.waitFor();
    const isShown = await this.page.locator(`.activitybar .action-item.checked a[aria-label^="${title}"]`).count();
    if (isShown === 0) await icon.click();
  }

  /** A notification that contains a text. */
  notification(text: string | RegExp): Locator {
    return this.page.locator('.notification-toast').filter({ hasText: text });
  }

  /** Rests the pointer on something until its tooltip with a text is there: what is drawn anew meanwhile loses it. */
  async hover(target: Locator, text: string): Promise<Locator> {
    const tooltip = this.page
      .locator('.monaco-hover:visible, .workbench-hover:visible')
      .filter({ hasText: text })
      .first();
    await waitFor(
      async () => {
        await this.page.mouse.move(0, 0);
        await target.hover();
        await tooltip.waitFor({ timeout: 3_000 });
        return true;
      },
      { describe: `a tooltip with ${text}`, timeoutMs: 25_000 },
    );
    return tooltip;
  }

  /** Clicks a button of a notification. */
  async notificationButton(text: string | RegExp, label: string): Promise<void> {
    await this.notification(text).locator('.monaco-button', { hasText: label }).click();
  }

  /** The texts of all notifications in view. */
  notifications(): Promise<string[]> {
    return this.page.locator('.notification-toast .notification-list-item-message').allInnerTexts();
  }

  /** The modal dialog. */
  get modal(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  async modalButton(label: string): Promise<void> {
    await this.modal.locator('.monaco-button', { hasText: label }).click();
    await this.modal.waitFor({ state: 'detached' });
  }

  /** An entry of the status bar by a part of its text. */
  statusBar(text: string | RegExp): Locator {
    return this.page.locator('.statusbar-item').filter({ hasText: text });
  }

  /** Keeps a picture among the artifacts. */
  async screenshot(name: string): Promise<void> {
    const path = join(root, 'artifacts', 'ui', `${name.replaceAll(/[^\p{L}\p{N}]+/gu, '-').slice(0, 120)}.png`);
    await this.page.screenshot({ path, animations: 'disabled' });
  }

  async #ready(): Promise<void> {
    await this.page.waitForFunction(
      `['code/didStartWorkbench', 'code/didLoadExtensions'].every((name) => performance.getEntriesByName(name).length > 0)`,
    );
    await this.page.locator('.activitybar a.action-label').first().waitFor();
  }
}
