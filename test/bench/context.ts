import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Broker, startBroker } from '../../scripts/lib/broker.mjs';
import { temporaryFolder } from '../../scripts/lib/owned.mjs';
import { packageExtension } from '../../scripts/lib/package.mjs';
import { writeFile } from 'node:fs/promises';
import type { Row } from './row.ts';
import { type Connected, type Window, Windows } from './window.ts';

/** Benchmarks that are run together. */
export interface Benchmark {
  /** The rows that it measures. */
  readonly names: readonly string[];
  run(context: BenchContext): Promise<Row[]>;
}

/** What benchmarks share: each part is made when it is first asked for. */
export class BenchContext {
  /** How often each variant is measured. */
  readonly rounds: number;
  readonly say: (message: string) => void;
  #vsix: Promise<string> | undefined;
  #broker: Promise<Broker> | undefined;
  #windows: Promise<Windows> | undefined;

  constructor(rounds: number, say: (message: string) => void) {
    this.rounds = rounds;
    this.say = say;
  }

  /** The packed extension; a copy, since others may build meanwhile. */
  vsix(): Promise<string> {
    this.#vsix ??= (async () => {
      this.say('Packing Warren …');
      const { path } = temporaryFolder('package');
      const copy = join(path, 'warren.vsix');
      await writeFile(copy, await readFile(await packageExtension()));
      return copy;
    })();
    return this.#vsix;
  }

  /** A broker with few queues. */
  broker(): Promise<Broker> {
    this.#broker ??= startBroker();
    return this.#broker;
  }

  windows(): Promise<Windows> {
    this.#windows ??= this.vsix().then((vsix) => Windows.start(vsix));
    return this.#windows;
  }

  /** Opens a window, with Warren connected to the broker, for as long as `body` takes. */
  async inWindow<T>(connected: Connected, body: (window: Window, windows: Windows) => Promise<T>): Promise<T> {
    const windows = await this.windows();
    const window = await windows.open(connected);
    try {
      return await body(window, windows);
    } finally {
      await window.dispose();
    }
  }

  async dispose(): Promise<void> {
    await (await this.#windows)?.dispose();
    await (await this.#broker)?.dispose();
  }
}
