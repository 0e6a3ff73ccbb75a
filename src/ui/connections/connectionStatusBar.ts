import * as vscode from 'vscode';
import type { ConnectionState } from '../../broker/connection/state.ts';
import type { Session } from '../../broker/session.ts';
import { DisposableStore } from '../../common/disposable.ts';
import type { Connections } from './connections.ts';
import { stateIcon, stateWords } from './connectionWords.ts';
import { errorText } from '../errorText.ts';
import { tooltipTable } from '../explorer/tooltip.ts';
import { plainLabel } from '../plainLabel.ts';

/** The worst first. Connections that nobody asked for are not shown. */
const worstFirst = ['failed', 'blocked', 'waiting', 'connecting', 'open'] as const;

/** The connection that needs attention most, or how many are open; hidden when none was asked for. */
export class ConnectionStatusBar implements vscode.Disposable {
  readonly #connections: Pick<Connections, 'all' | 'onDidChange'>;
  readonly #item: vscode.StatusBarItem;
  readonly #store = new DisposableStore();
  #shown = '';

  constructor(connections: Pick<Connections, 'all' | 'onDidChange'>) {
    this.#connections = connections;
    const { Left } = vscode.StatusBarAlignment;
    this.#item = this.#store.add(vscode.window.createStatusBarItem('warren.connections', Left, 1));
    this.#item.name = 'RabbitMQ Connections';
    this.#item.command = 'warren.explorer.focus';
    this.#store.add(connections.onDidChange(() => this.#update()));
    this.#update();
  }

  dispose(): void {
    this.#store.dispose();
  }

  #update(): void {
    const sessions = this.#connections.all();
    const shown = barText(sessions);
    // Counts of queues change every few seconds, and nothing here with them.
    const looks = JSON.stringify([shown, sessions.map(facts)]);
    if (looks === this.#shown) return;
    this.#shown = looks;
    if (!shown) {
      this.#item.hide();
      return;
    }
    const { text, kind } = shown;
    this.#item.text = text;
    this.#item.accessibilityInformation = { label: `RabbitMQ: ${text.replace(/^\$\(.*?\) /, '')}` };
    this.#item.backgroundColor = background(kind);
    this.#item.tooltip = tooltipTable('RabbitMQ connections', sessions.map(facts));
    this.#item.show();
  }
}

interface BarText {
  readonly text: string;
  readonly kind: ConnectionState['kind'];
}

function barText(sessions: readonly Session[]): BarText | undefined {
  const ofKind = (kind: string): Session[] => sessions.filter(({ state }) => state.kind === kind);
  const kind = worstFirst.find((each) => ofKind(each).length > 0);
  if (kind === undefined) return undefined;
  const [first, ...others] = ofKind(kind);
  if (!first) return undefined;
  const { id } = stateIcon(kind);
  if (kind === 'open') {
    const names = others.length === 0 ? plainLabel(first.profile.name) : `${others.length + 1} connections`;
    return { kind, text: `$(plug) ${names}` };
  }
  const more = others.length === 0 ? '' : ` (+${others.length})`;
  return { kind, text: `$(${id}) ${plainLabel(first.profile.name)}: ${stateWords(first.state)}${more}` };
}

function background(kind: ConnectionState['kind']): vscode.ThemeColor | undefined {
  if (kind === 'failed') return new vscode.ThemeColor('statusBarItem.errorBackground');
  return kind === 'blocked' || kind === 'waiting'
    ? new vscode.ThemeColor('statusBarItem.warningBackground')
    : undefined;
}

function facts({ profile, state }: Session): [string, string] {
  const words = stateWords(state) || 'connected';
  return [profile.name, 'error' in state ? `${words}. ${errorText(state.error)}` : words];
}
