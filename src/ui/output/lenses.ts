import * as vscode from 'vscode';
import { DisposableStore } from '../../common/disposable.ts';
import { fullId } from '../commands/ids.ts';
import { withoutIcons } from '../plainLabel.ts';
import { bodyAddressOf } from './bodyUri.ts';
import { controlsOf, lossOf, type Control } from './controls.ts';
import { findMarks, type Mark } from './marks.ts';
import { deliveryLimitOf, rejectFate } from '../../broker/consume/queueTraits.ts';
import type { TailOutput } from './tailOutput.ts';
import type { TailOutputs } from './tailOutputs.ts';

/** Messages with controls, beside those that are held. */
const newestMessages = 200;
/** Held messages with controls: each lens is an element that VS Code lays out anew when the text grows. */
const heldMessages = 500;
/** Lines looked at; 50,000 take a few milliseconds. */
const mostLines = 50_000;

/** Ack controls above each message of a tail, in the Output panel and above a body opened from there. */
export class MessageLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #outputs: TailOutputs;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;
  readonly #store = new DisposableStore();

  constructor(outputs: TailOutputs) {
    this.#outputs = outputs;
    this.#store.add(this.#changed);
    this.#store.add(outputs.onDidChange(() => this.#changed.fire()));
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const output = this.#outputs.ofDocument(document.uri);
    if (output) return output.isFlooded ? [] : this.#inOutput(document, output);
    const address = bodyAddressOf(document.uri);
    const owner = address && this.#outputs.get(address.tail);
    return owner && address.from === address.to && address.part === 'body' ? bodyLenses(owner, address.from) : [];
  }

  dispose(): void {
    this.#store.dispose();
  }

  #inOutput(document: vscode.TextDocument, output: TailOutput): vscode.CodeLens[] {
    const held = output.tail.heldNumbers();
    const backTo = held.at(-heldMessages) ?? held[0];
    const marks = findMarks(document, { messages: newestMessages, backTo, lines: mostLines });
    const lastReturns = new Set(output.tail.lastReturns?.());
    let messages = 0;
    return marks.flatMap((mark) => {
      if (mark.kind === 'skipped') return skippedLenses(output, mark);
      messages++;
      const isWanted = messages <= newestMessages || output.tail.stateOf(mark.number) === 'held';
      return isWanted ? messageLenses(output, mark.number, mark.line, lastReturns.has(mark.number)) : [];
    });
  }
}

function messageLenses(output: TailOutput, number: number, line: number, isLastReturn: boolean): vscode.CodeLens[] {
  const { tail, session, details } = output;
  const controls = controlsOf({
    mode: tail.mode,
    state: tail.stateOf(number),
    message: tail.buffer.get(number),
    fate: rejectFate(details),
    limit: deliveryLimitOf(details, session.server?.version),
    isQuorum: details?.type === 'quorum',
    isLastReturn,
    loss: lossOf(tail.status),
    isConfirmed: tail.holding?.isConfirmed(number) !== false,
  });
  return controls.map((control) => toLens(control, line, [output.id, number]));
}

/** Above an opened body: the same controls, and what else came with it. */
function bodyLenses(output: TailOutput, number: number): vscode.CodeLens[] {
  const isLastReturn = output.tail.lastReturns?.().includes(number) === true;
  const controls = messageLenses(output, number, 0, isLastReturn).filter(
    ({ command }) => command?.command !== fullId('message.open'),
  );
  if (!output.tail.buffer.get(number)) return controls;
  const tooltip = 'Opens the properties and headers that came with it';
  const properties: Control = { title: 'Properties', tooltip, command: 'message.open' };
  const save: Control = {
    title: 'Save as Message File',
    tooltip: 'Writes it with its properties and headers into a file that can be published again',
    command: 'message.saveAsFile',
  };
  return [
    ...controls,
    toLens(properties, 0, [output.id, number, number, 'properties']),
    toLens(save, 0, [output.id, number]),
  ];
}

/** Those that a flood kept from the screen can still be read while they are kept. */
function skippedLenses(output: TailOutput, mark: Extract<Mark, { kind: 'skipped' }>): vscode.CodeLens[] {
  const { buffer } = output.tail;
  if (mark.to < buffer.firstNumber) return [];
  const tooltip = 'Opens those that are still kept in one editor';
  return [toLens({ title: 'Open them', tooltip, command: 'message.open' }, mark.line, [output.id, mark.from, mark.to])];
}

function toLens({ title, tooltip, command }: Control, line: number, args: readonly unknown[]): vscode.CodeLens {
  const range = new vscode.Range(line, 0, line, 0);
  // Without a command's id VS Code shows the words alone.
  const id = command ? fullId(command) : '';
  return new vscode.CodeLens(range, {
    title: withoutIcons(title),
    tooltip,
    command: id,
    arguments: command ? [...args] : [],
  });
}
