import * as vscode from 'vscode';
import { offsetOf } from '../../broker/consume/stream/streamOffset.ts';
import { QueueTail } from '../../broker/consume/queueTail.ts';
import { isPolicyUnknown, traitsOf } from '../../broker/consume/queueTraits.ts';
import type { Tail, TailMode, TailSource } from '../../broker/consume/tail.ts';
import type { QueueInfo } from '../../broker/management/model.ts';
import type { Session } from '../../broker/session.ts';
import { unlessAborted } from '../../common/abort.ts';
import { visibleName } from '../../common/visibleText.ts';
import { fullId } from '../commands/ids.ts';
import type { TailOutput } from '../output/tailOutput.ts';
import type { TailOutputs } from '../output/tailOutputs.ts';
import { withProgressWhenSlow } from '../progress.ts';
import type { FirehoseNotes } from '../storage/firehoseNotes.ts';
import { connected, type QueueTarget } from '../picks/targets.ts';
import { agreedTo, chooseMode } from './chooseMode.ts';
import type { LastModes } from './lastModes.ts';
import type { Mode, PreparedTail } from './mode.ts';
import { modes, offeredModes, refusedModes } from './modes.ts';
import type { QueueFacts } from './queueFacts.ts';
import { readDetails } from './readDetails.ts';
import { readFacts } from './readFacts.ts';
import { plainText } from '../plainText.ts';

/** What is remembered of tails before. */
export interface TailMemory {
  readonly lastModes: LastModes;
  readonly firehoseNotes: FirehoseNotes;
}

/** After so long the management API has statistics of a new queue, in milliseconds. */
const policyMs = 7_000;

/** What a person has said already. */
export interface Asked {
  readonly mode?: TailMode | undefined;
  /** So many messages. */
  readonly count?: number | undefined;
  /** An ended tail that is to be read once more in the same way. */
  readonly before?: Tail | undefined;
}

/**
 * Asks how to read a queue unless that was said, telling what it costs, and starts it.
 * @throws AppError why it could not be looked at or read
 */
export async function startTail(
  outputs: TailOutputs,
  { lastModes, firehoseNotes }: TailMemory,
  { session, queue }: QueueTarget,
  { mode: given, count, before }: Asked = {},
): Promise<void> {
  await connected(session);
  const facts = await withProgressWhenSlow(`Looking at ${visibleName(queue)}`, (signal) =>
    unlessAborted(readFacts(session, queue, firehoseNotes), signal),
  );
  const mode = await modeFor(facts, session, lastModes, given);
  if (!mode || !(await agreedTo(mode, facts))) return;
  const { id } = session.profile;
  const wish = {
    count,
    lastCount: lastModes.countOf(id, queue),
    before: before?.mode === mode.mode ? before : undefined,
  };
  const prepared = await mode.prepare(facts, session, wish);
  if (!prepared) return;
  await openTail(outputs, session, { kind: 'queue', name: queue }, prepared, facts.details);
  session.queues.addKnown(queue);
  await lastModes.remember(id, queue, mode.mode, prepared.count);
}

async function modeFor(
  facts: QueueFacts,
  session: Session,
  lastModes: LastModes,
  given: TailMode | undefined,
): Promise<Mode | undefined> {
  const offered = offeredModes(facts);
  const wanted = offered.find(({ mode }) => mode.mode === given);
  if (wanted) return wanted.mode;
  const refused = refusedModes(facts);
  const refusal = modes.find(({ mode }) => mode === given)?.refuse?.(facts);
  if (refusal !== undefined && !(await wantsAnother(refusal))) return undefined;
  // Of a single way there is nothing to choose.
  if (offered.length === 1 && refused.length === 0) return offered[0]?.mode;
  const { id, name } = session.profile;
  return chooseMode(facts, offered, {
    connection: name,
    last: lastModes.of(id, facts.queue),
    refused,
  });
}

/** Says why the mode that was asked for must not be used. */
async function wantsAnother(refusal: string): Promise<boolean> {
  const another = 'Read Otherwise…';
  return (await vscode.window.showInformationMessage(plainText(refusal), another)) === another;
}

/**
 * Starts a tail and shows it, unless its source is being read already: then that one is shown.
 * @param details of its queue, where they are known
 * @throws AppError why it could not start
 */
export async function openTail(
  outputs: TailOutputs,
  session: Session,
  source: TailSource,
  { make, cost }: PreparedTail,
  details: QueueInfo | undefined,
): Promise<void> {
  // The questions took time: it may have been started by another way.
  const other = outputs.find(session, source);
  if (other && !other.hasEnded) {
    other.reveal();
    return;
  }
  const tail = session.openTail(make);
  preparations.set(tail, { make, cost });
  const output = outputs.open(session, tail, details, cost);
  if (!details) stopOnStream(output);
  else keepLearning(output, isPolicyUnknown(details));
  output.reveal();
  await withProgressWhenSlow(`Starting to tail ${visibleName(source.name)}`, (signal) => {
    signal.addEventListener('abort', () => void tail.stop());
    return unlessAborted(tail.start(), signal);
  });
}

const preparations = new WeakMap<Tail, PreparedTail>();

/** How a tail was made, to make it again without asking. */
export function preparedFor(tail: Tail): PreparedTail | undefined {
  return preparations.get(tail);
}

/**
 * Looks again at what is known of a queue: of a new one the management API does not tell at once what its policy says, such as
 * where rejected messages go, and whoever restarted the broker may have declared it otherwise.
 */
function keepLearning(output: TailOutput, isPolicyMissing: boolean): void {
  let timer: NodeJS.Timeout | undefined;
  let wasCut = false;
  const learnLater = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void learn(output), policyMs);
  };
  if (isPolicyMissing) learnLater();
  output.tail.onDidChangeStatus(({ kind }) => {
    if (kind === 'ended') clearTimeout(timer);
    else if (wasCut) {
      void learn(output);
      learnLater();
    }
    wasCut = kind === 'interrupted';
  });
}

async function learn(output: TailOutput): Promise<void> {
  const { session, tail } = output;
  const details = await readDetails(session, tail.source.name).catch(() => undefined);
  if (!details) return;
  output.learn(details);
  if (tail instanceof QueueTail) tail.learn(traitsOf(details, session.server?.version));
}

/**
 * Without a management API only a message shows that its queue is a stream, where returning one ends the connection (540):
 * offers to read it by offset.
 */
function stopOnStream({ session, tail }: TailOutput): void {
  if (!(tail instanceof QueueTail)) return;
  const subscription = tail.onDidReceive(() => {
    subscription.dispose();
    const first = tail.buffer.get(tail.buffer.firstNumber);
    if (!first || offsetOf(first) === undefined) return;
    void stopThenOffer();
  });
  const stopThenOffer = async (): Promise<void> => {
    await tail.stop();
    const { name: queue } = tail.source;
    const text = `${visibleName(queue)} on ${session.profile.name} is a stream, which is read by offset. The tail was stopped; a stream keeps its messages.`;
    const offer = 'Read by Offset…';
    if ((await vscode.window.showInformationMessage(plainText(text), offer)) !== offer) return;
    await vscode.commands.executeCommand(fullId('tailQueue'), { session, queue, mode: 'stream' });
  };
}
