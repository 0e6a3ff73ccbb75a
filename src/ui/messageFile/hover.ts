import * as vscode from 'vscode';
import type { FieldNode, MessageFile, MessageNode, Range, Reference } from '../../broker/messageFile/model.ts';
import { ownVariables } from '../../broker/messageFile/ownVariables.ts';
import { propertyHelp } from '../../broker/messageFile/properties.ts';
import { templatesOf } from '../../broker/messageFile/resolve.ts';
import { printTemplate } from '../../broker/messageFile/template.ts';
import { visibleName } from '../../common/visibleText.ts';
import { chosenEnvironment, chosenVariables } from '../config.ts';
import type { ActiveConnection } from './activeConnection.ts';
import { routedMessage } from './liveMessage.ts';
import type { LiveTopology } from './liveTopology.ts';
import { fileOf, messageAt, toRange } from './parsedFiles.ts';
import { targetState } from './targetState.ts';

/** The live state of a target, and what a property or the type of a header means. */
export class MessageHover implements vscode.HoverProvider {
  readonly #active: ActiveConnection;
  readonly #topology: LiveTopology;

  constructor(active: ActiveConnection, topology: LiveTopology) {
    this.#active = active;
    this.#topology = topology;
  }

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const message = messageAt(document, position);
    const offset = document.offsetAt(position);
    const isIn = ({ start, end }: Range): boolean => offset >= start && offset <= end;
    const reference = referenceAt(fileOf(document), offset);
    if (reference) return new vscode.Hover(aboutReference(document, reference), toRange(document, reference.range));
    if (!message) return undefined;
    if (message.target && isIn(message.target.range)) {
      const text = this.#aboutTarget(document, message);
      return text === undefined ? undefined : new vscode.Hover(text, toRange(document, message.target.range));
    }
    const field = message.fields.find(({ range }) => isIn(range));
    return field && new vscode.Hover(aboutField(field), toRange(document, field.range));
  }

  #aboutTarget(document: vscode.TextDocument, message: MessageNode): vscode.MarkdownString | undefined {
    const session = this.#active.ofMessage(document, message);
    const routed = routedMessage(fileOf(document), message, chosenVariables(document.uri));
    if (!routed) return undefined;
    const { exchange, routingKey } = routed;
    const text = new vscode.MarkdownString();
    text
      .appendMarkdown('**')
      .appendText(visibleName(exchange === '' ? routingKey : exchange))
      .appendMarkdown('**');
    if (!session?.isOpen) {
      const where = session ? `${session.profile.name} is not connected` : 'no connection is chosen';
      return text.appendMarkdown('  \n').appendText(`What is live of it is not known: ${where}.`);
    }
    const facts = { queues: session.queues.entries(), live: this.#topology.of(session) };
    const state = targetState(routed, facts);
    text.appendText(` on ${session.profile.name}`).appendMarkdown('  \n');
    return text.appendText(
      state ? (state.problem ?? state.words) : 'It may be there: the management API does not tell.',
    );
  }
}

function aboutField(field: FieldNode): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  if (field.kind === 'property') return text.appendMarkdown(propertyHelp[field.name]);
  if (field.kind === 'connection') return text.appendText('The connection that this message is published with');
  return text.appendMarkdown(`Header of type \`${field.value.type}\``);
}

function referenceAt(file: MessageFile, offset: number): Reference | undefined {
  const isAt = ({ start, end }: Range): boolean => offset >= start && offset <= end;
  const templates = [
    ...file.variables.filter(({ range }) => isAt(range)).map(({ value }) => value),
    ...file.messages.filter(({ range }) => isAt(range)).flatMap(templatesOf),
  ];
  for (const part of templates.flat()) if (typeof part !== 'string' && isAt(part.range)) return part;
  return undefined;
}

/** What a variable's value is, or is made of. */
function aboutReference(document: vscode.TextDocument, { name }: Reference): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  const own = ownVariables.find((each) => each.name === name);
  if (own) return text.appendText(own.help);
  const inFile = fileOf(document).variables.find((each) => each.name === name);
  if (inFile) return text.appendText('Variable of this file').appendCodeblock(printTemplate(inFile.value), 'plaintext');
  const value = chosenVariables(document.uri).get(name);
  if (value === undefined)
    return text.appendText('This variable has no value, in this file or in the chosen environment.');
  return text
    .appendText(`Variable of environment ${chosenEnvironment(document.uri)}`)
    .appendCodeblock(value, 'plaintext');
}
