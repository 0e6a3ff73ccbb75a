import { createConnection } from 'node:net';
import { createInterface } from 'node:readline';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as vscode from 'vscode';
import { messageBytes } from '../messages.ts';
import { drainBare, publishBare } from './bare.ts';
import { publishBatch } from './batch.ts';
import { collectGarbage, drainTail, retain } from './consume.ts';
import { FloodWatch, now, type Flood } from './floodWatch.ts';
import { publishOurs } from './publish.ts';
import { bareGet, listPath, OpenList, watchRequests, type SeenRequest } from './queues.ts';
import type { Drain } from './tasks.ts';

const { WARREN_BENCH_PORT, WARREN_BENCH_AMQP_PORT } = process.env;
const watch = new FloodWatch();
watch.install(Number(WARREN_BENCH_AMQP_PORT));
const requests = watchRequests();
setFlagsFromString('--expose-gc');
globalThis.gc = runInNewContext('gc') as typeof globalThis.gc;
let list: OpenList | undefined;
let flood: Promise<Flood> | undefined;

/** What the benchmark can have done inside the extension host. */
const operations = {
  drainBare: (drain: Drain, acks: 'none' | 'batches') => drainBare(watch, drain, acks),
  drainTail: (drain: Drain) => drainTail(watch, drain),
  retain: (drain: Drain, every: number) => retain(watch, drain, every),
  publishBare,
  publishOurs,
  publishBatch,
  command: async (id: string, ...args: unknown[]): Promise<void> => {
    await vscode.commands.executeCommand(id, ...args);
  },
  /** Says that a flood will come to the extension under test; `flood` waits for its end. */
  expectFlood: async (count: number, last: string, bytes: number = messageBytes): Promise<void> => {
    flood = watch.expect(count * bytes, last);
  },
  flood: async (): Promise<Flood> => {
    if (!flood) throw new Error('No flood is expected.');
    return flood;
  },
  floodBytes: async (): Promise<number> => watch.bytes,
  /** For everyone who uses this editor. */
  changeSetting: async (name: string, value: unknown): Promise<void> => {
    await vscode.workspace.getConfiguration().update(name, value, vscode.ConfigurationTarget.Global);
  },
  /** A host whose window has gone waits for hours for it to come back, with all that its extensions do. */
  end: async (): Promise<void> => {
    setImmediate(() => process.exit(0));
  },
  memory: async (): Promise<NodeJS.MemoryUsage> => {
    collectGarbage();
    return process.memoryUsage();
  },
  residentBytes: async (): Promise<number> => process.memoryUsage.rss(),
  openList: async (url: string, managementUrl: string): Promise<number> => {
    list = await OpenList.open(url, managementUrl);
    return list.size;
  },
  refreshList: async (visible: readonly string[]): Promise<void> => {
    await list?.refresh(visible);
  },
  closeList: async (): Promise<void> => {
    await list?.dispose();
  },
  listPath,
  bareGet,
  requests: async (): Promise<SeenRequest[]> => requests,
  now: async (): Promise<number> => now(),
  activate: async (id: string): Promise<void> => {
    await vscode.extensions.getExtension(id)?.activate();
  },
  /** Paths of the CommonJS files that any extension has loaded. */
  loadedFiles: async (): Promise<string[]> => Object.keys(require.cache),
  /** VS Code's own account of its start, as far as it is known; activation times of extensions included. */
  startupPerformance: async (): Promise<string> => {
    if (!performanceReport()) await vscode.commands.executeCommand('perfview.show');
    return performanceReport()?.getText() ?? '';
  },
};

export type Operations = typeof operations;

/** Connects back to the benchmark, which sends a line of JSON for each call and gets one back. */
export function activate(): void {
  const socket = createConnection({ host: '127.0.0.1', port: Number(WARREN_BENCH_PORT) });
  socket.on('error', () => {});
  createInterface({ input: socket }).on('line', (line) => {
    const { id, name, args } = JSON.parse(line) as { id: number; name: keyof Operations; args: never[] };
    const run = operations[name] as (...args: never[]) => Promise<unknown>;
    run(...args).then(
      (result) => socket.write(`${JSON.stringify({ id, result })}\n`),
      (error: unknown) => socket.write(`${JSON.stringify({ id, error: describe(error) })}\n`),
    );
  });
}

function performanceReport(): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'perf');
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
