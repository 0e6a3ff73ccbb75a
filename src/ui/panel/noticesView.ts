import type { Clock } from '../../common/clock.ts';
import type { Disposable } from '../../common/disposable.ts';
import { visibleLine } from '../../common/visibleText.ts';
import type { NoticesPush } from '../../protocol/messages.ts';
import { formatTime } from '../output/format.ts';
import type { Notices } from '../output/notices.ts';

/** Many that come at once are pushed together after so long, in milliseconds. */
const pushMs = 100;
/** What a broker says of itself may be long; in UTF-16 units. */
const longestText = 2_000;

interface NoticesViewParts {
  readonly notices: Notices;
  readonly clock: Clock;
  readonly push: (notices: NoticesPush) => void;
}

/** What was said of a tail as the webview sees it. */
export class NoticesView implements Disposable {
  readonly #parts: NoticesViewParts;
  readonly #subscription: Disposable;
  #timer: Disposable | undefined;

  constructor(parts: NoticesViewParts) {
    this.#parts = parts;
    this.#subscription = parts.notices.onDidChange(() => this.pushSoon());
    this.pushSoon();
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#timer?.dispose();
  }

  /** Tells all that is kept: there is more of it, or the webview has come up once more and knows nothing. */
  pushSoon(): void {
    this.#timer ??= this.#parts.clock.setTimeout(() => {
      this.#timer = undefined;
      const { all, readUpTo } = this.#parts.notices;
      const lines = all.map(({ number, time, text, isWarning }) => {
        return { number, time: formatTime(time), text: visibleLine(text.slice(0, longestText)), isWarning };
      });
      this.#parts.push({ kind: 'notices', lines, readUpTo });
    }, pushMs);
  }
}
