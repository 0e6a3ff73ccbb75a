import * as vscode from 'vscode';
import { systemClock } from '../../common/clock.ts';
import { DisposableStore } from '../../common/disposable.ts';
import { fullId } from '../commands/ids.ts';
import type { Connections } from '../connections/connections.ts';
import { setContextKey } from '../contextKeys.ts';
import { shownState } from '../output/shownTail.ts';
import type { TailOutput } from '../output/tailOutput.ts';
import type { TailOutputs } from '../output/tailOutputs.ts';
import { messagesHtml, webviewRoot } from './html.ts';
import type { MessagesPanel } from './messagesPanel.ts';
import { messagesViewId } from './viewId.ts';

const layoutKey = 'warren.messagesLayout';

/**
 * The Messages panel's place in VS Code: which tail is shown there, whether the panel is open or not. What it is made of is
 * loaded when it is first opened.
 */
export class MessagesView implements vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #outputs: TailOutputs;
  readonly #connections: Pick<Connections, 'all' | 'onDidChange'>;
  readonly #store = new DisposableStore();
  readonly #known = new Set<TailOutput>();
  #current: TailOutput | undefined;
  #view: vscode.WebviewView | undefined;
  #panel: MessagesPanel | undefined;

  constructor(
    context: vscode.ExtensionContext,
    outputs: TailOutputs,
    connections: Pick<Connections, 'all' | 'onDidChange'>,
  ) {
    this.#context = context;
    this.#outputs = outputs;
    this.#connections = connections;
    this.#store.add(outputs.onDidChange((output) => this.#tailChanged(output)));
    this.#store.add(connections.onDidChange(() => this.#panel?.tellTails()));
    this.#store.add({ dispose: () => this.#panel?.dispose() });
    this.#publish();
  }

  dispose(): void {
    this.#store.dispose();
  }

  /** Whether a person sees it. */
  get isVisible(): boolean {
    return this.#view?.visible === true;
  }

  /** The tail that is shown, or would be if the panel were opened. */
  get current(): TailOutput | undefined {
    return this.#current;
  }

  /** What is done in the panel while it is open. */
  get panel(): MessagesPanel | undefined {
    return this.#panel;
  }

  /** Opens the panel, on a tail if one is given. */
  async show(output: TailOutput | undefined): Promise<void> {
    if (output) this.#select(output);
    await vscode.commands.executeCommand(`${messagesViewId}.focus`);
  }

  /** Shows a tail here if the panel is in view, else in the Output panel. */
  reveal(output: TailOutput): void {
    if (this.isVisible) this.#select(output);
    else output.channel.show(true);
  }

  /** Fills the view, which VS Code has made. */
  async resolve(view: vscode.WebviewView): Promise<void> {
    const { extensionUri, globalState } = this.#context;
    this.#view = view;
    view.webview.options = { enableScripts: true, localResourceRoots: [webviewRoot(extensionUri)] };
    view.onDidDispose(() => {
      // Moved elsewhere, it is made anew, and that may come first.
      if (this.#view !== view) return;
      this.#panel?.dispose();
      this.#panel = undefined;
      this.#view = undefined;
    });
    const { MessagesPanel: Panel } = await import('./messagesPanel.ts');
    if (this.#view !== view) return;
    this.#panel?.dispose();
    this.#panel = new Panel({
      webview: view.webview,
      tails: this.#outputs,
      hasConnections: () => this.#connections.all().length > 0,
      clock: systemClock,
      layout: {
        get: () => globalState.get(layoutKey, ''),
        set: (layout) => void globalState.update(layoutKey, layout),
      },
      run: (command, ...args) => Promise.resolve(vscode.commands.executeCommand(fullId(command), ...args)),
      copy: (text) => Promise.resolve(vscode.env.clipboard.writeText(text)),
      showed: (output) => this.#showed(output),
    });
    this.#panel.show(this.#current);
    view.webview.html = messagesHtml(view.webview, extensionUri);
  }

  /** A tail that is new here is the one to look at. */
  #tailChanged(output: TailOutput): void {
    const all = this.#outputs.all();
    if (!this.#known.has(output) && all.includes(output)) this.#select(output);
    for (const known of this.#known) if (!all.includes(known)) this.#known.delete(known);
    for (const each of all) this.#known.add(each);
    if (this.#current && !all.includes(this.#current)) this.#select(all.at(-1));
    this.#panel?.tellTails();
    this.#publish();
  }

  #select(output: TailOutput | undefined): void {
    this.#current = output;
    this.#panel?.show(output);
    this.#publish();
  }

  /** The webview has asked for another one. */
  #showed(output: TailOutput | undefined): void {
    this.#current = output;
    this.#publish();
  }

  #publish(): void {
    const tail = this.#current?.tail;
    setContextKey('warren.panelTail', tail ? shownState(tail.status.kind) : '');
    setContextKey('warren.panelTailMode', tail?.mode ?? '');
  }
}
