import * as vscode from 'vscode';
import { literalText } from '../../broker/messageFile/template.ts';
import { fileOf, toRange } from './parsedFiles.ts';
import { bodyUriOf } from './publishing.ts';

/** The files that bodies are taken from. */
export function provideDocumentLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
  return fileOf(document).messages.flatMap(({ body, bodyRange }) => {
    const path = body.kind === 'file' ? literalText(body.path) : undefined;
    if (path === undefined || path === '') return [];
    const [mark = ''] = /^<@?[ \t]+/.exec(document.getText(toRange(document, bodyRange))) ?? [];
    const range = toRange(document, { start: bodyRange.start + mark.length, end: bodyRange.end });
    return [new vscode.DocumentLink(range, bodyUriOf(document, path))];
  });
}
