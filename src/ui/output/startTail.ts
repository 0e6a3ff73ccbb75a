import * as vscode from 'vscode';
import type { QueueInfo } from '../../broker/management/model.ts';
import type { TailMode } from '../../broker/consume/tail.ts';
import type { Management } from '../../broker/management/probe.ts';
import type { Session } from '../../broker/session.ts';
import { unlessAborted } from '../../common/abort.ts';
import { toAppError } from '../../common/errors.ts';
import { visibleName } from '../../common/visibleText.ts';
import { tailBufferLimits, tailPrefetch } from '../config.ts';
import { withProgressWhenSlow } from '../progress.ts';
import { connected, type QueueTarget } from '../targets.ts';
import { modeChoices, refusalOf, warningsOf, type QueueFacts } from './modeChoice.ts';
import { deliveryLimitOf, isPolicyUnknown, traitsOf } from '../../broker/consume/queueTraits.ts';
import type { TailOutput } from './tailOutput.ts';
import type { TailOutputs } from './tailOutputs.ts';

/** How long to wait for what the management API is found to be, in milliseconds. */
const probeMs = 3_000;
/** After so long the management API has statistics of a new queue, in milliseconds. */
const policyMs = 7_000;

/**
 * Asks how to tail a queue unless `given` says it, telling what it costs, and starts it.
 * @throws AppError why it could not be looked at or consumed
 */
export async function startTail(
  outputs: TailOutputs,
  { session, queue }: QueueTarget,
  given: TailMode | undefined,
): Promise<void> {
  const name = visibleName(queue);
  await connected(session);
  const facts = await withProgressWhenSlow(`Looking at ${name}`, (signal) =>
    unlessAborted(readFacts(session, queue), signal),
  );
  const refusal = refusalOf(facts);
  if (refusal !== undefined) {
    void vscode.window.showInformationMessage(refusal);
    return;
  }
  const mode = given ?? (await chooseMode(facts, session));
  if (!mode || !(await agreedTo(facts, mode))) return;
  // The questions took time: it may have been started by another way.
  const other = outputs.find(session, queue);
  if (other && !other.hasEnded) {
    other.channel.show(true);
    return;
  }
  await open(outputs, session, facts, mode);
  session.queues.addKnown(queue);
}

async function open(outputs: TailOutputs, session: Session, facts: QueueFacts, mode: TailMode): Promise<void> {
  const { queue, details, prefetch } = facts;
  const tail = session.openTail({
    queue,
    mode,
    prefetch,
    buffer: tailBufferLimits(),
    traits: traitsOf(details, session.server?.version),
  });
  const output = outputs.open(session, tail, details);
  if (!details) stopOnStream(output);
  else if (isPolicyUnknown(details)) learnLater(output);
  output.channel.show(true);
  await withProgressWhenSlow(`Starting to tail ${visibleName(queue)}`, (signal) => {
    signal.addEventListener('abort', () => void tail.stop());
    return unlessAborted(tail.start(), signal);
  });
}

async function readFacts(session: Session, queue: string): Promise<QueueFacts> {
  // First, because it says by its error whether the queue is there and ours to look at.
  const { consumers } = await session.admin.check(queue);
  const details = await readDetails(session, queue);
  const limit = deliveryLimitOf(details, session.server?.version);
  return { queue, details, consumers, limit, prefetch: tailPrefetch() };
}

/** Undefined when there is no management API, or it does not tell: tailing needs it not. */
async function readDetails(session: Session, queue: string): Promise<QueueInfo | undefined> {
  const management = await managementOf(session);
  if (management?.kind !== 'available') return undefined;
  try {
    return await management.client.queue(session.profile.vhost, queue);
  } catch (error) {
    if (toAppError(error).is('unexpected')) throw error;
    return undefined;
  }
}

/** What is known of the management API; it is looked for when the connection opens, which may be just now. */
async function managementOf(session: Session): Promise<Management | undefined> {
  if (session.management) return session.management;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, probeMs);
    const subscription = session.onDidChange(() => {
      if (session.management || !session.isOpen) done();
    });
    function done(): void {
      clearTimeout(timer);
      subscription.dispose();
      resolve();
    }
  });
  return session.management;
}

async function chooseMode(facts: QueueFacts, session: Session): Promise<TailMode | undefined> {
  const items = modeChoices(facts).map((choice) => ({ ...choice, iconPath: modeIcon(choice.mode) }));
  const picked = await vscode.window.showQuickPick(items, {
    title: `Tail ${visibleName(facts.queue)} on ${session.profile.name}`,
    placeHolder: 'How to take its messages',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.mode;
}

function modeIcon(mode: TailMode): vscode.ThemeIcon {
  return new vscode.ThemeIcon(mode === 'hold' ? 'eye' : 'arrow-down');
}

async function agreedTo(facts: QueueFacts, mode: TailMode): Promise<boolean> {
  const warnings = warningsOf(facts, mode);
  if (warnings.length === 0) return true;
  const goOn = 'Tail anyway';
  const question = `Tail ${visibleName(facts.queue)}?`;
  const chosen = await vscode.window.showWarningMessage(question, { modal: true, detail: warnings.join('\n\n') }, goOn);
  return chosen === goOn;
}

/** Of a new queue the management API does not tell at once what its policy says, such as where rejected messages go. */
function learnLater(output: TailOutput): void {
  const { session, queue, tail } = output;
  const timer = setTimeout(() => {
    void readDetails(session, queue).then(
      (details) => {
        if (!details) return undefined;
        output.learn(details);
        return tail.learn(traitsOf(details, session.server?.version));
      },
      () => undefined,
    );
  }, policyMs);
  tail.onDidChangeStatus(({ kind }) => {
    if (kind === 'ended') clearTimeout(timer);
  });
}

/** Without a management API only a message shows that its queue is a stream, where returning one is an error (540). */
function stopOnStream(output: TailOutput): void {
  const { tail, queue } = output;
  const subscription = tail.onDidReceive(() => {
    subscription.dispose();
    const first = tail.buffer.get(tail.buffer.firstNumber);
    if (typeof first?.properties.headers?.['x-stream-offset'] !== 'number') return;
    void tail.stop();
    void vscode.window.showInformationMessage(
      `${visibleName(queue)} is a stream, which is read by offset. Warren cannot do that yet, and stopped; a stream keeps its messages.`,
    );
  });
}
