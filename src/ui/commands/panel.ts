import * as vscode from 'vscode';
import type { Output } from '../output/output.ts';
import type { TailOutput } from '../output/tailOutput.ts';
import { saveShown } from '../panel/saveShown.ts';
import { fullId } from './ids.ts';
import type { CommandHandlers } from './registry.ts';
import { givenTail } from './tailTarget.ts';

type PanelCommands = Pick<
  CommandHandlers,
  | 'panel.show'
  | 'panel.showOutput'
  | 'panel.pause'
  | 'panel.resume'
  | 'panel.stop'
  | 'panel.again'
  | 'panel.clear'
  | 'panel.step'
  | 'panel.prefetch'
  | 'panel.save'
>;

/** Commands of the Messages panel: its buttons are about the tail that it shows, whatever the Output panel shows. */
export function panelCommands(output: Output): PanelCommands {
  const { messages } = output;
  const given = (argument: unknown): TailOutput | undefined => givenTail(output, argument);
  const current = (): TailOutput | undefined => messages.current;
  const onCurrent = (command: 'tail.stop' | 'tail.again' | 'tail.prefetch') => () =>
    current() && vscode.commands.executeCommand(fullId(command), current()?.id);
  return {
    'panel.show': (argument) => messages.show(given(argument) ?? output.shown.current),
    'panel.showOutput': (argument) => (given(argument) ?? current())?.channel.show(true),
    'panel.pause': () => current()?.tail.pause(),
    'panel.resume': () => current()?.tail.resume(),
    'panel.stop': onCurrent('tail.stop'),
    'panel.again': onCurrent('tail.again'),
    'panel.clear': () => messages.panel?.view?.clear(),
    'panel.step': () => messages.panel?.step(undefined),
    'panel.prefetch': onCurrent('tail.prefetch'),
    'panel.save': () => messages.panel && saveShown(messages.panel),
  };
}
