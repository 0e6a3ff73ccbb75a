import * as vscode from 'vscode';
import type { MessageFile, MessageNode, Range } from '../../broker/messageFile/model.ts';
import { parseMessageFile } from '../../broker/messageFile/parse.ts';

/** The language of message files. */
export const messageFileLanguage = 'amqp';

const parsed = new WeakMap<vscode.TextDocument, { readonly version: number; readonly file: MessageFile }>();

/** The messages of a document, read anew when its text has changed. */
export function fileOf(document: vscode.TextDocument): MessageFile {
  const known = parsed.get(document);
  if (known?.version === document.version) return known.file;
  const file = parseMessageFile(document.getText());
  parsed.set(document, { version: document.version, file });
  return file;
}

/** The message that a position is in, or the next one. */
export function messageAt(document: vscode.TextDocument, position: vscode.Position): MessageNode | undefined {
  const offset = document.offsetAt(position);
  const { messages } = fileOf(document);
  const index = messages.findIndex(({ range }) => range.start > offset);
  const before = index < 0 ? messages.at(-1) : messages[index - 1];
  return before ?? messages[0];
}

export function toRange(document: vscode.TextDocument, { start, end }: Range): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}
