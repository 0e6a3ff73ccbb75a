import * as vscode from 'vscode';
import { counted } from '../../common/format.ts';
import { fullId } from '../commands/ids.ts';
import { plainLabel } from '../plainLabel.ts';
import type { TailOutput } from '../output/tailOutput.ts';
import type { MessagesPanel } from './messagesPanel.ts';

/** Saves what is selected, what the filter lets through, or all of a tail: whichever differ are offered. */
export async function saveShown({ current, view }: MessagesPanel): Promise<void> {
  if (!current || !view) return;
  const selected = view.selected();
  const shown = view.selected([[1, current.tail.buffer.lastNumber]]);
  const items = [
    ...(selected.length > 1 ? [itemOf('Selected', selected)] : []),
    ...(view.filter.trim() === '' ? [] : [itemOf('Filtered', shown)]),
    { label: 'All', description: 'that the tail keeps', numbers: undefined },
  ];
  const options = { title: `Save messages of ${plainLabel(current.subject)}`, placeHolder: 'Which' };
  const picked = items.length === 1 ? items[0] : await vscode.window.showQuickPick(items, options);
  if (!picked) return;
  const numbers = picked.numbers ?? allOf(current);
  await vscode.commands.executeCommand(fullId('saveMessages'), current.id, numbers);
}

function allOf({ tail }: TailOutput): number[] {
  const { firstNumber, lastNumber } = tail.buffer;
  const held = tail.heldNumbers().filter((number) => number < firstNumber);
  return [...held, ...Array.from({ length: lastNumber + 1 - firstNumber }, (_, index) => firstNumber + index)];
}

function itemOf(label: string, numbers: readonly number[]) {
  return { label, description: counted(numbers.length, 'message'), numbers };
}
