import * as vscode from 'vscode';
import { isStreamTail } from '../../broker/consume/stream/isStreamTail.ts';
import { parseOffset } from '../../broker/consume/stream/streamStart.ts';
import type { PageRequest } from '../../broker/consume/stream/streamPage.ts';
import type { StreamTail } from '../../broker/consume/stream/streamTail.ts';
import type { Output } from '../output/output.ts';
import { placeText } from '../output/streamNotices.ts';
import { sourceName } from '../output/sourceName.ts';
import type { TailOutput } from '../output/tailOutput.ts';
import { visibleName } from '../../common/visibleText.ts';
import { formatInteger } from '../../common/format.ts';
import { refusal } from '../picks/refusal.ts';
import type { CommandHandlers } from './registry.ts';
import { givenTail, pickTail, say } from './tailTarget.ts';

type StreamCommands = Pick<
  CommandHandlers,
  'stream.firstPage' | 'stream.previousPage' | 'stream.nextPage' | 'stream.lastPage' | 'stream.goTo'
>;

/** Commands that page through a stream: of the tail that their argument names by its id, else of the one shown. */
export function streamCommands(output: Output): StreamCommands {
  const show =
    (request: PageRequest) =>
    async (argument: unknown): Promise<void> =>
      (await streamFor(output, argument))?.showPage(request);
  return {
    'stream.firstPage': show('first'),
    'stream.previousPage': show('previous'),
    'stream.nextPage': show('next'),
    'stream.lastPage': show('last'),
    'stream.goTo': async (argument) => {
      const tail = await streamFor(output, argument);
      const offset = tail && (await askOffset(tail));
      if (offset !== undefined) await tail?.showPage(offset);
    },
  };
}

/** The stream that is paged; undefined, and said, when it cannot be now. */
async function streamFor(output: Output, argument: unknown): Promise<StreamTail | undefined> {
  const found = givenTail(output, argument) ?? streamShown(output) ?? (await pickTail(output, openStreams(output)));
  if (!found) return undefined;
  const { tail } = found;
  const name = visibleName(sourceName(tail.source));
  if (!isStreamTail(tail)) say(`${name} is not read by offset: only streams have pages`);
  else if (tail.status.kind === 'interrupted') say(`${name} waits for its connection`);
  else if (tail.status.kind === 'ended') say(`The tail of ${name} has ended`);
  else return tail;
  return undefined;
}

/** In the Output panel, else in the Messages panel: of the two one is in view. */
function streamShown({ shown, messages }: Output): TailOutput | undefined {
  return [shown.current, messages.current].find((output) => output && isStreamTail(output.tail));
}

function openStreams({ outputs }: Output): TailOutput[] {
  return outputs.all().filter(({ hasEnded, tail }) => !hasEnded && isStreamTail(tail));
}

async function askOffset(tail: StreamTail): Promise<number | undefined> {
  const { place, ends } = tail;
  const typed = await vscode.window.showInputBox({
    title: `Go to Offset in ${visibleName(sourceName(tail.source))}`,
    prompt: `Offset of the first message to show. Now: ${placeText(place, ends)}`,
    value: place ? formatInteger(place.from) : '',
    validateInput: (text) => refusal(() => parseOffset(text)),
  });
  return typed === undefined ? undefined : parseOffset(typed);
}
