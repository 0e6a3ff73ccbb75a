import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { environment } from './browser.ts';

/** What was found in one place: a file, a store of the browser, what the window showed. */
export interface Trace {
  readonly place: string;
  readonly content: string | Uint8Array;
}

/** Tells of every text and attribute that comes up in the document; not of what is typed into a box. */
const watchDocument = `(() => {
  const told = new Set();
  let waiting = [];
  const note = (text) => {
    if (!text || told.has(text)) return;
    told.add(text);
    if (waiting.push(text) === 1) setTimeout(() => { tellTheSearch(waiting); waiting = []; }, 20);
  };
  const look = (node) => {
    if (node.nodeType === Node.TEXT_NODE) note(node.data);
    for (const attribute of node.attributes ?? []) note(attribute.value);
    for (const child of node.childNodes) look(child);
  };
  new MutationObserver((records) => {
    for (const { target, attributeName, addedNodes } of records) {
      if (attributeName) note(target.getAttribute(attributeName));
      else if (target.nodeType === Node.TEXT_NODE) note(target.data);
      for (const node of addedNodes) look(node);
    }
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
})()`;

/** The browser's databases as JSON: the workbench keeps in them what the desktop has in state.vscdb. */
const readDatabases = `(async () => {
  const settled = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const text = (value) => value instanceof Uint8Array ? new TextDecoder().decode(value) : value;
  const found = [];
  for (const { name } of await indexedDB.databases()) {
    const database = await settled(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const transaction = database.transaction(store).objectStore(store);
      const keys = await settled(transaction.getAllKeys());
      const values = await settled(transaction.getAll());
      keys.forEach((key, i) => found.push([name + '/' + store + '/' + key, JSON.stringify(text(values[i])) ?? '']));
    }
    database.close();
  }
  for (const [kind, storage] of [['localStorage', localStorage], ['sessionStorage', sessionStorage]]) {
    for (let i = 0; i < storage.length; i++) {
      const key = storage.key(i);
      found.push([kind + '/' + key, storage.getItem(key)]);
    }
  }
  found.push(['cookies', document.cookie]);
  return found;
})()`;

/** Everything that a window shows and leaves behind. */
export class Traces {
  readonly #page: Page;
  readonly #texts: string[] = [];
  readonly #console: string[] = [];
  readonly #addresses: string[] = [];
  readonly #clipboard: string[] = [];

  private constructor(page: Page) {
    this.#page = page;
    page.on('console', (message) => this.#console.push(message.text()));
    page.on('pageerror', (error) => this.#console.push(error.stack ?? error.message));
    page.on('request', (request) => this.#addresses.push(request.url()));
  }

  /** @param page before it goes anywhere */
  static async watch(page: Page): Promise<Traces> {
    const traces = new Traces(page);
    await page.exposeFunction('tellTheSearch', (texts: string[]) => void traces.#texts.push(...texts));
    await page.addInitScript({ content: watchDocument });
    return traces;
  }

  /** What is in the clipboard now is searched too. */
  async keepClipboard(): Promise<void> {
    this.#clipboard.push(String(await this.#page.evaluate('navigator.clipboard.readText()')));
  }

  /** All of it. @param folders searched too, with all that is below them */
  async all(...folders: readonly string[]): Promise<Trace[]> {
    const stores = await this.#page.evaluate<[string, string][]>(readDatabases);
    const files = await Promise.all([editorFolder(), ...folders].map(filesBelow));
    return [
      { place: 'shown', content: this.#texts.join('\n') },
      { place: 'console', content: this.#console.join('\n') },
      { place: 'requests', content: this.#addresses.join('\n') },
      { place: 'clipboard', content: this.#clipboard.join('\n') },
      ...stores.map(([place, content]) => ({ place, content })),
      ...files.flat(),
    ];
  }
}

/** Everything that the editor writes is below it: logs and output channels, settings, extensions. */
function editorFolder(): string {
  return resolve(environment('WARREN_TEST_EDITOR_LOGS'), '..', '..');
}

async function filesBelow(folder: string): Promise<Trace[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(files.map(async (place) => ({ place, content: await readFile(place) })));
}
