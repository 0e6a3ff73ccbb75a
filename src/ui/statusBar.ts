import * as vscode from 'vscode';
import type { Tail } from '../broker/consume/tail.ts';
import type { Session } from '../broker/session.ts';
import { DisposableStore } from '../common/disposable.ts';
import { formatCount, formatInteger } from '../common/format.ts';
import { fullId } from './commands/ids.ts';
import type { Connections } from './connections.ts';
import { tooltipTable } from './explorer/tooltip.ts';
import { Rate } from './output/rate.ts';

const updateMs = 1_000;

/** How many tails run, what they hold and how fast they receive; hidden without tails. */
export class TailStatusBar implements vscode.Disposable {
  readonly #connections: Pick<Connections, 'all' | 'onDidChangeTails'>;
  readonly #item: vscode.StatusBarItem;
  readonly #store = new DisposableStore();
  readonly #rates = new WeakMap<Tail, Rate>();
  #timer: NodeJS.Timeout | undefined;

  constructor(connections: Pick<Connections, 'all' | 'onDidChangeTails'>) {
    this.#connections = connections;
    this.#item = this.#store.add(vscode.window.createStatusBarItem('warren.tails', vscode.StatusBarAlignment.Left));
    this.#item.name = 'RabbitMQ Tails';
    this.#item.command = fullId('tail.show');
    this.#store.add(connections.onDidChangeTails(() => this.#update()));
    this.#store.add({ dispose: () => clearTimeout(this.#timer) });
    this.#update();
  }

  dispose(): void {
    this.#store.dispose();
  }

  /** Draws it, and comes again as long as there is a tail. */
  #update(): void {
    clearTimeout(this.#timer);
    const tails = this.#connections.all().flatMap((session) => session.tails.map((tail) => ({ session, tail })));
    if (tails.length === 0) {
      this.#item.hide();
      return;
    }
    this.#draw(tails);
    this.#timer = setTimeout(() => this.#update(), updateMs);
  }

  #draw(tails: readonly { readonly session: Session; readonly tail: Tail }[]): void {
    const held = tails.reduce((sum, { tail }) => sum + tail.heldCount, 0);
    const rates = tails.map(({ tail }) => this.#rateOf(tail));
    const rate = rates.reduce((sum, each) => sum + each, 0);
    const isInterrupted = tails.some(({ tail }) => tail.status.kind === 'interrupted');
    const count = tails.length === 1 ? '1 tail' : `${tails.length} tails`;
    this.#item.text = `$(eye) ${count} · ${formatCount(held)} held · ${formatCount(rate)}/s`;
    const state = isInterrupted ? ', interrupted' : '';
    this.#item.accessibilityInformation = {
      label: `RabbitMQ: ${count}, ${held} messages held, ${rate} per second${state}`,
    };
    this.#item.backgroundColor = isInterrupted ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    this.#item.tooltip = tooltipTable(
      'RabbitMQ tails',
      tails.map(({ session, tail }, i) => [
        `${tail.options.queue} on ${session.profile.name}`,
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

function describe(tail: Tail, rate: number): string {
  const held = tail.heldCount;
  const facts = [`${tail.options.mode}, ${tail.status.kind}`, `${formatInteger(tail.buffer.lastNumber)} received`];
  if (held > 0) facts.push(`${formatInteger(held)} held`);
  if (rate > 0) facts.push(`${formatCount(rate)}/s`);
  return facts.join(' · ');
}
