import * as vscode from 'vscode';
import { fullId, type CommandId } from '../commands/ids.ts';
import { parseDecoderLine, parseHeaderLine, parseOmittedLine } from './format.ts';
import type { TailOutputs } from './tailOutputs.ts';

/** Lines looked at from the end: VS Code asks anew with every change of the text. */
const mostLines = 10_000;

/** The words under a cut body that open the whole of it, and those above one that needs a schema. */
export class BodyLinks implements vscode.DocumentLinkProvider {
  readonly #outputs: TailOutputs;

  constructor(outputs: TailOutputs) {
    this.#outputs = outputs;
  }

  provideDocumentLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
    const output = this.#outputs.ofDocument(document.uri);
    if (!output || output.isFlooded) return [];
    const links: vscode.DocumentLink[] = [];
    /** Words that are about the message whose header line is still to come. */
    let words: vscode.Range | undefined;
    const last = document.lineCount - 1;
    for (let line = last; line >= 0 && last - line < mostLines; line--) {
      const { text } = document.lineAt(line);
      const omitted = parseOmittedLine(text);
      if (omitted) {
        const range = new vscode.Range(line, omitted.start, line, omitted.end);
        links.push(
          linkTo('message.open', `Open the whole body of #${omitted.number}`, range, output.id, omitted.number),
        );
      }
      const decoder = parseDecoderLine(text);
      if (decoder) words = new vscode.Range(line, decoder.start, line, decoder.end);
      const header = words && parseHeaderLine(text);
      if (!words || !header) continue;
      links.push(linkTo('chooseDecoder', 'Choose how such bodies are read', words, output.id, header.number));
      words = undefined;
    }
    return links;
  }
}

function linkTo(
  command: CommandId,
  tooltip: string,
  range: vscode.Range,
  ...args: readonly (string | number)[]
): vscode.DocumentLink {
  const uri = vscode.Uri.parse(`command:${fullId(command)}?${encodeURIComponent(JSON.stringify(args))}`);
  const link = new vscode.DocumentLink(range, uri);
  link.tooltip = tooltip;
  return link;
}
