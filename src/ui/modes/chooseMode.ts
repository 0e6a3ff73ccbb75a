import * as vscode from 'vscode';
import type { TailMode } from '../../broker/consume/tail.ts';
import { visibleName } from '../../common/visibleText.ts';
import type { Mode } from './mode.ts';
import type { OfferedMode, RefusedMode } from './modes.ts';
import type { QueueFacts } from './queueFacts.ts';
import { plainText } from '../plainText.ts';

interface ModeItem extends vscode.QuickPickItem {
  readonly mode?: Mode;
  /** Why the mode that it names is not offered. */
  readonly refusal?: string;
}

interface Choice {
  /** What is going to be done with the queue; to tail it, unless something else is said. */
  readonly title?: string;
  /** The name of the connection. */
  readonly connection: string;
  /** How the queue was read last. */
  readonly last: TailMode | undefined;
  readonly refused: readonly RefusedMode[];
}

/**
 * Asks how to read a queue, the way it was read last being selected.
 * @returns undefined when the person escaped
 */
export function chooseMode(
  { queue }: QueueFacts,
  offered: readonly OfferedMode[],
  { connection, last, refused, title = `Tail ${visibleName(queue)} on ${connection}` }: Choice,
): Promise<Mode | undefined> {
  const picker = vscode.window.createQuickPick<ModeItem>();
  picker.title = title;
  picker.placeholder = 'How to take its messages';
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  picker.items = [
    ...offered.map(({ mode, choice }) => ({ ...choice, iconPath: new vscode.ThemeIcon(mode.icon), mode })),
    ...refused.map(({ name, why }) => ({
      label: `Why not ${name}?`,
      detail: why,
      iconPath: new vscode.ThemeIcon('question'),
      refusal: why,
    })),
  ];
  // Without one VS Code itself selects the first.
  const before = picker.items.find(({ mode }) => mode !== undefined && mode.mode === last);
  if (before) picker.activeItems = [before];
  return new Promise((resolve) => {
    picker.onDidAccept(() => {
      const [chosen] = picker.selectedItems;
      if (chosen?.refusal !== undefined) void vscode.window.showInformationMessage(plainText(chosen.refusal));
      resolve(chosen?.mode);
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
  const verb = mode.mode === 'peek' ? 'Peek' : 'Tail';
  const goOn = `${verb} Anyway`;
  const question = `${verb} ${visibleName(facts.queue)}?`;
  const chosen = await vscode.window.showWarningMessage(question, { modal: true, detail: warnings.join('\n\n') }, goOn);
  return chosen === goOn;
}
