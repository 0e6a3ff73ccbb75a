import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** Where what the webview may load is. */
export function webviewRoot(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
}

/** The document of the Messages panel: it may load one script and one style sheet, and nothing else. */
export function messagesHtml(webview: vscode.Webview, extensionUri: vscode.Uri): string {
  const nonce = randomBytes(16).toString('base64');
  const uriOf = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(webviewRoot(extensionUri), name)).toString();
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>RabbitMQ Messages</title>
<link rel="stylesheet" href="${uriOf('messages.css')}">
</head>
<body>
<main id="messages"></main>
<script nonce="${nonce}" src="${uriOf('messages.js')}"></script>
</body>
</html>`;
}
