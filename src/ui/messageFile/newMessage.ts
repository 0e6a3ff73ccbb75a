import * as vscode from 'vscode';
import { printField, printTarget } from '../../broker/messageFile/print.ts';
import type { PropertyName } from '../../broker/messageFile/properties.ts';
import { literal } from '../../broker/messageFile/template.ts';
import type { PublishTarget } from '../publish/target.ts';
import { messageFileLanguage } from './parsedFiles.ts';

/** Opens an untitled message file for a target, with the cursor in its body. */
export async function openNewMessage(
  { exchange, routingKey }: PublishTarget,
  connection: string | undefined,
  properties: Readonly<Partial<Record<PropertyName, string>>> = {},
): Promise<void> {
  const target = printTarget({ exchange: literal(exchange), routingKey: literal(routingKey) });
  const lines = [
    target,
    ...(connection === undefined ? [] : [printField({ kind: 'connection', value: literal(connection) })]),
    ...Object.entries(properties).map(([name, value]) =>
      printField({ kind: 'property', name: name as PropertyName, value: literal(value) }),
    ),
    'content-type: application/json',
    'delivery-mode: persistent',
    'message-id: {{$uuid}}',
    'timestamp: {{$timestamp}}',
    '',
    '{',
    '  ',
    '}',
    '',
  ];
  const document = await vscode.workspace.openTextDocument({
    language: messageFileLanguage,
    content: lines.join('\n'),
  });
  const editor = await vscode.window.showTextDocument(document);
  const position = new vscode.Position(lines.length - 3, 2);
  editor.selection = new vscode.Selection(position, position);
}
