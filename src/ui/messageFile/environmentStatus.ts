import * as vscode from 'vscode';
import { DisposableStore } from '../../common/disposable.ts';
import { fullId } from '../commands/ids.ts';
import { chooseEnvironment, chosenEnvironment, environments } from '../config.ts';
import { plainLabel } from '../plainLabel.ts';
import { messageFileLanguage } from './parsedFiles.ts';

/** The environment whose variables a message file uses, in the status bar while one is in front and there are any. */
export class EnvironmentStatus implements vscode.Disposable {
  readonly #store = new DisposableStore();
  readonly #item: vscode.StatusBarItem;

  constructor() {
    this.#item = this.#store.add(
      vscode.window.createStatusBarItem('warren.environment', vscode.StatusBarAlignment.Right, 100),
    );
    this.#item.name = 'RabbitMQ Environment';
    this.#item.command = fullId('chooseEnvironment');
    const update = (): void => this.#update();
    this.#store.add(vscode.window.onDidChangeActiveTextEditor(update));
    this.#store.add(
      vscode.workspace.onDidChangeConfiguration((change) => change.affectsConfiguration('warren') && update()),
    );
    this.#store.add(vscode.workspace.onDidOpenTextDocument(update));
    update();
  }

  dispose(): void {
    this.#store.dispose();
  }

  #update(): void {
    const document = vscode.window.activeTextEditor?.document;
    const isOurs = document?.languageId === messageFileLanguage;
    const known = isOurs ? environments(document.uri) : undefined;
    if (!isOurs || !known || known.size === 0) {
      this.#item.hide();
      return;
    }
    const name = chosenEnvironment(document.uri);
    const isMissing = name !== '' && !known.has(name);
    this.#item.text = `$(symbol-variable) ${name === '' ? 'No environment' : plainLabel(name)}`;
    this.#item.backgroundColor = isMissing ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    this.#item.tooltip = isMissing
      ? `There is no environment ${name} in the settings`
      : 'The environment whose variables message files use';
    this.#item.accessibilityInformation = { label: `RabbitMQ environment: ${name === '' ? 'none' : name}` };
    this.#item.show();
  }
}

/** Asks for the environment whose variables are used. */
export async function pickEnvironment(): Promise<void> {
  const scope = vscode.window.activeTextEditor?.document.uri;
  const known = environments(scope);
  const chosen = chosenEnvironment(scope);
  const settings = { label: '$(gear) Edit Environments…', name: undefined };
  const items = [
    ...[...known].map(([name, variables]) => ({
      label: plainLabel(name),
      description: name === chosen ? 'chosen' : '',
      detail: [...variables.keys()].join(', '),
      name,
    })),
    ...(known.size > 0 ? [{ label: 'No environment', description: chosen === '' ? 'chosen' : '', name: '' }] : []),
    settings,
  ];
  const picked = await vscode.window.showQuickPick<vscode.QuickPickItem & { readonly name: string | undefined }>(
    items,
    {
      title: 'Environment of Message Files',
      placeHolder: known.size === 0 ? 'No environments are set' : 'Whose variables are used',
      matchOnDetail: true,
    },
  );
  if (!picked) return;
  if (picked.name !== undefined) await chooseEnvironment(picked.name, scope);
  else await vscode.commands.executeCommand('workbench.action.openSettings', 'warren.environments');
}
