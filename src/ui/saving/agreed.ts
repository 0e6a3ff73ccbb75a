import * as vscode from 'vscode';
import { counted } from '../../common/format.ts';
import type { PublishNotes } from './notes.ts';

/** Whether messages are to be published all the same, asked where there is something to be known of them. */
export async function agreed(notes: PublishNotes, question: string): Promise<boolean> {
  if (notes.isEmpty) return true;
  const { count, text } = notes;
  const button = `Publish ${counted(count, 'Message')}`;
  const buttons = count === 0 ? [] : [button];
  return (await vscode.window.showWarningMessage(question, { modal: true, detail: text }, ...buttons)) === button;
}
