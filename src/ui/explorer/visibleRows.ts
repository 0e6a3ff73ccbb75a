import * as vscode from 'vscode';
import type { QueueNode } from './nodes.ts';

const scheme = 'warren-queue';
/** Rows drawn last are those on screen: more than a tall screen shows, with what was scrolled past a moment ago. */
const mostRecent = 120;
/** Rows come into view in bursts, by scrolling say. */
const burstMs = 200;

/**
 * Which queue rows are on screen, or were a moment ago. VS Code does not tell; but it asks for the decoration of a
 * resource when a row that has it is drawn for the first time, and after that decoration was said to have changed. So a
 * row that is forgotten here is said to have changed: VS Code asks again when it is next drawn.
 */
export class VisibleRows implements vscode.FileDecorationProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri[]>();
  readonly onDidChangeFileDecorations = this.#changed.event;
  readonly #drew = new vscode.EventEmitter<void>();
  /** Rows came into view; fires once for a burst. */
  readonly onDidDraw = this.#drew.event;
  readonly #registration: vscode.Disposable;
  #burst: NodeJS.Timeout | undefined;
  /** Rows by their URI, drawn last at the end: a Map keeps the order of insertion. */
  readonly #recent = new Map<string, vscode.Uri>();

  constructor() {
    this.#registration = vscode.window.registerFileDecorationProvider(this);
  }

  /** The resource that stands for a row; never opened. */
  uriOf({ session, queue }: QueueNode): vscode.Uri {
    return vscode.Uri.from({ scheme, path: `/${session.profile.id}`, query: JSON.stringify(queue) });
  }

  /** Names of the rows on screen, by profile id. */
  current(): Map<string, string[]> {
    const names = new Map<string, string[]>();
    for (const { path, query } of this.#recent.values()) {
      const profileId = path.slice(1);
      names.set(profileId, [...(names.get(profileId) ?? []), JSON.parse(query) as string]);
    }
    return names;
  }

  provideFileDecoration(uri: vscode.Uri): undefined {
    if (uri.scheme !== scheme) return;
    const key = uri.toString();
    this.#recent.delete(key);
    this.#recent.set(key, uri);
    this.#burst ??= setTimeout(() => {
      this.#burst = undefined;
      this.#forgetOldest();
      this.#drew.fire();
    }, burstMs);
  }

  dispose(): void {
    clearTimeout(this.#burst);
    this.#registration.dispose();
    this.#drew.dispose();
    this.#changed.dispose();
  }

  #forgetOldest(): void {
    const oldest = [...this.#recent].slice(0, Math.max(0, this.#recent.size - mostRecent));
    for (const [key] of oldest) this.#recent.delete(key);
    if (oldest.length > 0) this.#changed.fire(oldest.map(([, uri]) => uri));
  }
}
