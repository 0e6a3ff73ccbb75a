import type { Output } from '../output/output.ts';
import type { TailOutput } from '../output/tailOutput.ts';
import { messagesViewId } from '../panel/viewId.ts';

/** Messages of one tail. */
export interface SeveralMessages {
  readonly output: TailOutput;
  /** Oldest first. */
  readonly numbers: number[];
}

/**
 * The messages that a command is about where it was given several: a tail's id and a list of numbers, or what is selected in
 * the Messages panel when its context menu was used, or the one whose detail that is.
 */
export function severalMessages(
  { outputs, messages }: Pick<Output, 'outputs' | 'messages'>,
  [first, second]: readonly unknown[],
): SeveralMessages | undefined {
  if (isOfPanel(first)) {
    const { current, panel } = messages;
    const { warrenTail, warrenNumber: only } = first;
    // The menu may have been open while another tail took its place.
    const output = warrenTail === undefined ? current : outputs.get(warrenTail);
    if (!output) return current && { output: current, numbers: [] };
    if (typeof only === 'number') return { output, numbers: [only] };
    return { output, numbers: output === current ? (panel?.view?.selected() ?? []) : [] };
  }
  const output = outputs.get(first);
  if (!output || !Array.isArray(second)) return undefined;
  return { output, numbers: second.filter((each): each is number => typeof each === 'number') };
}

/** See `menuContext` of the webview. */
interface PanelMenu {
  readonly warrenTail?: unknown;
  readonly warrenNumber?: unknown;
}

/** What VS Code gives to a command in the context menu of a webview: the context of what was clicked. */
function isOfPanel(argument: unknown): argument is PanelMenu {
  return (
    typeof argument === 'object' && argument !== null && 'webview' in argument && argument.webview === messagesViewId
  );
}
