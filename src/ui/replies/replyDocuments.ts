import * as vscode from 'vscode';
import { literalMessage } from '../../broker/messageFile/literal.ts';
import { printMessageFile } from '../../broker/messageFile/print.ts';
import type { Message } from '../../broker/message/message.ts';
import { decodeBody } from '../../broker/message/decode.ts';
import { visibleName } from '../../common/visibleText.ts';
import { messageFileLanguage } from '../messageFile/parsedFiles.ts';

/** Of documents that are replies. */
export const replyScheme = 'warren-reply';

/** The newest that can still be read. */
const mostReplies = 20;

/** Replies as read-only documents, written as a message file is: with all that came with the body. */
export class ReplyDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #texts = new Map<string, string>();
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(replyScheme, this);
  #count = 0;

  provideTextDocumentContent({ query }: vscode.Uri): string {
    return this.#texts.get(query) ?? 'This reply is not kept any more.\n';
  }

  /** Opens a reply beside its request, which keeps the focus. @param to what was asked, for people */
  async show(reply: Message, to: string, afterMs: number): Promise<void> {
    const id = String(++this.#count);
    this.#texts.set(id, replyText(reply, to, afterMs));
    const [oldest] = this.#texts.keys();
    if (this.#texts.size > mostReplies && oldest !== undefined) this.#texts.delete(oldest);
    const name = visibleName(to).replaceAll('/', '∕');
    const uri = vscode.Uri.from({ scheme: replyScheme, path: `/Reply ${id} of ${name}.amqp`, query: id });
    const document = await vscode.workspace.openTextDocument(uri);
    if (document.languageId !== messageFileLanguage) {
      await vscode.languages.setTextDocumentLanguage(document, messageFileLanguage);
    }
    const viewColumn = vscode.ViewColumn.Beside;
    await vscode.window.showTextDocument(document, { viewColumn, preserveFocus: true, preview: true });
  }

  dispose(): void {
    this.#registration.dispose();
  }
}

function replyText(reply: Message, to: string, afterMs: number): string {
  const head = `# Reply of ${visibleName(to)} after ${Math.round(afterMs)} ms\n`;
  try {
    return head + printMessageFile({ messages: [literalMessage(reply)] });
  } catch {
    // A header that no message file can carry must not hide the body, of which none is to be read as a message.
    const { text } = decodeBody(reply.content, reply.properties);
    return `${head}# Its headers cannot be written here.\n\n${text.replaceAll(/^/gm, '# ')}\n`;
  }
}
