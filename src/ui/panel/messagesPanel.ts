import type * as vscode from 'vscode';
import type { Clock } from '../../common/clock.ts';
import { DisposableStore, type Disposable } from '../../common/disposable.ts';
import { toAppError } from '../../common/errors.ts';
import { formatInteger } from '../../common/format.ts';
import { visibleName } from '../../common/visibleText.ts';
import { answer, type Answers } from '../../protocol/answer.ts';
import {
  aboutNoTail,
  fromWebview,
  type Button,
  type FromHost,
  type FromWebview,
  type Reply,
  type TailChoice,
} from '../../protocol/messages.ts';
import type { CommandId } from '../commands/ids.ts';
import { errorText } from '../errorText.ts';
import type { TailOutput } from '../output/tailOutput.ts';
import { answers } from './answers.ts';
import { NoticesView } from './noticesView.ts';
import { TailView } from './tailView.ts';

/** What the panel is made of. */
export interface PanelParts {
  readonly webview: Pick<vscode.Webview, 'postMessage' | 'onDidReceiveMessage'>;
  readonly tails: { all(): readonly TailOutput[]; get(id: unknown): TailOutput | undefined };
  readonly hasConnections: () => boolean;
  readonly clock: Clock;
  /** How the webview is laid out, which it tells when it changes. */
  readonly layout: { get(): string; set(layout: string): void };
  /** Runs a command of ours. */
  readonly run: (command: CommandId, ...args: readonly unknown[]) => Promise<unknown>;
  readonly copy: (text: string) => Promise<void>;
  /** Another tail is shown, or none. */
  readonly showed: (tail: TailOutput | undefined) => void;
}

const buttonCommands = { resume: 'tail.resume', again: 'tail.again' } as const;

/** The Messages panel while it is open: shows one tail in one webview. */
export class MessagesPanel implements Disposable {
  readonly #parts: PanelParts;
  readonly #answers: Answers;
  readonly #store = new DisposableStore();
  #isReady = false;
  #current: TailOutput | undefined;
  #view: TailView | undefined;
  #notices: NoticesView | undefined;
  /** As it was told last. */
  #told = '';

  constructor(parts: PanelParts) {
    this.#parts = parts;
    this.#answers = answers(this, parts);
    this.#store.add(parts.webview.onDidReceiveMessage((message: unknown) => void this.#received(message)));
  }

  dispose(): void {
    this.#store.dispose();
    this.#close();
  }

  /** The tail that is shown. */
  get current(): TailOutput | undefined {
    return this.#current;
  }

  get view(): TailView | undefined {
    return this.#view;
  }

  /** Shows another tail, or none. */
  show(output: TailOutput | undefined): void {
    if (output !== this.#current) {
      this.#close();
      this.#current = output;
      if (output && this.#isReady) this.#open(output);
      this.#parts.showed(output);
    }
    this.tellTails();
  }

  /**
   * Acks a message, and has the next held one selected when it is there.
   * @param number the selected one unless given; the oldest held one if that is not held
   * @returns how many were acked
   */
  async step(number: number | undefined): Promise<number> {
    const view = this.#view;
    const target = view?.toStep(number ?? view.selected()[0]);
    if (!view || target === undefined) return 0;
    await this.#parts.run('message.ack', this.#current?.id, target);
    view.stepped(target);
    return 1;
  }

  /** Does what a button stands for. */
  async press(button: Button): Promise<void> {
    const id = this.#current?.id;
    const { run } = this.#parts;
    switch (button) {
      case 'tailQueue':
      case 'addConnection':
        return void run(button);
      default:
        return void run(buttonCommands[button], id);
    }
  }

  /** Tells the webview which tails there are, if that has changed. */
  tellTails(): void {
    if (!this.#isReady) return;
    const tails = this.#parts.tails.all().map(choiceOf).toReversed();
    const push = {
      kind: 'tails',
      tails,
      current: this.#current?.id,
      hasConnections: this.#parts.hasConnections(),
      layout: this.#parts.layout.get(),
    } as const;
    const told = JSON.stringify({ ...push, layout: '' });
    if (told === this.#told) return;
    this.#told = told;
    this.#post(push);
  }

  async #received(raw: unknown): Promise<void> {
    const message = fromWebview(raw);
    switch (message?.kind) {
      case 'ready':
        return this.#begin();
      case 'seen':
        return this.#view?.seen(message.seq);
      case 'request':
        return this.#post(await this.#answer(message));
      case undefined:
        // Not from our script.
        return undefined;
    }
  }

  /** A number that was meant for one tail must not settle a message of the tail that is shown since. */
  #answer(request: Extract<FromWebview, { kind: 'request' }>): Promise<Reply> {
    const { id, name, about } = request;
    if (about === this.#current?.id || aboutNoTail.includes(name)) {
      return answer(this.#answers, request, (error) => errorText(toAppError(error)));
    }
    return Promise.resolve({ kind: 'reply', id, error: 'Another tail is shown now.' });
  }

  /** The webview has come up, perhaps once more: it knows nothing. */
  #begin(): void {
    this.#isReady = true;
    this.#told = '';
    this.tellTails();
    this.#notices?.pushSoon();
    if (this.#view) this.#view.restart();
    else if (this.#current) this.#open(this.#current);
  }

  #open({ tail, bodies, notices }: TailOutput): void {
    const { clock } = this.#parts;
    const push = (what: FromHost): void => this.#post(what);
    this.#view = new TailView({ tail, bodies, clock, push });
    this.#notices = new NoticesView({ notices, clock, push });
  }

  #close(): void {
    this.#view?.dispose();
    this.#view = undefined;
    this.#notices?.dispose();
    this.#notices = undefined;
  }

  #post(message: FromHost): void {
    void this.#parts.webview.postMessage(message);
  }
}

function choiceOf({ id, subject, session, tail }: TailOutput): TailChoice {
  const { kind } = tail.status;
  const state = kind === 'running' || kind === 'starting' ? '' : ` · ${kind}`;
  const received = kind === 'ended' ? ` · ${formatInteger(tail.buffer.lastNumber)} received` : '';
  return {
    id,
    label: visibleName(subject),
    description: `${visibleName(session.profile.name)} · ${tail.mode}${state}${received}`,
  };
}
