import * as vscode from 'vscode';
import type { Tail } from '../../broker/consume/tail.ts';
import type { Message } from '../../broker/message/message.ts';
import { counted, formatInteger } from '../../common/format.ts';
import { severalMessages } from '../commands/severalMessages.ts';
import { givenTail, pickTail, say } from '../commands/tailTarget.ts';
import type { Output } from '../output/output.ts';
import type { TailOutput } from '../output/tailOutput.ts';
import { plainLabel } from '../plainLabel.ts';

/** Messages of a tail that something is to be done with. */
export interface ChosenMessages {
  readonly output: TailOutput;
  /** In order. What they were made of stays with them, whatever the tail lets go of meanwhile. */
  readonly messages: readonly Message[];
}

/**
 * The messages that a command is about: `(tailId, numbers)`, or what is selected in the Messages panel; all that the tail
 * keeps without numbers. Without a tail that is the one shown, else one that is chosen.
 * @returns undefined when the person escaped, or there is nothing
 */
export async function chooseMessages(output: Output, args: readonly unknown[]): Promise<ChosenMessages | undefined> {
  const several = severalMessages(output, args);
  const found =
    several?.output ??
    givenTail(output, args[0]) ??
    output.shown.current ??
    (await pickTail(output, output.outputs.all()));
  if (!found) return undefined;
  const messages = several ? theseOf(found.tail, several.numbers) : await askWhich(output, found);
  if (!messages) return undefined;
  if (messages.length > 0) return { output: found, messages };
  say(`No message of ${plainLabel(found.subject)} is kept`);
  return undefined;
}

/** The one at the cursor, or all. Undefined when the person escaped. */
async function askWhich({ shown }: Output, found: TailOutput): Promise<readonly Message[] | undefined> {
  const all = allOf(found.tail);
  const number = found === shown.current ? shown.numberAtCursor : undefined;
  const [atCursor] = number === undefined ? [] : theseOf(found.tail, [number]);
  if (!atCursor || all.length === 1) return all;
  const items = [
    { label: `Message #${atCursor.number}`, description: 'at the cursor', messages: [atCursor] },
    { label: `All ${formatInteger(all.length)} messages`, description: 'that the tail keeps', messages: all },
  ];
  const options = { title: `Messages of ${plainLabel(found.subject)}`, placeHolder: 'Which messages' };
  return (await vscode.window.showQuickPick(items, options))?.messages;
}

/** `1 message of orders`, `1,234 messages of orders`. */
export function describeChosen({ output, messages }: ChosenMessages): string {
  return describeCount(messages.length, output);
}

export function describeCount(count: number, { subject }: TailOutput): string {
  return `${counted(count, 'message')} of ${plainLabel(subject)}`;
}

/** What is kept no more is passed over: a tail that runs lets go of its oldest. */
function theseOf({ buffer }: Tail, numbers: readonly number[]): Message[] {
  const sorted = [...new Set(numbers)].toSorted((a, b) => a - b);
  return sorted.flatMap((number) => buffer.get(number) ?? []);
}

function allOf(tail: Tail): Message[] {
  const { firstNumber, lastNumber } = tail.buffer;
  const held = tail.heldNumbers().filter((number) => number < firstNumber);
  const kept = Array.from({ length: lastNumber - firstNumber + 1 }, (_, i) => firstNumber + i);
  return theseOf(tail, [...held, ...kept]);
}
