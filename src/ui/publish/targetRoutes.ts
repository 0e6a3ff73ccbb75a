import type { ExchangeInfo } from '../../broker/management/model.ts';
import { routeLine, routeWords } from '../messageFile/routeWords.ts';
import type { Topology } from '../../broker/routing/topology.ts';
import { topologyOf, type VhostTopology } from '../messageFile/liveTopology.ts';
import type { Session } from '../../broker/session.ts';
import { toAppError } from '../../common/errors.ts';
import type { PublishTarget } from './target.ts';

/** The headers of each message that is to be published; undefined where they are not known before it is. */
export type HeadersOfEach = readonly Readonly<Record<string, unknown>>[] | undefined;

/** Looking at more messages would be felt. */
export const mostLookedAt = 200;

/** The exchanges that can be published to, and which queues would get messages there, as far as the management API tells. */
export class TargetRoutes {
  readonly #session: Session;
  readonly #headers: HeadersOfEach;
  #live: VhostTopology | undefined;
  /** By target: all are wanted again with each key that is typed. */
  #known = new Map<string, string | undefined>();
  exchanges: readonly ExchangeInfo[] = [];

  constructor(session: Session, headers: HeadersOfEach) {
    this.#session = session;
    this.#headers = headers;
  }

  /** @param show called when the exchanges are known, but not yet where each leads to @throws AppError only `unexpected` */
  async load(show: () => void): Promise<void> {
    const session = this.#session;
    await session.ready();
    const { management, profile } = session;
    if (management?.kind !== 'available') return;
    try {
      this.exchanges = await management.client.exchanges(profile.vhost);
      show();
      this.#live = await topologyOf(session, management.client);
      this.#known = new Map();
    } catch (error) {
      // A name can still be typed.
      if (toAppError(error).code === 'unexpected') throw error;
    }
  }

  /** What decides where messages go; undefined before it is loaded, and where the management API does not tell. */
  get topology(): Topology | undefined {
    return this.#live?.topology;
  }

  /** Which queues would get the messages, in a line; undefined where that is not known, and for a queue that is there. */
  of(target: PublishTarget): string | undefined {
    const live = this.#live;
    if (!live) return undefined;
    const key = JSON.stringify([target.exchange, target.routingKey]);
    if (!this.#known.has(key)) this.#known.set(key, this.#lineOf(target, live));
    return this.#known.get(key);
  }

  #lineOf({ exchange, routingKey }: PublishTarget, { topology }: VhostTopology): string | undefined {
    const headers = this.#headers;
    const byHeaders = topology.exchanges.get(exchange)?.type === 'headers';
    if (byHeaders && (!headers || headers.length > mostLookedAt)) return '→ by the headers of each message';
    const looked = headers && headers.length <= mostLookedAt ? headers : [{}];
    const lines = new Set(
      looked.map((each) => {
        const route = routeWords({ exchange, routingKey, headers: each }, topology);
        return route && routeLine(route);
      }),
    );
    return lines.size > 1 ? '→ not the same queues for all of them, by their headers' : [...lines][0];
  }
}
