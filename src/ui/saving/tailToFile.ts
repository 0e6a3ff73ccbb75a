import { rm } from 'node:fs/promises';
import { queueTail } from '../../broker/consume/queueTail.ts';
import { traitsOf } from '../../broker/consume/queueTraits.ts';
import type { TailMode } from '../../broker/consume/tail.ts';
import type { TailFactory } from '../../broker/consume/tailFactory.ts';
import { drainPrefetch } from '../../broker/consume/tailOptions.ts';
import { RotatingFile } from '../../broker/files/rotatingFile.ts';
import type { FileTail } from '../../broker/saved/fileTail.ts';
import type { Session } from '../../broker/session.ts';
import { unlessAborted } from '../../common/abort.ts';
import { visibleName } from '../../common/visibleText.ts';
import { rotateBytes } from '../config.ts';
import type { Connections } from '../connections/connections.ts';
import { agreedTo, chooseMode } from '../modes/chooseMode.ts';
import type { Mode } from '../modes/mode.ts';
import { offeredModes } from '../modes/modes.ts';
import type { QueueFacts } from '../modes/queueFacts.ts';
import { readFacts } from '../modes/readFacts.ts';
import { withProgressWhenSlow } from '../progress.ts';
import type { FirehoseNotes } from '../storage/firehoseNotes.ts';
import { chooseQueue, connected } from '../picks/targets.ts';
import type { FileTails } from './fileTails.ts';
import { fileNameOf, pickNewFile } from './places.ts';

/** They end with what is held at once, or with the first messages: those are saved from their tail. */
const bounded: readonly TailMode[] = ['hold', 'peek'];
/** What a drain to a file keeps in memory beside what it has not written yet. */
const buffer = { messages: drainPrefetch, bytes: 16 << 20 };

interface TailToFileParts {
  readonly connections: Connections;
  readonly firehoseNotes: FirehoseNotes;
  readonly fileTails: FileTails;
}

/**
 * Asks which queue, how and to which file, and writes what comes until it is stopped.
 * @throws AppError why it could not start; `fileUnwritable`
 */
export async function tailToFile(parts: TailToFileParts, argument: unknown): Promise<void> {
  const { connections, firehoseNotes, fileTails: tails } = parts;
  const chosen = await chooseQueue(connections, argument, 'Tail to File');
  if (!chosen) return;
  const { session, queue } = chosen;
  await connected(session);
  const facts = await withProgressWhenSlow(`Looking at ${visibleName(queue)}`, (signal) =>
    unlessAborted(readFacts(session, queue, firehoseNotes), signal),
  );
  const offered = offeredModes(facts).filter(({ mode }) => !bounded.includes(mode.mode));
  const connection = session.profile.name;
  const title = `Tail ${visibleName(queue)} on ${connection} to File`;
  const mode = await chooseMode(facts, offered, { title, connection, last: undefined, refused: [] });
  if (!mode || !(await agreedTo(mode, facts))) return;
  const make = await factoryFor(mode, facts, session);
  if (!make) return;
  const path = await pickNewFile(fileNameOf(queue), 'jsonl', 'JSON Lines');
  if (path !== undefined) await start(tails, session, { make, mode, path });
}

/** To drain is to acknowledge what is on the disk, and so to hold until then. */
async function factoryFor(mode: Mode, facts: QueueFacts, session: Session): Promise<TailFactory | undefined> {
  if (mode.mode !== 'drain') return (await mode.prepare(facts, session))?.make;
  const { queue, details } = facts;
  const traits = traitsOf(details, session.server?.version);
  return queueTail({ queue, mode: 'hold', prefetch: drainPrefetch, buffer, traits });
}

interface Prepared {
  readonly make: TailFactory;
  readonly mode: Mode;
  readonly path: string;
}

async function start(tails: FileTails, session: Session, { make, mode, path }: Prepared): Promise<void> {
  const { FileTail: Writer } = await import('../../broker/saved/fileTail.ts');
  const file = await RotatingFile.create(path, rotateBytes());
  let fileTail: FileTail;
  try {
    const options = { acknowledges: mode.mode === 'drain', mostLeft: drainPrefetch / 2 };
    fileTail = new Writer(session.openTail(make), file, options);
  } catch (error) {
    await file.close();
    throw error;
  }
  try {
    const { tail } = fileTail;
    await withProgressWhenSlow(`Starting to tail ${visibleName(tail.source.name)}`, (signal) => {
      signal.addEventListener('abort', () => void tail.stop());
      return unlessAborted(tail.start(), signal);
    });
  } catch (error) {
    await fileTail.stop();
    if (fileTail.written === 0) await rm(path, { force: true }).catch(() => undefined);
    throw error;
  }
  tails.add(session, fileTail);
}
