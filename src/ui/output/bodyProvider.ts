import * as vscode from 'vscode';
import { bodyScheme } from './bodyUri.ts';

/** Shows messages as documents. One that an editor has kept open since its last start is answered for, too. */
export function registerBodies(load: () => Promise<vscode.TextDocumentContentProvider>): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  let provider: vscode.TextDocumentContentProvider | undefined;
  const registration = vscode.workspace.registerTextDocumentContentProvider(bodyScheme, {
    onDidChange: changed.event,
    provideTextDocumentContent: async (uri, token) => {
      const loaded = await load();
      if (provider !== loaded) loaded.onDidChange?.((changedUri) => changed.fire(changedUri));
      provider = loaded;
      return provider.provideTextDocumentContent(uri, token);
    },
  });
  return vscode.Disposable.from(registration, changed);
}
