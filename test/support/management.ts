import { basicAuthorization } from '../../scripts/lib/ready.mjs';

/** A queue's counts at this moment. */
export interface QueueCounts {
  readonly ready: number;
  readonly unacknowledged: number;
  readonly total: number;
}

interface QueueRow {
  readonly name: string;
  readonly messages?: number;
  readonly messages_ready?: number;
  readonly messages_unacknowledged?: number;
}

/** The broker's own view, for tests to compare with: none of Warren's code is in it. */
export class Management {
  readonly #url: string;
  readonly #authorization: string;

  constructor(url: string, user: string, password: string) {
    this.#url = url;
    this.#authorization = basicAuthorization(user, password);
  }

  /**
   * @param path below `/api/`, its parts already encoded
   * @returns the parsed body, or undefined for an empty one
   * @throws with status and body, for any status but 2xx
   */
  async request(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.#url}/api/${path}`, {
      method,
      headers: { authorization: this.#authorization, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  async createVhost(vhost: string, user: string): Promise<void> {
    await this.request('PUT', `vhosts/${encodeURIComponent(vhost)}`, {});
    await this.grant(vhost, user, { configure: '.*', write: '.*', read: '.*' });
  }

  async deleteVhost(vhost: string): Promise<void> {
    await this.request('DELETE', `vhosts/${encodeURIComponent(vhost)}`);
  }

  async grant(
    vhost: string,
    user: string,
    permissions: { configure: string; write: string; read: string },
  ): Promise<void> {
    await this.request('PUT', `permissions/${encodeURIComponent(vhost)}/${encodeURIComponent(user)}`, permissions);
  }

  /** @param tags such as `management`; none: the user may not use the management API */
  async createUser(user: string, password: string, tags = ''): Promise<void> {
    await this.request('PUT', `users/${encodeURIComponent(user)}`, { password, tags });
  }

  async deleteUser(user: string): Promise<void> {
    await this.request('DELETE', `users/${encodeURIComponent(user)}`);
  }

  /** @returns undefined when there is no such queue */
  async queueCounts(vhost: string, name: string): Promise<QueueCounts | undefined> {
    const row = (await this.#queues(vhost)).find((each) => each.name === name);
    if (row === undefined) return undefined;
    const { messages: total = 0, messages_ready: ready = 0, messages_unacknowledged: unacknowledged = 0 } = row;
    return { ready, unacknowledged, total };
  }

  async queueNames(vhost: string): Promise<string[]> {
    return (await this.#queues(vhost)).map((each) => each.name);
  }

  /** The default form of this query lags by seconds; this one counts as it is asked. One page is enough for tests. */
  async #queues(vhost: string): Promise<QueueRow[]> {
    const query = 'page=1&page_size=500&disable_stats=true&enable_queue_totals=true';
    const answer = await this.request('GET', `queues/${encodeURIComponent(vhost)}?${query}`);
    return (answer as { items: QueueRow[] }).items;
  }
}
