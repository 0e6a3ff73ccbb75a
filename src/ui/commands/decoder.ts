import { basename } from 'node:path';
import type { TailSource } from '../../broker/consume/tail.ts';
import type { DecoderChoice } from '../../broker/decoding/choice.ts';
import { parseContentType } from '../../broker/message/text.ts';
import type { Session } from '../../broker/session.ts';
import { visibleName } from '../../common/visibleText.ts';
import type { Connections } from '../connections/connections.ts';
import { chooseDecoder } from '../decoding/chooseDecoder.ts';
import { openMessages } from '../output/bodies.ts';
import type { Output } from '../output/output.ts';
import { sourceName } from '../output/sourceName.ts';
import type { TailOutput } from '../output/tailOutput.ts';
import { chooseQueue, queueNameOf } from '../picks/targets.ts';
import type { CommandHandlers } from './registry.ts';
import { severalMessages } from './severalMessages.ts';
import { givenTail, say } from './tailTarget.ts';

interface Subject {
  readonly session: Session;
  readonly source: TailSource;
  /** Where messages of it are shown. */
  readonly tail: TailOutput | undefined;
  /** The message that it is chosen for. */
  readonly number: number | undefined;
  /** Where it was chosen, all messages are shown anew. */
  readonly isInPanel: boolean;
}

/** The command that says how the bodies of a queue, or of a content type, are read. */
export function decoderCommands(connections: Connections, output: Output): Pick<CommandHandlers, 'chooseDecoder'> {
  return {
    chooseDecoder: async (...args) => {
      const subject = await subjectOf(connections, output, args);
      if (subject) await choose(output, subject);
    },
  };
}

/** A queue of the tree, a message or tail of an argument, or the one that is shown; else a queue that is chosen. */
async function subjectOf(
  connections: Connections,
  output: Output,
  args: readonly unknown[],
): Promise<Subject | undefined> {
  const several = severalMessages(output, args);
  const [argument, number] = several ? [several.output.id, several.numbers[0]] : args;
  const given = givenTail(output, argument);
  const isShown = !given && queueNameOf(argument) === undefined && output.shown.current !== undefined;
  const tail = isShown ? output.shown.current : given;
  if (tail) {
    const at = typeof number === 'number' ? number : isShown ? output.shown.numberAtCursor : undefined;
    return { session: tail.session, source: tail.tail.source, tail, number: at, isInPanel: several !== undefined };
  }
  const target = await chooseQueue(connections, argument, 'Choose Decoder');
  return (
    target && {
      session: target.session,
      source: { kind: 'queue', name: target.queue },
      tail: undefined,
      number: undefined,
      isInPanel: false,
    }
  );
}

async function choose({ decoding }: Output, { session, source, tail, number, isInPanel }: Subject): Promise<void> {
  const message = tail && messageOf(tail, number);
  const { mediaType } = parseContentType(message?.properties.contentType);
  const name = sourceName(source);
  const decision = await chooseDecoder({
    name,
    connection: session.profile.name,
    current: decoding.chosen(session, source),
    mediaType,
  });
  if (!decision) return;
  const { choice, scope } = decision;
  const of = scope === 'source' ? visibleName(name) : mediaType;
  if (scope === 'contentType') await decoding.chooseForType(mediaType, choice);
  else await decoding.choose(session, source, choice);
  const text = `Bodies of ${of} are read ${howOf(choice)}`;
  say(text);
  if (!tail) return;
  tail.say(`${text} from here on`);
  // What was written stays as it is: the message that was pointed at is shown anew.
  if (number !== undefined && !isInPanel) await openMessages(tail, number, number);
}

/** The message that was pointed at, or the newest, which tells the content type that is likely meant. */
function messageOf({ tail: { buffer } }: TailOutput, number: number | undefined) {
  return buffer.get(number ?? buffer.lastNumber);
}

function howOf(choice: DecoderChoice | undefined): string {
  if (!choice) return 'by their type and looks';
  if (!('schema' in choice)) {
    return { json: 'as JSON', text: 'as text', xml: 'as XML', messagepack: 'as MessagePack', hex: 'as bytes' }[
      choice.kind
    ];
  }
  return `as ${choice.type ?? choice.kind} of ${basename(choice.schema)}`;
}
