import { toAppError, type AppError } from '../common/errors.ts';
import { Emitter, type Event } from '../common/event.ts';
import type { QueueAdmin } from './admin.ts';
import { mayExpire } from './consume/queueTraits.ts';
import { isTapQueue } from './consume/tap/tapQueueArguments.ts';
import type { ManagementClient } from './management/client.ts';
import type { QueueInfo } from './management/model.ts';

/** One queue as far as it is known; a count that is not known is undefined. */
export interface QueueEntry {
  readonly name: string;
  /** What the management API tells; undefined for a queue known only by its name. */
  readonly info: QueueInfo | undefined;
  readonly ready: number | undefined;
  readonly unacknowledged: number | undefined;
  readonly consumers: number | undefined;
  /** It was looked for and is not there (or is not ours to look at). */
  readonly missing: boolean;
}

/** Up to this many queues a refresh takes the whole list: with its 6 to 22 ms that is the cheapest way to see new ones. */
const wholeListUpTo = 500;
/** Above it only what is visible is refreshed, and the whole list once in so many refreshes. */
const wholeListEvery = 12;
/** And what only the management API tells of a visible queue once in so many: it lags by 5 s anyway, at a dear millisecond each. */
const singlesEvery = 2;

/**
 * The queues of one vhost. From the management API where there is one; else those known by name, because AMQP cannot
 * list. Counts of consumers, and all counts of queues known by name, are from passive declares.
 */
export class QueueList {
  readonly #admin: QueueAdmin;
  readonly #vhost: string;
  readonly #known: Set<string>;
  #management: ManagementClient | undefined;
  #entries = new Map<string, QueueEntry>();
  #loaded = false;
  #failure: AppError | undefined;
  #refreshes = 0;
  #running: Promise<void> | undefined;
  /** A whole refresh that follows the one under way. */
  #next: Promise<void> | undefined;
  readonly #changed = new Emitter<void>();
  readonly #knownChanged = new Emitter<readonly string[]>();
  /** Entries have changed. */
  readonly onDidChange: Event<void> = this.#changed.event;
  /** A name was added or removed, for whoever remembers them. */
  readonly onDidChangeKnown: Event<readonly string[]> = this.#knownChanged.event;

  constructor(admin: QueueAdmin, vhost: string, known: Iterable<string>) {
    this.#admin = admin;
    this.#vhost = vhost;
    this.#known = new Set(known);
  }

  /** Whether the entries are all queues of the vhost, and not only those known by name. */
  get isComplete(): boolean {
    return this.#management !== undefined && this.#failure === undefined;
  }

  /** Why the last refresh failed. */
  get failure(): AppError | undefined {
    return this.#failure;
  }

  /** False until the first refresh has ended: nothing may be called empty before. */
  get isLoaded(): boolean {
    return this.#loaded;
  }

  entries(): QueueEntry[] {
    return [...this.#entries.values()];
  }

  get(name: string): QueueEntry | undefined {
    return this.#entries.get(name);
  }

  /** Where lists come from now; undefined when there is no management API. Takes effect with the next refresh. */
  useManagement(client: ManagementClient | undefined): void {
    this.#management = client;
    this.#refreshes = 0;
  }

  /** Remembers a queue by name, for the time when it cannot be listed. */
  addKnown(name: string): void {
    if (this.#known.has(name)) return;
    this.#known.add(name);
    this.#knownChanged.fire([...this.#known]);
  }

  removeKnown(name: string): void {
    const wasKnown = this.#known.delete(name);
    if (this.#entries.delete(name)) this.#changed.fire();
    if (wasKnown) this.#knownChanged.fire([...this.#known]);
  }

  /**
   * Brings the list up to date, or joins a refresh under way. With thousands of queues only `visible` ones are asked for,
   * and the whole list now and then, or with `whole`: then all of it is read after this call, even when another refresh is
   * under way. Never throws: see `failure`.
   */
  async refresh(visible: readonly string[], whole = false): Promise<void> {
    if (whole && this.#running) {
      this.#next ??= this.#running.then(() => {
        this.#next = undefined;
        return this.refresh(visible, true);
      });
      await this.#next;
      return;
    }
    this.#running ??= this.#refresh(visible, whole).finally(() => {
      this.#running = undefined;
    });
    await this.#running;
  }

  /** Counts the consumers of these queues. Never throws: what could not be counted stays as it was. */
  async countConsumers(names: readonly string[]): Promise<void> {
    try {
      await this.#countConsumers(names);
    } catch (error) {
      this.#failure = toAppError(error);
    }
    this.#changed.fire();
  }

  async #refresh(visible: readonly string[], whole: boolean): Promise<void> {
    try {
      const takeAll = whole || this.#entries.size <= wholeListUpTo || this.#refreshes % wholeListEvery === 0;
      if (!this.#management) await this.#checkKnown();
      else if (takeAll) await this.#loadAll(this.#management, visible);
      else await this.#loadVisible(this.#management, visible);
      this.#refreshes++;
      this.#failure = undefined;
    } catch (error) {
      this.#failure = toAppError(error);
    }
    this.#loaded = true;
    this.#changed.fire();
  }

  async #loadAll(management: ManagementClient, visible: readonly string[]): Promise<void> {
    const infos = (await management.queues(this.#vhost)).filter((info) => !isTapQueue(info));
    const before = this.#entries;
    this.#entries = new Map(infos.map((info) => [info.name, updated(info, before.get(info.name))]));
    await this.#readPolicies(management, visible);
    await this.#countConsumers(visible);
  }

  /** A list has a policy's name; what it sets is only told of a single queue. */
  async #readPolicies(management: ManagementClient, visible: readonly string[]): Promise<void> {
    const names = visible.filter((name) => this.#entries.get(name)?.info?.policy !== undefined);
    const singles = await Promise.all(names.map((name) => findQueue(management, this.#vhost, name)));
    for (const single of singles) {
      const entry = single && this.#entries.get(single.name);
      if (!single || !entry?.info) continue;
      const info = { ...entry.info, effectivePolicy: single.effectivePolicy };
      this.#entries.set(single.name, { ...entry, info, consumers: single.consumers ?? entry.consumers });
    }
  }

  async #loadVisible(management: ManagementClient, visible: readonly string[]): Promise<void> {
    const isDue = this.#refreshes % singlesEvery === 0;
    await this.#readSingles(
      management,
      visible.filter((name) => isDue || !mayCheck(this.#entries.get(name))),
    );
    await this.#readSingles(management, await this.#countConsumers(visible));
  }

  async #readSingles(management: ManagementClient, wanted: readonly string[]): Promise<void> {
    const names = wanted.filter((name) => this.#entries.has(name));
    const infos = await Promise.all(names.map((name) => findQueue(management, this.#vhost, name)));
    for (const [i, info] of infos.entries()) {
      const name = names[i] ?? '';
      const before = this.#entries.get(name);
      if (info) this.#entries.set(name, updated(info, before));
      else this.#entries.delete(name);
    }
  }

  /** Returns the names of those that could not be counted: not there any more, most likely. */
  async #countConsumers(visible: readonly string[]): Promise<string[]> {
    const names = visible.filter((name) => mayCheck(this.#entries.get(name)));
    const counts = await this.#admin.checkMany(names);
    for (const [name, count] of counts) {
      const entry = this.#entries.get(name);
      if (entry && count) this.#entries.set(name, { ...entry, ready: count.ready, consumers: count.consumers });
    }
    return names.filter((name) => counts.get(name) === undefined);
  }

  async #checkKnown(): Promise<void> {
    const names = [...this.#known].toSorted();
    const counts = await this.#admin.checkMany(names);
    this.#entries = new Map(names.map((name) => [name, fromCounts(name, counts.get(name))]));
  }
}

/**
 * A passive declare renews `x-expires`: a queue that is to expire unused must not be kept alive by looking at it. Where no
 * policy is named, an operator policy that says so goes unseen: lists do not have it.
 */
function mayCheck(entry: QueueEntry | undefined): boolean {
  const info = entry?.info;
  if (!info || info.exclusive) return false;
  return mayExpire(info) === false || (info.policy === undefined && mayExpire(info) !== true);
}

async function findQueue(management: ManagementClient, vhost: string, name: string): Promise<QueueInfo | undefined> {
  try {
    return await management.queue(vhost, name);
  } catch (error) {
    const failure = toAppError(error);
    if (failure.is('managementNotFound')) return undefined;
    throw failure;
  }
}

/** A stream in a list and a single queue have their counts late or not at all: what was known stays until then. */
function updated(info: QueueInfo, before: QueueEntry | undefined): QueueEntry {
  const entry = fromInfo(info, before?.consumers);
  return {
    ...entry,
    ready: entry.ready ?? before?.ready,
    unacknowledged: entry.unacknowledged ?? before?.unacknowledged,
  };
}

function fromInfo(info: QueueInfo, consumers: number | undefined): QueueEntry {
  const { name, ready, unacknowledged } = info;
  return { name, info, ready, unacknowledged, consumers: info.consumers ?? consumers, missing: false };
}

function fromCounts(name: string, counts: { ready: number; consumers: number } | undefined): QueueEntry {
  return {
    name,
    info: undefined,
    ready: counts?.ready,
    unacknowledged: undefined,
    consumers: counts?.consumers,
    missing: counts === undefined,
  };
}
