import * as vscode from 'vscode';
import { bodyScheme } from './bodyUri.ts';

/** Shows messages as documents. One that an editor has kept open since its last start is answered for, too. */
export function registerBodies(load: () => Promise<vscode.TextDocumentContentProvider>): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(bodyScheme, {
    provideTextDocumentContent: async (uri, token) => (await load()).provideTextDocumentContent(uri, token),
  });
}
