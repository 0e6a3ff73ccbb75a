import type { Caller } from '../protocol/caller.ts';

/** The extension host, as the webview knows it. */
export interface Host {
  readonly ask: Caller['ask'];
  /** What was kept when the webview was hidden. */
  readonly kept: unknown;
  keep(state: unknown): void;
  post(message: { readonly kind: 'ready' } | { readonly kind: 'seen'; readonly seq: number }): void;
}
