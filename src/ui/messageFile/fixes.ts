import * as vscode from 'vscode';
import type { ProblemCode } from '../../broker/messageFile/model.ts';
import { printQuoted } from '../../broker/messageFile/quoted.ts';
import { literal } from '../../broker/messageFile/template.ts';
import { fullId } from '../commands/ids.ts';
import { chosenVariables } from '../config.ts';
import { plainLabel } from '../plainLabel.ts';
import type { ActiveConnection } from './activeConnection.ts';
import { missingQueue } from './diagnostics.ts';
import { routedMessage } from './liveMessage.ts';
import { fileOf, messageAt } from './parsedFiles.ts';

/** What can be done about a problem at once. */
export class MessageFixes implements vscode.CodeActionProvider {
  readonly #active: ActiveConnection;

  constructor(active: ActiveConnection) {
    this.#active = active;
  }

  provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    context: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    return context.diagnostics.flatMap((diagnostic) => {
      if (diagnostic.source !== 'RabbitMQ') return [];
      if (diagnostic.code === ('unknownName' satisfies ProblemCode)) return [asHeader(document, diagnostic)];
      return diagnostic.code === missingQueue ? this.#declare(document, diagnostic) : [];
    });
  }

  #declare(document: vscode.TextDocument, diagnostic: vscode.Diagnostic): vscode.CodeAction[] {
    const message = messageAt(document, diagnostic.range.start);
    const session = message && this.#active.ofMessage(document, message);
    const routed = message && routedMessage(fileOf(document), message, chosenVariables(document.uri));
    if (!session || !routed) return [];
    const name = routed.routingKey;
    const title = `Declare queue ${plainLabel(name)}…`;
    const action = fix(title, diagnostic);
    action.command = { title, command: fullId('declareQueue'), arguments: [{ session, name }] };
    return [action];
  }
}

function asHeader(document: vscode.TextDocument, diagnostic: vscode.Diagnostic): vscode.CodeAction {
  const name = document.getText(diagnostic.range);
  const action = fix(`Send ${plainLabel(name)} as a header`, diagnostic);
  action.edit = new vscode.WorkspaceEdit();
  action.edit.replace(document.uri, diagnostic.range, printQuoted(literal(name)));
  return action;
}

function fix(title: string, diagnostic: vscode.Diagnostic): vscode.CodeAction {
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.diagnostics = [diagnostic];
  return action;
}
