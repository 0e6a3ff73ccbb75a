import * as vscode from 'vscode';
import { findLocalBroker, type LocalBroker } from './findLocalBroker.ts';
import { startItems, type Start, type StartFacts, type StartItem } from './startItems.ts';

/**
 * Asks how to add a connection. A broker on this machine joins the list when it has answered.
 * @returns undefined when the person escaped
 */
export async function pickStart(title: string, unsaved: StartFacts['unsaved']): Promise<Start | undefined> {
  const picker = vscode.window.createQuickPick<StartItem & vscode.QuickPickItem>();
  picker.title = title;
  picker.placeholder = 'Type or paste an AMQP URI, or choose';
  picker.ignoreFocusOut = true;
  let found: LocalBroker | undefined;
  const show = (): void => {
    picker.items = startItems({ text: picker.value, found, unsaved, remoteName: vscode.env.remoteName });
  };
  show();
  picker.busy = true;
  const stop = new AbortController();
  const look = async (): Promise<void> => {
    found = await findLocalBroker(stop.signal);
    if (stop.signal.aborted) return;
    picker.busy = false;
    if (found) show();
  };
  void look();
  try {
    return await new Promise<Start | undefined>((resolve) => {
      picker.onDidChangeValue(show);
      picker.onDidAccept(() => {
        const start = picker.selectedItems[0]?.start;
        if (start) resolve(start);
      });
      picker.onDidHide(() => resolve(undefined));
      picker.show();
    });
  } finally {
    stop.abort();
    picker.dispose();
  }
}
