import type { NoticeLine, NoticesPush } from '../../protocol/messages.ts';

/** What was said of the tail, and whether all of it is shown. */
export class NoticeList {
  readonly #tellRead: (upTo: number) => void;
  readonly #changed: () => void;
  lines: readonly NoticeLine[] = [];
  isOpen = false;
  #readUpTo = 0;

  /** @param tellRead tells the host that a person has seen those up to one */
  constructor(tellRead: (upTo: number) => void, changed: () => void) {
    this.#tellRead = tellRead;
    this.#changed = changed;
  }

  /** Warnings that a person has not seen in the list. */
  get unread(): number {
    return this.lines.filter(({ number, isWarning }) => isWarning && number > this.#readUpTo).length;
  }

  received({ lines, readUpTo }: NoticesPush): void {
    this.lines = lines;
    this.#readUpTo = readUpTo;
    if (this.isOpen) this.#read();
  }

  open(isOpen: boolean): void {
    this.isOpen = isOpen;
    if (isOpen) this.#read();
    this.#changed();
  }

  /** Another tail is shown. */
  forget(): void {
    this.lines = [];
    this.isOpen = false;
  }

  #read(): void {
    const last = this.lines.at(-1)?.number ?? 0;
    if (last <= this.#readUpTo) return;
    this.#readUpTo = last;
    this.#tellRead(last);
  }
}
