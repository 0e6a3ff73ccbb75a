import * as vscode from 'vscode';
import { messagesViewId } from './viewId.ts';

/** Fills the Messages panel when it is first opened; it may have stayed open since the last start. */
export function registerMessages(
  load: () => Promise<{ resolve(view: vscode.WebviewView): Promise<void> }>,
): vscode.Disposable {
  return vscode.window.registerWebviewViewProvider(messagesViewId, {
    resolveWebviewView: async (view) => (await load()).resolve(view),
  });
}
