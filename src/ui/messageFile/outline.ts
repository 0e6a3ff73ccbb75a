import * as vscode from 'vscode';
import type { MessageNode } from '../../broker/messageFile/model.ts';
import { printField, printTarget } from '../../broker/messageFile/print.ts';
import { fileOf, toRange } from './parsedFiles.ts';

/** Messages by their names, each with the lines of its head, for the outline and the breadcrumbs. */
export function provideDocumentSymbols(document: vscode.TextDocument): vscode.DocumentSymbol[] {
  return fileOf(document).messages.map((message) => {
    const symbol = new vscode.DocumentSymbol(
      titleOf(message),
      message.name === undefined || !message.target ? '' : printTarget(message.target),
      vscode.SymbolKind.Event,
      toRange(document, message.range),
      toRange(document, message.target?.range ?? message.head),
    );
    symbol.children = message.fields.map((field) => {
      const kind = field.kind === 'header' ? vscode.SymbolKind.Field : vscode.SymbolKind.Property;
      const range = toRange(document, field.range);
      const name = document.getText(toRange(document, field.nameRange));
      return new vscode.DocumentSymbol(
        name,
        printField(field).slice(name.length + 2, name.length + 82),
        kind,
        range,
        range,
      );
    });
    return symbol;
  });
}

function titleOf({ name, target }: MessageNode): string {
  return name ?? (target ? printTarget(target) : '(no target)');
}

/** A message, and its body. */
export function provideFoldingRanges(document: vscode.TextDocument): vscode.FoldingRange[] {
  return fileOf(document).messages.flatMap(({ range, bodyRange }) => {
    const [start, end] = [document.positionAt(range.start).line, document.positionAt(range.end).line];
    const body = document.positionAt(bodyRange.start).line;
    return [
      ...(end > start ? [new vscode.FoldingRange(start, end)] : []),
      ...(bodyRange.end > bodyRange.start && end > body ? [new vscode.FoldingRange(body, end)] : []),
    ];
  });
}
