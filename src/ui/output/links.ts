import * as vscode from 'vscode';
import { fullId } from '../commands/ids.ts';
import { parseOmittedLine } from './format.ts';
import type { TailOutputs } from './tailOutputs.ts';

/** Lines looked at from the end: VS Code asks anew with every change of the text. */
const mostLines = 10_000;

/** The words under a cut body that open the whole of it. */
export class BodyLinks implements vscode.DocumentLinkProvider {
  readonly #outputs: TailOutputs;

  constructor(outputs: TailOutputs) {
    this.#outputs = outputs;
  }

  provideDocumentLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
    const output = this.#outputs.ofDocument(document.uri);
    if (!output || output.isFlooded) return [];
    const links: vscode.DocumentLink[] = [];
    const last = document.lineCount - 1;
    for (let line = last; line >= 0 && last - line < mostLines; line--) {
      const omitted = parseOmittedLine(document.lineAt(line).text);
      if (!omitted) continue;
      const range = new vscode.Range(line, omitted.start, line, omitted.end);
      const args = encodeURIComponent(JSON.stringify([output.id, omitted.number]));
      const link = new vscode.DocumentLink(range, vscode.Uri.parse(`command:${fullId('message.open')}?${args}`));
      link.tooltip = `Open the whole body of #${omitted.number}`;
      links.push(link);
    }
    return links;
  }
}
