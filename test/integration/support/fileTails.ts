import { readFile } from 'node:fs/promises';
import type { BrokerConnection } from '../../../src/broker/connection/connection.ts';
import { RotatingFile } from '../../../src/broker/files/rotatingFile.ts';
import { FileTail } from '../../../src/broker/saved/fileTail.ts';
import { loadMessage } from '../../../src/broker/saved/saved.ts';
import { tailOf } from './core.ts';

/** A tail that is to drain a queue to a file, as Warren makes it; not started. */
export async function drainTo(
  connection: BrokerConnection,
  queue: string,
  path: string,
  { maxBytes = 1e9, prefetch = 1_000 } = {},
): Promise<FileTail> {
  const buffer = { messages: prefetch, bytes: 1 << 24 };
  const tail = tailOf(connection, queue, { prefetch, buffer });
  return new FileTail(tail, await RotatingFile.create(path, maxBytes), { acknowledges: true, mostLeft: prefetch / 2 });
}

/** The bodies of the messages in files, as texts, in order. A line that is cut off at the end of a file is left out. */
export async function bodiesIn(paths: readonly string[]): Promise<string[]> {
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
  return texts.flatMap((text) => text.split('\n').slice(0, -1)).map(bodyOf);
}

function bodyOf(line: string): string {
  const loaded = loadMessage(line);
  if ('problem' in loaded) throw new Error(`${loaded.problem}: ${line}`);
  return loaded.draft.content.toString();
}
