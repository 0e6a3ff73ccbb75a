import * as vscode from 'vscode';
import { once } from '../common/once.ts';
import { withdrawContextKeys } from './contextKeys.ts';

/** What its steps wait for, and nothing else does. */
const doneKeys = ['warren.connected', 'warren.hasDeclared', 'warren.hasPublished', 'warren.hasAcked'] as const;

/** VS Code reads the tutorials in so many milliseconds after one is opened for the first time, at most. */
const readWithinMs = 6_000;

/** A step that is done already when VS Code reads the tutorial would never be ticked: it waits for the key to become true. */
const withdrawDone = once(async () => {
  const tellAgain = withdrawContextKeys(doneKeys);
  setTimeout(tellAgain, readWithinMs).unref();
});

/** Opens a walkthrough, with what was done before ticked some seconds later. */
export async function openTutorial(id: string): Promise<void> {
  await withdrawDone();
  await vscode.commands.executeCommand('workbench.action.openWalkthrough', id);
}
