import * as vscode from 'vscode';
import type { Tail } from '../broker/consume/tail.ts';
import type { Session } from '../broker/session.ts';
import { DisposableStore } from '../common/disposable.ts';
import { counted, formatCount, formatInteger } from '../common/format.ts';
import { fullId } from './commands/ids.ts';
import type { Connections } from './connections/connections.ts';
import { tooltipTable } from './explorer/tooltip.ts';
import { sourceName } from './output/sourceName.ts';
import { Rate } from './output/rate.ts';

const updateMs = 1_000;
/** A held count that is no longer true is drawn anew so soon. */
const soonMs = 100;

interface SessionTail {
  readonly session: Session;
  readonly tail: Tail;
}

/** How many tails run, what they hold and how fast they receive; hidden without tails. */
export class TailStatusBar implements vscode.Disposable {
  readonly #connections: Pick<Connections, 'all' | 'onDidChangeTails'>;
  readonly #item: vscode.StatusBarItem;
  readonly #store = new DisposableStore();
  readonly #rates = new WeakMap<Tail, Rate>();
  /** Tails that tell when what they hold may have changed. */
  readonly #watched = new WeakSet<Tail>();
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;
  #heldDrawn = 0;

  constructor(connections: Pick<Connections, 'all' | 'onDidChangeTails'>) {
    this.#connections = connections;
    this.#item = this.#store.add(vscode.window.createStatusBarItem('warren.tails', vscode.StatusBarAlignment.Left));
    this.#item.name = 'RabbitMQ Tails';
    this.#item.command = fullId('tail.show');
    this.#store.add(connections.onDidChangeTails(() => this.#update()));
    this.#store.add({ dispose: () => this.#clearTimers() });
    this.#update();
  }

  dispose(): void {
    this.#store.dispose();
  }

  /** Draws it, and comes again as long as there is a tail. */
  #update(): void {
    this.#clearTimers();
    const tails = this.#tails();
    for (const { tail } of tails) this.#watch(tail);
    if (tails.length === 0) {
      this.#item.hide();
      return;
    }
    this.#draw(tails);
    this.#timer = setTimeout(() => this.#update(), updateMs);
  }

  #tails(): SessionTail[] {
    return this.#connections.all().flatMap((session) => session.tails.map((tail) => ({ session, tail })));
  }

  #watch(tail: Tail): void {
    if (this.#watched.has(tail)) return;
    this.#watched.add(tail);
    const look = (): void => {
      if (this.#soon || heldBy(this.#tails()) === this.#heldDrawn) return;
      this.#soon = setTimeout(() => this.#update(), soonMs);
    };
    tail.onDidReceive(look);
    tail.onDidSettle(look);
  }

  #clearTimers(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#soon);
    this.#soon = undefined;
  }

  #draw(tails: readonly SessionTail[]): void {
    const held = heldBy(tails);
    this.#heldDrawn = held;
    const rates = tails.map(({ tail }) => this.#rateOf(tail));
    const rate = rates.reduce((sum, each) => sum + each, 0);
    const isInterrupted = tails.some(({ tail }) => tail.status.kind === 'interrupted');
    const count = counted(tails.length, 'tail');
    this.#item.text = `$(eye) ${count} · ${formatCount(held)} held · ${formatCount(rate)}/s`;
    const state = isInterrupted ? ', interrupted' : '';
    this.#item.accessibilityInformation = {
      label: `RabbitMQ: ${count}, ${held} messages held, ${rate} per second${state}`,
    };
    this.#item.backgroundColor = isInterrupted ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    this.#item.tooltip = tooltipTable(
      'RabbitMQ tails',
      tails.map(({ session, tail }, i) => [
        `${sourceName(tail.source)} on ${session.profile.name}`,
        describe(tail, rates[i] ?? 0),
      ]),
    );
    this.#item.show();
  }

  #rateOf(tail: Tail): number {
    const known = this.#rates.get(tail);
    const rate = known ?? new Rate();
    if (!known) this.#rates.set(tail, rate);
    return rate.update(tail.buffer.lastNumber, Date.now());
  }
}

function heldBy(tails: readonly SessionTail[]): number {
  return tails.reduce((sum, { tail }) => sum + heldIn(tail), 0);
}

/** What waits for a person. A running drain has always some on their way off the queue. */
function heldIn({ mode, status, heldCount }: Tail): number {
  return mode === 'drain' && status.kind === 'running' ? 0 : heldCount;
}

function describe(tail: Tail, rate: number): string {
  const held = heldIn(tail);
  const facts = [`${tail.mode}, ${tail.status.kind}`, `${formatInteger(tail.buffer.lastNumber)} received`];
  if (held > 0) facts.push(`${formatInteger(held)} held`);
  if (rate > 0) facts.push(`${formatCount(rate)}/s`);
  return facts.join(' · ');
}
