import { appendFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { startBroker } from '../../../scripts/lib/broker.mjs';
import type { Session } from '../../../src/broker/session.ts';
import { Management } from '../../support/management.ts';
import { TcpProxy } from '../../support/tcpProxy.ts';
import { waitFor } from '../../support/waitFor.ts';
import { openSession } from '../agent/consume.ts';
import { toJson } from '../row.ts';
import { planFaults, type FaultTargets } from './faults.ts';
import { Ledger } from './ledger.ts';
import { sampleMemory, type MemorySample } from './memory.ts';
import { Publishing } from './publishing.ts';
import { Random } from '../../support/random.ts';
import { memoryFinding, reportRows, reportText, type SoakReport } from './report.ts';
import { Tailing, type TailingParts } from './tailing.ts';
import { Tally } from './tally.ts';

export interface SoakOptions {
  readonly minutes: number;
  /** The same seed: the same faults in the same order, the same choices. What happens when is the machine's. */
  readonly seed: number;
  /** Where the figures go as JSON. */
  readonly json: string | undefined;
  /** Where it is written what happened when. */
  readonly log: string | undefined;
}

const faultEveryMs = 10_000;
/** A quorum queue that is younger than some seconds is broken by a kill -9. Measured on 3.10. */
const firstFaultMs = 10_000;
const drainMs = 180_000;
/** More than any run publishes in a minute. */
const messagesPerMinute = 40_000;
/** Of the lost ones. */
const mostTold = 200;

const classic = 'soak.classic';
const quorum = 'soak.quorum';
const dead = 'soak.dead';

/**
 * Publishes and holds for minutes, with a fault every ten seconds, and draws the balance: whatever was confirmed must have been
 * acknowledged by someone or be in a queue, the bytes must be those that were published, and memory must not grow.
 * @returns the exit code: 1 when a message was lost or damaged, something failed that nobody handled, or memory grew
 */
export async function runSoak({ minutes, seed, json, log }: SoakOptions): Promise<number> {
  say(`soak: ${minutes} minutes, seed ${seed}`);
  const soak = await Soak.prepare({ seed, minutes, log });
  try {
    const report = await soak.run();
    console.log(reportText(report));
    if (json !== undefined) await writeFile(json, `${JSON.stringify(toJson(reportRows(report)), undefined, 2)}\n`);
    return report.findings.length === 0 ? 0 : 1;
  } finally {
    await soak.dispose();
  }
}

function say(text: string): void {
  console.error(text);
}

class Soak {
  readonly #seed: number;
  readonly #minutes: number;
  readonly #targets: FaultTargets;
  readonly #session: Session;
  readonly #management: Management;
  readonly #ledger: Ledger;
  readonly #errors: Tally;
  readonly #faults = new Tally();
  readonly #memory: MemorySample[] = [];
  readonly #unhandled: string[] = [];
  readonly #started = Date.now();
  #mayReject = true;

  private constructor(
    options: Pick<SoakOptions, 'seed' | 'minutes' | 'log'>,
    targets: Pick<FaultTargets, 'broker' | 'proxy'>,
  ) {
    this.#seed = options.seed;
    this.#minutes = options.minutes;
    const { log } = options;
    this.#errors = new Tally(log === undefined ? undefined : (line) => appendFileSync(log, `${this.#clock} ${line}\n`));
    this.#targets = {
      ...targets,
      rejectionsLanded: () => this.#rejectionsLanded(),
      mayReject: () => (this.#mayReject = true),
    };
    const { broker, proxy } = targets;
    const url = broker.amqpUrl.replace(`:${broker.amqpPort}`, `:${proxy.port}`);
    this.#session = openSession(url, broker.managementUrl);
    this.#management = new Management(broker.managementUrl ?? '', broker.user, broker.password);
    this.#ledger = new Ledger(Math.ceil((options.minutes + 1) * messagesPerMinute));
    for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
      process.on(event, (error: unknown) => {
        this.#unhandled.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
      });
    }
    this.#watchState();
  }

  static async prepare(options: Pick<SoakOptions, 'seed' | 'minutes' | 'log'>): Promise<Soak> {
    const broker = await startBroker();
    const proxy = await TcpProxy.to(broker.amqpPort);
    return new Soak(options, { broker, proxy });
  }

  async run(): Promise<SoakReport> {
    const session = this.#session;
    await session.connect();
    await this.#declare();
    const common = { session, ledger: this.#ledger, errors: this.#errors };
    const mayReject = (queue: string): boolean => queue === quorum || this.#mayReject;
    const parts = (stream: number): TailingParts => ({ ...common, mayReject, random: new Random(this.#seed, stream) });
    const publishing = [1, 2].map(
      (stream) =>
        new Publishing(session, [classic, quorum], this.#ledger, new Random(this.#seed, stream), this.#errors),
    );
    const tailing = [
      new Tailing(parts(3), classic, 'hold'),
      new Tailing(parts(4), quorum, 'hold'),
      new Tailing(parts(5), quorum, 'hold'),
      new Tailing(parts(6), dead, 'drain'),
    ];
    const looking = new AbortController();
    const looks = Promise.all([this.#sampleMemory(looking.signal), this.#refresh(looking.signal)]);
    await this.#makeFaults();
    say('Stopping …');
    await Promise.all(publishing.map((each) => each.stop()));
    await Promise.all(tailing.slice(0, 3).map((each) => each.stop()));
    looking.abort();
    await looks;
    this.#memory.push(sampleMemory(this.#elapsedMinutes));
    await this.#drain([
      ...tailing.slice(3),
      ...[classic, quorum].map((queue) => new Tailing(parts(7), queue, 'drain')),
    ]);
    return this.#report();
  }

  async dispose(): Promise<void> {
    await this.#session.dispose();
    await this.#targets.proxy.dispose();
    await this.#targets.broker.dispose();
  }

  /** Seconds since the start, for the log. */
  get #clock(): string {
    return ((Date.now() - this.#started) / 1000).toFixed(2).padStart(8);
  }

  get #elapsedMinutes(): number {
    return (Date.now() - this.#started) / 60_000;
  }

  /** Rejected messages go to a queue of their own; from the quorum queue with the broker's own confirm. */
  async #declare(): Promise<void> {
    const { admin } = this.#session;
    const deadLetters = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': dead };
    const safe = {
      'x-queue-type': 'quorum',
      'x-dead-letter-strategy': 'at-least-once',
      'x-overflow': 'reject-publish',
    };
    await admin.declare({ name: dead, durable: true, arguments: {} });
    await admin.declare({ name: classic, durable: true, arguments: deadLetters });
    await admin.declare({ name: quorum, durable: true, arguments: { ...deadLetters, ...safe } });
  }

  async #makeFaults(): Promise<void> {
    const end = Date.now() + this.#minutes * 60_000;
    let next = Date.now() + firstFaultMs;
    for (const fault of planFaults(new Random(this.#seed))) {
      if (next >= end) break;
      await delay(Math.max(0, next - Date.now()));
      say(`${this.#elapsedMinutes.toFixed(1).padStart(5)} min  ${fault.name}, ${fault.seconds}`);
      this.#errors.note(`fault: ${fault.name}, ${fault.seconds}`);
      await fault.run(this.#targets);
      this.#errors.note('fault is over');
      this.#faults.add(fault.name);
      // What takes longer than ten seconds moves the rest.
      while (next <= Date.now()) next += faultEveryMs;
    }
    await delay(Math.max(0, end - Date.now()));
  }

  /** A failure for good is met as a person meets it, who is told: by connecting again. */
  #watchState(): void {
    this.#session.onDidChange(() => {
      const { state } = this.#session;
      this.#errors.note(`connection is ${state.kind}`);
      if (state.kind !== 'failed') return;
      this.#errors.add(`gave up ${state.error.code}`);
      setTimeout(() => void this.#session.connect().catch(() => undefined), 1000);
    });
  }

  async #rejectionsLanded(): Promise<void> {
    this.#mayReject = false;
    // It takes milliseconds; what is in the other queue is written down within some hundred more.
    await delay(1_000);
  }

  async #sampleMemory(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const sample = sampleMemory(this.#elapsedMinutes);
      this.#memory.push(sample);
      say(`       memory ${sample.live.toFixed(1)} MB live, ${sample.resident.toFixed(0)} MB resident`);
      await delay(60_000, undefined, { signal }).catch(() => undefined);
    }
  }

  /** The tree looks at the queues meanwhile. */
  async #refresh(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#session.refreshQueues([classic, quorum, dead]);
      await delay(5_000, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Takes all that is in the queues. @throws when they are not empty in time */
  async #drain(tailing: readonly Tailing[]): Promise<void> {
    say('Draining …');
    const left = async (): Promise<number> => {
      const counts = await Promise.all(
        [classic, quorum, dead].map((queue) => this.#management.queueCounts('/', queue)),
      );
      return counts.reduce((sum, each) => sum + (each?.total ?? Infinity), 0);
    };
    let last = Infinity;
    await waitFor(async () => (last = await left()) === 0, {
      timeoutMs: drainMs,
      describe: () => `empty queues; ${last} messages are left (${this.#session.state.kind})`,
    });
    await Promise.all(tailing.map((each) => each.stop()));
  }

  #report(): SoakReport {
    const totals = this.#ledger.totals();
    const findings = this.#unhandled.map((each) => `Unhandled: ${each}`);
    for (const { number, queue, publishedAt, wasSeen } of totals.lostMessages.slice(0, mostTold)) {
      const when = `published ${(publishedAt / 1000).toFixed(2)} s after the start`;
      findings.push(`Lost: ${number} in ${queue}, ${when}, ${wasSeen ? 'seen before' : 'never seen'}`);
    }
    if (totals.damaged > 0) findings.push(`Damaged: ${totals.damaged}`);
    if (totals.surprises > 0) findings.push(`Arrived, though said not to be published: ${totals.surprises}`);
    const leak = memoryFinding(this.#minutes, this.#memory);
    if (leak !== undefined) findings.push(leak);
    return {
      seed: this.#seed,
      minutes: this.#minutes,
      totals,
      memory: this.#memory,
      faults: this.#faults,
      errors: this.#errors,
      findings,
    };
  }
}
