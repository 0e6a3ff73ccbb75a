import * as vscode from 'vscode';
import type { QueueNode } from './nodes.ts';

const scheme = 'warren-queue';
/** More rows than fit a tall screen: beyond them the oldest seen is forgotten. */
const mostVisible = 100;
const drawnDelayMs = 200;

/**
 * Which queue rows are on screen. VS Code does not tell; but it asks for the decoration of a resource only when a row
 * that has it is drawn. Asked anew for those drawn last, it answers for those that are still there.
 */
export class VisibleRows implements vscode.FileDecorationProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri[]>();
  readonly onDidChangeFileDecorations = this.#changed.event;
  readonly #drew = new vscode.EventEmitter<void>();
  /** Rows came into view, by scrolling say; fires once for a burst. */
  readonly onDidDraw = this.#drew.event;
  readonly #registration: vscode.Disposable;
  #drawn: NodeJS.Timeout | undefined;
  /** Rows drawn since the last look, by their URI. */
  #seen = new Map<string, vscode.Uri>();
  /** Those of the look before. */
  #before: ReadonlyMap<string, vscode.Uri> = new Map();

  constructor() {
    this.#registration = vscode.window.registerFileDecorationProvider(this);
  }

  /** The resource that stands for a row; never opened. */
  uriOf({ session, queue }: QueueNode): vscode.Uri {
    return vscode.Uri.from({ scheme, path: `/${session.profile.id}`, query: JSON.stringify(queue) });
  }

  /** Names of the rows on screen, by profile id; asks VS Code anew which of them are still there. */
  look(): Map<string, string[]> {
    const names = this.current();
    const uris = [...this.#seen.values()];
    this.#before = this.#seen;
    this.#seen = new Map();
    if (uris.length > 0) this.#changed.fire(uris);
    return names;
  }

  /** Names of the rows drawn since the last look, by profile id. */
  current(): Map<string, string[]> {
    const names = new Map<string, string[]>();
    for (const { path, query } of this.#seen.values()) {
      const profileId = path.slice(1);
      names.set(profileId, [...(names.get(profileId) ?? []), JSON.parse(query) as string]);
    }
    return names;
  }

  provideFileDecoration(uri: vscode.Uri): undefined {
    if (uri.scheme !== scheme) return;
    const key = uri.toString();
    if (!this.#seen.has(key) && !this.#before.has(key)) this.#noteDrawn();
    this.#seen.delete(key);
    this.#seen.set(key, uri);
    if (this.#seen.size <= mostVisible) return;
    const oldest = this.#seen.keys().next();
    if (!oldest.done) this.#seen.delete(oldest.value);
  }

  dispose(): void {
    clearTimeout(this.#drawn);
    this.#registration.dispose();
    this.#drew.dispose();
    this.#changed.dispose();
  }

  #noteDrawn(): void {
    this.#drawn ??= setTimeout(() => {
      this.#drawn = undefined;
      this.#drew.fire();
    }, drawnDelayMs);
  }
}
