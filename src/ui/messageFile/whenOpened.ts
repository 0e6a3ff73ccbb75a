import * as vscode from 'vscode';

/** The language of message files; not of `parsedFiles.ts`, which an activation need not load. */
const languageId = 'amqp';

/** Calls `load` when the first message file is open, now or later. */
export function whenMessageFileOpens(load: () => void): vscode.Disposable {
  if (vscode.workspace.textDocuments.some(isOurs)) {
    load();
    return { dispose: () => {} };
  }
  const waiting = vscode.workspace.onDidOpenTextDocument((document) => {
    if (!isOurs(document)) return;
    waiting.dispose();
    load();
  });
  return waiting;
}

function isOurs(document: vscode.TextDocument): boolean {
  return document.languageId === languageId;
}
