import * as vscode from 'vscode';
import type { Tail } from '../../broker/consume/tail.ts';
import { fullId } from '../commands/ids.ts';
import type { Connections } from '../connections/connections.ts';
import type { TailsStopping } from '../connections/stoppedTails.ts';
import type { ErrorPresenter } from '../presentError.ts';
import { stoppedText } from './stoppedText.ts';
import type { TailOutputs } from './tailOutputs.ts';

/** What *Tail Again* is given: an ended tail, and the connection to read with. */
export class TailToRepeat {
  readonly tail: Tail;
  readonly profileId: string;

  constructor(tail: Tail, profileId: string) {
    this.tail = tail;
    this.profileId = profileId;
  }
}

interface StoppedTailsParts {
  readonly connections: Pick<Connections, 'get' | 'onWillStopTails'>;
  readonly outputs: Pick<TailOutputs, 'all'>;
  readonly errors: Pick<ErrorPresenter, 'offer'>;
}

/** Tells of tails that have stopped because the settings have changed, and offers to start them again. */
export function tellOfStoppedTails({ connections, outputs, errors }: StoppedTailsParts): { dispose(): void } {
  const tell = async (stopping: TailsStopping): Promise<void> => {
    // Those that write to files tell of their end themselves.
    const tails = stopping.tails.filter((tail) => outputs.all().some((output) => output.tail === tail));
    if (tails.length === 0) return;
    await stopping.stopped;
    const { successor } = stopping;
    const again = { title: 'Tail Again', run: () => tailAll(connections, tails, successor ?? '') };
    const actions = successor === undefined ? [] : [again];
    errors.offer(vscode.window.showWarningMessage, stoppedText({ ...stopping, tails }), actions);
  };
  return connections.onWillStopTails((stopping) => void tell(stopping));
}

/** One after the other: the first asks for consent and password, and where that is denied the others need not ask. */
async function tailAll(
  connections: StoppedTailsParts['connections'],
  tails: readonly Tail[],
  id: string,
): Promise<void> {
  for (const tail of tails) {
    // oxlint-disable-next-line no-await-in-loop
    await vscode.commands.executeCommand(fullId('tail.again'), new TailToRepeat(tail, id));
    if (connections.get(id)?.isOpen !== true) return;
  }
}
