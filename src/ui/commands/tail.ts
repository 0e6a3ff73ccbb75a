import * as vscode from 'vscode';
import type { Settlement } from '../../broker/consume/ackState.ts';
import { mostPeeked } from '../../broker/consume/peekPlan.ts';
import { isTailMode, tailOfQueue, type Tail } from '../../broker/consume/tail.ts';
import type { Session } from '../../broker/session.ts';
import { toAppError } from '../../common/errors.ts';
import { formatInteger } from '../../common/format.ts';
import { visibleName } from '../../common/visibleText.ts';
import type { Connections } from '../connections/connections.ts';
import { successorOf } from '../connections/sharedProfile.ts';
import { setContextKey } from '../contextKeys.ts';
import type { Output } from '../output/output.ts';
import { compareMessages, openMessages, openProperties } from '../output/bodies.ts';
import { openTail, preparedFor, startTail, type Asked, type TailMemory } from '../modes/startTail.ts';
import { TailToRepeat } from '../output/stoppedTails.ts';
import type { TailOutput } from '../output/tailOutput.ts';
import { plainLabel } from '../plainLabel.ts';
import type { Action, ErrorPresenter } from '../presentError.ts';
import { offered } from '../remedies.ts';
import { chooseQueue, connected, queueNameOf, sessionOf, type QueueTarget } from '../picks/targets.ts';
import { copyElsewhere, mayRequeue, mayStop } from './copyAndAck.ts';
import { offersFor } from './offers.ts';
import type { CommandHandlers } from './registry.ts';
import { agreedToSettle, sayHowMany, settleSeveral } from './settleSeveral.ts';
import { changePrefetch } from './prefetch.ts';
import { severalMessages } from './severalMessages.ts';
import { givenTail, pickTail, say, tailFor } from './tailTarget.ts';

type TailCommands = Pick<
  CommandHandlers,
  | 'tailQueue'
  | 'peekQueue'
  | 'tail.show'
  | 'tail.pause'
  | 'tail.resume'
  | 'tail.ackAll'
  | 'tail.requeueAll'
  | 'tail.stop'
  | 'tail.again'
  | 'tail.peekMore'
  | 'tail.prefetch'
  | 'message.ack'
  | 'message.requeue'
  | 'message.reject'
  | 'message.ackUpTo'
  | 'message.copyAndAck'
  | 'message.open'
  | 'message.compare'
>;

export interface TailCommandParts extends TailMemory {
  readonly connections: Connections;
  readonly output: Output;
  readonly errors: ErrorPresenter;
}

/** Commands on tails and on their messages. */
export function tailCommands(deps: TailCommandParts): TailCommands {
  const { output } = deps;
  return {
    tailQueue: async (argument) => {
      const target = await chooseQueue(deps.connections, argument, 'Tail Queue');
      if (target) await tailQueue(deps, target, askedIn(argument));
    },
    peekQueue: async (argument) => {
      const target = await chooseQueue(deps.connections, argument, 'Peek Queue');
      if (target) await tailQueue(deps, target, { ...askedIn(argument), mode: 'peek' });
    },
    'tail.show': async (argument) => {
      const given = givenTail(output, argument);
      if (unshownTail(output, argument)) say('Its messages are written to a file');
      else (given ?? (await pickTail(output, output.outputs.all())))?.reveal();
    },
    'tail.pause': async (argument) => (await tailFor(output, argument))?.tail.pause(),
    'tail.resume': async (argument) => (await tailFor(output, argument))?.tail.resume(),
    'tail.ackAll': async (argument) => {
      const found = await tailFor(output, argument);
      if (found) await ackAll(found);
    },
    'tail.requeueAll': async (argument) => {
      const found = await tailFor(output, argument);
      const upTo = found?.shownNumber ?? 0;
      if (!found || !(await mayRequeue(found, (number) => number <= upTo))) return;
      sayHowMany('Requeued', found.tail.settleUpTo(upTo, 'requeued'), found);
    },
    'tail.stop': async (argument) => {
      const found = await tailFor(output, argument);
      const toFile = unshownTail(output, argument);
      if (toFile) await toFile.stop();
      else if (found?.hasEnded) output.outputs.close(found);
      else if (found && (await mayStop(found))) await found.tail.stop();
    },
    'tail.prefetch': async (argument) => {
      const found = await tailFor(output, argument);
      if (found) await changePrefetch(found);
    },
    'tail.again': (argument) => tailAgain(deps, argument),
    'tail.peekMore': (argument) => peekMore(deps, argument),
    'message.ack': (...args) => settle(output, args, 'acked'),
    'message.requeue': (...args) => settle(output, args, 'requeued'),
    'message.reject': (...args) => settle(output, args, 'rejected'),
    'message.ackUpTo': (...args) => ackUpTo(output, args),
    'message.copyAndAck': (...args) => copyHeld(output, args),
    'message.open': (...args) => open(output, args),
    'message.compare': (...args) => compare(output, args),
  };
}

/** The running tail of a queue in the tree that is in no output: it writes to a file. */
function unshownTail(output: Output, argument: unknown): Tail | undefined {
  const queue = queueNameOf(argument);
  const running = queue === undefined ? undefined : tailOfQueue(sessionOf(argument)?.tails ?? [], queue);
  return running === givenTail(output, argument)?.tail ? undefined : running;
}

/** What the `args` of a keybinding say: `{ "queue": "orders", "mode": "peek", "count": 20 }`. */
function askedIn(argument: unknown): Asked {
  const { mode, count } =
    typeof argument === 'object' && argument !== null ? (argument as Record<string, unknown>) : {};
  const isCount = typeof count === 'number' && Number.isInteger(count) && count >= 1 && count <= mostPeeked;
  return { mode: isTailMode(mode) ? mode : undefined, count: isCount ? count : undefined };
}

async function tailQueue(deps: TailCommandParts, target: QueueTarget, asked?: Asked): Promise<void> {
  const { outputs } = deps.output;
  const running = outputs.find(target.session, { kind: 'queue', name: target.queue });
  if (running && !running.hasEnded) {
    running.reveal();
    offerOtherMode(deps, running, target);
    return;
  }
  try {
    await startTail(outputs, deps, target, asked);
  } catch (error) {
    deps.errors.present(toAppError(error), target.session.profile.name, remedies(error, deps, target));
  }
}

/** From the palette: what has ended in the Output or in the Messages panel, else what the Output panel shows. */
function endedOrShown({ shown, messages }: Output): TailOutput | undefined {
  return [shown.current, messages.current].find((each) => each?.hasEnded === true) ?? shown.current;
}

/** The same queue in the same mode; a tail that still stops is waited for. */
async function tailAgain(deps: TailCommandParts, argument: unknown, count?: number): Promise<void> {
  if (argument instanceof TailToRepeat) {
    const { tail, profileId } = argument;
    const session = deps.connections.get(profileId);
    if (session) await repeat(deps, session, tail);
    else say('Its connection was deleted');
    return;
  }
  const found = givenTail(deps.output, argument) ?? endedOrShown(deps.output);
  if (!found) return;
  const { tail } = found;
  const { id, name } = found.session.profile;
  const session = deps.connections.get(id) ?? successorOf(deps.connections.all(), found.session);
  if (!session) {
    say(`Connection ${plainLabel(name)} was deleted`);
    return;
  }
  if (!found.hasEnded && !(await mayStop(found))) return;
  await tail.stop();
  await repeat(deps, session, tail, count);
}

async function repeat(deps: TailCommandParts, session: Session, tail: Tail, count?: number): Promise<void> {
  const { source } = tail;
  const prepared = preparedFor(tail);
  const asked = { mode: tail.mode, count, before: tail };
  if (source.kind === 'queue') await tailQueue(deps, { session, queue: source.name }, asked);
  else if (prepared) await openTail(deps.output.outputs, await connected(session), source, prepared, undefined);
}

/** The first messages of the same queue, twice as many as last time. */
async function peekMore(deps: TailCommandParts, argument: unknown): Promise<void> {
  const found = givenTail(deps.output, argument) ?? deps.output.shown.current;
  if (!found || found.tail.mode !== 'peek') return;
  const last = deps.lastModes.countOf(found.session.profile.id, found.tail.source.name) ?? found.tail.buffer.lastNumber;
  await tailAgain(deps, argument, Math.min(mostPeeked, Math.max(1, last * 2)));
}

function remedies(error: unknown, deps: TailCommandParts, target: QueueTarget): Action[] {
  const { session, queue } = target;
  return offered(toAppError(error), {
    ...offersFor({ session, name: queue }),
    Retry: () => tailQueue(deps, target),
    'Read by Offset…': () => tailQueue(deps, target, { mode: 'stream' }),
  });
}

/** A second consumer of ours would only take messages from the first one. */
function offerOtherMode(deps: TailCommandParts, running: TailOutput, target: QueueTarget): void {
  const text = `${visibleName(target.queue)} is being tailed (${running.tail.mode}).`;
  const stopAndTail = async (): Promise<void> => {
    if (!(await mayStop(running))) return;
    await running.tail.stop();
    await tailQueue(deps, target);
  };
  deps.errors.offer(vscode.window.showInformationMessage, text, [{ title: 'Stop and Tail Again…', run: stopAndTail }]);
}

/** Acks what has been shown; what came in this moment has not been seen by anyone. */
async function ackAll(output: TailOutput): Promise<void> {
  const { tail, shownNumber } = output;
  const held = tail.heldNumbers().filter((number) => number <= shownNumber).length;
  if (!(await agreedToSettle(output, held, 'acked'))) return;
  sayHowMany('Acked', tail.settleUpTo(shownNumber, 'acked'), output);
}

interface MessageTarget {
  readonly output: TailOutput;
  readonly number: number;
}

async function settle(output: Output, args: readonly unknown[], settlement: Settlement): Promise<void> {
  const several = severalMessages(output, args);
  if (several) return settleSeveral(several.output, several.numbers, settlement);
  // What cannot be taken back is done to a message that was pointed at, and to no other.
  const target = heldMessage(output, args, settlement === 'rejected' ? 'pointedAt' : 'orOldest');
  if (!target) return undefined;
  const { number } = target;
  if (settlement === 'requeued' && !(await mayRequeue(target.output, (each) => each === number))) return undefined;
  sayWhatCame(target, target.output.tail.settle([number], settlement), settlement);
  return undefined;
}

async function copyHeld(output: Output, args: readonly unknown[]): Promise<void> {
  const several = severalMessages(output, args);
  if (several) return copyElsewhere(several.output, several.numbers);
  const target = heldMessage(output, args, 'pointedAt');
  return target && copyElsewhere(target.output, [target.number]);
}

function ackUpTo(output: Output, args: readonly unknown[]): void {
  const target = heldMessage(output, args, 'pointedAt');
  if (target) sayWhatCame(target, target.output.tail.settleUpTo(target.number, 'acked'), 'acked');
}

/** The message a command is about: its lens's, else the one at the cursor, else perhaps the oldest held one in view. */
function heldMessage(
  { outputs, shown }: Output,
  [id, number]: readonly unknown[],
  which: 'pointedAt' | 'orOldest',
): MessageTarget | undefined {
  const given = outputs.get(id);
  if (given && typeof number === 'number') return { output: given, number };
  if (typeof id === 'string' && number !== undefined) {
    // Its tail has made room for another meanwhile: no message of that one may be taken in its place.
    say('The tail of this message is closed');
    return undefined;
  }
  const output = shown.current;
  const chosen = shown.numberAtCursor ?? (which === 'orOldest' && output ? oldestShown(output) : undefined);
  if (output && chosen !== undefined) return { output, number: chosen };
  if (!output) say('No tail is shown in the Output panel');
  else say(which === 'orOldest' ? 'No message is held' : 'Put the cursor on a message first');
  return undefined;
}

/** What came in this moment has not been seen by anyone. */
function oldestShown({ tail, shownNumber }: TailOutput): number | undefined {
  return tail.heldNumbers().find((number) => number <= shownNumber);
}

async function compare(output: Output, args: readonly unknown[]): Promise<void> {
  const { numbers = [], output: tail } = severalMessages(output, args) ?? {};
  const [left, right] = numbers;
  if (tail && left !== undefined && right !== undefined) await compareMessages(tail, left, right);
  else say('Select two messages first');
}

async function open(all: Output, args: readonly unknown[]): Promise<void> {
  const { outputs, shown } = all;
  const several = severalMessages(all, args);
  const [id, from, to, part] = several ? [several.output.id, several.numbers[0]] : args;
  const output = outputs.get(id) ?? shown.current;
  const first = typeof from === 'number' ? from : (shown.numberAtCursor ?? output?.shownNumber);
  if (!output || first === undefined || first === 0) say('No message is shown');
  else if (part === 'properties') await openProperties(output, first);
  else await openMessages(output, first, typeof to === 'number' ? to : first);
}

const past: Readonly<Record<Settlement, string>> = { acked: 'Acked', requeued: 'Requeued', rejected: 'Rejected' };

/** A click on a lens that is out of date, or a second one, settles nothing: the lens is drawn anew. */
function sayWhatCame({ output, number }: MessageTarget, settled: number, settlement: Settlement): void {
  if (settled === 0) {
    say(`Message #${number} is not held any more`);
    output.redraw();
    return;
  }
  if (settlement === 'acked') setContextKey('warren.hasAcked', true);
  const what = settled === 1 ? `#${number}` : `${formatInteger(settled)} messages up to #${number}`;
  say(`${past[settlement]} ${what} of ${plainLabel(output.subject)}`);
}
