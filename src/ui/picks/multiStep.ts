import { delimiter } from 'node:path';
import * as vscode from 'vscode';
import type { FilePicker } from './filePicker.ts';
import {
  isBlocking,
  walkSteps,
  type Answer,
  type Choice,
  type ChoiceStep,
  type FormStart,
  type Position,
  type Problem,
  type TextStep,
} from './steps.ts';
import { plainText } from '../plainText.ts';

/** A form of quick inputs: `steps` over a state, shown one after the other. */
export interface MultiStepForm<S> extends FormStart<S> {
  /** As the command says it, without the ellipsis; `(2/7)` is added. */
  readonly title: string;
  /** Browses for files; steps that ask for them need it. */
  readonly files?: FilePicker;
}

/**
 * Asks the steps with back, validation as the person types and the state's values filled in. Escape ends it with
 * `escaped`; losing the focus does not, since a password may have to be fetched from another window.
 */
export async function runSteps<S>(form: MultiStepForm<S>): Promise<Answer<S>> {
  let shown: vscode.QuickInput | undefined;
  // The last one goes only when the next is there: the focus would fall back into the editor in between.
  const show = (next: vscode.QuickInput): void => {
    next.show();
    shown?.dispose();
    shown = next;
  };
  try {
    return await walkSteps(form, (step, state, position) => {
      const place = { title: form.title, files: form.files, position, show };
      return step.kind === 'text' ? askText(step, state, place) : askChoice(step, state, place);
    });
  } finally {
    shown?.dispose();
  }
}

interface Place {
  readonly title: string;
  readonly files: FilePicker | undefined;
  readonly position: Position;
  show(input: vscode.QuickInput): void;
}

function askText<S>(step: TextStep<S>, state: S, place: Place): Promise<Answer<S>> {
  const input = vscode.window.createInputBox();
  dress(input, place);
  input.buttons = step.browse ? [...buttonsOf(place), browseButton] : buttonsOf(place);
  input.prompt = plainText(step.prompt(state));
  input.placeholder = step.placeholder;
  input.password = step.masked === true;
  input.value = step.value(state);
  const problem = (): Problem | undefined => step.check?.(input.value, state);
  return new Promise((resolve) => {
    input.onDidChangeValue(() => (input.validationMessage = toValidation(problem())));
    input.onDidAccept(() => {
      const found = problem();
      if (isBlocking(found)) input.validationMessage = toValidation(found);
      else resolve({ kind: 'done', state: step.apply(state, input.value) });
    });
    // The editor's own file dialog, where it has no other, takes the place of this input for a while.
    let isBrowsing = false;
    const browse = async ({ browse: asked }: TextStep<S>): Promise<void> => {
      if (!asked || !place.files) return;
      isBrowsing = true;
      const separator = asked.several ? delimiter : undefined;
      const current = separator === undefined ? input.value : (input.value.split(separator).at(-1) ?? '');
      const paths = await place.files.pick(asked, current.trim()).finally(() => (isBrowsing = false));
      if (paths) input.value = paths.join(delimiter);
      input.validationMessage = toValidation(problem());
      input.show();
    };
    input.onDidTriggerButton((button) => {
      if (button === browseButton) return browse(step);
      const kind = button === moreButton ? 'more' : 'back';
      resolve({ kind, state: isBlocking(problem()) ? state : step.apply(state, input.value) });
    });
    input.onDidHide(() => {
      if (!isBrowsing) resolve({ kind: 'escaped' });
    });
    place.show(input);
  });
}

function askChoice<S>(step: ChoiceStep<S>, state: S, place: Place): Promise<Answer<S>> {
  const picker = vscode.window.createQuickPick<vscode.QuickPickItem & Choice<S>>();
  dress(picker, place);
  picker.buttons = buttonsOf(place);
  picker.placeholder = step.placeholder;
  picker.matchOnDescription = true;
  picker.items = step.choices(state);
  // Without one VS Code itself selects the first; with none of them Enter would do nothing.
  const current = picker.items.filter((item) => item.current);
  if (current.length > 0) picker.activeItems = current;
  return new Promise((resolve) => {
    picker.onDidAccept(() => {
      const [chosen] = picker.selectedItems;
      if (chosen) resolve({ kind: 'done', state: chosen.state });
    });
    picker.onDidTriggerButton((button) => resolve({ kind: button === moreButton ? 'more' : 'back', state }));
    picker.onDidHide(() => resolve({ kind: 'escaped' }));
    place.show(picker);
  });
}

function dress(input: vscode.QuickInput, { title, position }: Place): void {
  input.title = title;
  input.ignoreFocusOut = true;
  if (position.total === 1) return;
  input.step = position.number;
  input.totalSteps = position.total;
}

const browseButton: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('folder-opened'), tooltip: 'Browse…' };
const moreButton: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('settings-gear'), tooltip: 'Advanced…' };

function buttonsOf({ position }: Place): vscode.QuickInputButton[] {
  return [...(position.canGoBack ? [vscode.QuickInputButtons.Back] : []), ...(position.hasMore ? [moreButton] : [])];
}

/** A problem as an input box shows it. */
export function toValidation(problem: Problem | undefined): string | vscode.InputBoxValidationMessage | undefined {
  if (problem === undefined || typeof problem === 'string') return problem;
  const { Warning, Info } = vscode.InputBoxValidationSeverity;
  return { message: problem.message, severity: problem.severity === 'warning' ? Warning : Info };
}
