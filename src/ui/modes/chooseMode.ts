import * as vscode from 'vscode';
import type { TailMode } from '../../broker/consume/tail.ts';
import { visibleName } from '../../common/visibleText.ts';
import type { Mode } from './mode.ts';
import type { OfferedMode } from './modes.ts';
import type { QueueFacts } from './queueFacts.ts';

interface ModeItem extends vscode.QuickPickItem {
  readonly mode: Mode;
}

/**
 * Asks how to read a queue, the way it was read last being selected.
 * @returns undefined when the person escaped
 */
export function chooseMode(
  { queue }: QueueFacts,
  offered: readonly OfferedMode[],
  connection: string,
  last: TailMode | undefined,
): Promise<Mode | undefined> {
  const picker = vscode.window.createQuickPick<ModeItem>();
  picker.title = `Tail ${visibleName(queue)} on ${connection}`;
  picker.placeholder = 'How to take its messages';
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  picker.items = offered.map(({ mode, choice }) => ({ ...choice, iconPath: new vscode.ThemeIcon(mode.icon), mode }));
  picker.activeItems = picker.items.filter(({ mode }) => mode.mode === last);
  return new Promise((resolve) => {
    picker.onDidAccept(() => {
      resolve(picker.selectedItems[0]?.mode);
      picker.hide();
    });
    picker.onDidHide(() => {
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
  });
}

/** Whether the person agrees to what this mode does to this queue. */
export async function agreedTo(mode: Mode, facts: QueueFacts): Promise<boolean> {
  const warnings = mode.warnings(facts);
  if (warnings.length === 0) return true;
  const goOn = 'Tail anyway';
  const question = `Tail ${visibleName(facts.queue)}?`;
  const chosen = await vscode.window.showWarningMessage(question, { modal: true, detail: warnings.join('\n\n') }, goOn);
  return chosen === goOn;
}
