import type { Clock } from '../../common/clock.ts';
import type { Disposable } from '../../common/disposable.ts';
import type { ManagementClient } from './client.ts';
import type { Alarm } from './model.ts';

/** While there is an alarm it is looked at this often, in milliseconds: nothing else tells that it is over. */
const lookMs = 10_000;

/**
 * The alarms of a cluster, for which its nodes take no messages. RabbitMQ tells them of a connection only once something
 * is published on it. @see https://www.rabbitmq.com/docs/alarms
 */
export class AlarmWatch {
  readonly #clock: Clock;
  readonly #onChange: () => void;
  #reason: string | undefined;
  #next: Disposable | undefined;
  /** Counts readings and clearings: an answer that comes after another one no longer matters. */
  #turn = 0;

  constructor(clock: Clock, onChange: () => void) {
    this.#clock = clock;
    this.#onChange = onChange;
  }

  /** In the words of connection.blocked: `low on memory`, `low on disk`, `low on memory & disk`; undefined without. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** Asks, and again as long as there is an alarm. Never throws: what cannot be asked stays as it was. */
  async read(client: ManagementClient): Promise<void> {
    const turn = ++this.#turn;
    const alarms = await client.alarms().catch(() => undefined);
    if (turn !== this.#turn) return;
    const reason = alarms ? reasonOf(alarms) : this.#reason;
    this.#next?.dispose();
    if (reason !== undefined) this.#next = this.#clock.setTimeout(() => void this.read(client), lookMs);
    this.#set(reason);
  }

  /** Nothing is known any more. */
  clear(): void {
    this.#turn++;
    this.#next?.dispose();
    this.#set(undefined);
  }

  #set(reason: string | undefined): void {
    if (this.#reason === reason) return;
    this.#reason = reason;
    this.#onChange();
  }
}

function reasonOf(alarms: readonly Alarm[]): string | undefined {
  const short = ['memory', 'disk'].filter((what) => alarms.some(({ resource }) => resource.startsWith(what)));
  return short.length === 0 ? undefined : `low on ${short.join(' & ')}`;
}
