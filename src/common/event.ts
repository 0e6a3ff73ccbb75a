import { toDisposable, type Disposable } from './disposable.ts';

/** Subscribes a listener; dispose the result to unsubscribe. Assignable to `vscode.Event`. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

/**
 * A typed event source. `fire` reaches every listener even when one throws; what was thrown goes to `onListenerError`,
 * so that a broken view can never stop message handling.
 */
export class Emitter<T> implements Disposable {
  readonly #listeners = new Set<(value: T) => void>();
  readonly #onListenerError: (error: unknown) => void;

  constructor(onListenerError: (error: unknown) => void = reportLater) {
    this.#onListenerError = onListenerError;
  }

  readonly event: Event<T> = (listener) => {
    // A wrapper per subscription, so that the same function may subscribe twice.
    const entry = (value: T): void => listener(value);
    this.#listeners.add(entry);
    return toDisposable(() => this.#listeners.delete(entry));
  };

  fire(value: T): void {
    for (const listener of Array.from(this.#listeners)) {
      try {
        listener(value);
      } catch (error) {
        this.#onListenerError(error);
      }
    }
  }

  dispose(): void {
    this.#listeners.clear();
  }
}

/** A listener's bug must be seen, though not by the one who fired: it is rethrown on its own turn. */
function reportLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
