import { AppError, toAppError } from '../../common/errors.ts';
import { formatHostPort } from '../amqpUri.ts';
import type { ConnectionTarget } from '../profile.ts';
import type { TlsMaterial } from '../tls/material.ts';
import { formatBaseUrl, parseManagementUrl } from './baseUrl.ts';
import { ManagementClient } from './client.ts';
import { reasonOf } from './failure.ts';
import { parseJson, refusalReason, type HttpReply } from './httpReply.ts';
import type { BrokerIdentity, Identity } from './model.ts';
import * as schema from './schema.ts';
import { Transport, type RequestOptions } from './transport.ts';

interface ProbeOptions {
  readonly tls?: TlsMaterial | undefined;
  /** For each request, in milliseconds. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** As AMQP's server properties have it: an API found by guessing that belongs to another cluster is passed over. */
  readonly clusterName?: string | undefined;
  /** Guesses to look at instead of the usual places; a URL that the profile has goes before them. */
  readonly candidates?: readonly string[] | undefined;
}

/** A place where the API was looked for, and why it was not usable there, as a short clause. */
interface ProbeFailure {
  readonly url: string;
  readonly reason: string;
}

/** What is known of a connection's management API. */
export type Management =
  | {
      readonly kind: 'available';
      /** The caller's to dispose. */
      readonly client: ManagementClient;
      readonly user: Identity;
      readonly broker: BrokerIdentity;
    }
  /** The API is there, and refuses this user: bad login, or none of the management tags. */
  | ({ readonly kind: 'forbidden' } & ProbeFailure)
  | { readonly kind: 'absent'; readonly reason: string; readonly tried: readonly ProbeFailure[] };

const defaultTimeoutMs = 3_000;

/** RabbitMQ says `Basic realm="RabbitMQ Management"`, 3.10 and 4.0 alike; a realm of another name is another server's. */
const brokerChallenge = /^basic\b.*\brealm=.*(rabbitmq|lavinmq)/i;

/**
 * Looks for the management API: at the profile's URL when it has one, else at the usual places on the same host. The
 * password goes only where an anonymous request was answered as a management API answers it, and never over plain HTTP
 * when AMQP is over TLS, unless the profile's URL says so. An API that is absent or forbidden is a result, not an error.
 * @throws AppError `cancelled`
 */
export async function probeManagement(
  profile: ConnectionTarget,
  password: string,
  options: ProbeOptions = {},
): Promise<Management> {
  const stop = new AbortController();
  const cancel = (): void => stop.abort();
  options.signal?.addEventListener('abort', cancel);
  if (options.signal?.aborted === true) cancel();
  const probe = new Probe(profile, password, { ...options, signal: stop.signal });
  try {
    return await probe.run();
  } finally {
    options.signal?.removeEventListener('abort', cancel);
    // Ends the anonymous requests whose answer is no longer needed.
    stop.abort();
  }
}

/**
 * Where the API may be, the likeliest first. 10,000 above AMQP's port is where several nodes on one host have it;
 * 443 where hosted brokers have it.
 */
export function candidateUrls(profile: ConnectionTarget): string[] {
  if (profile.managementUrl !== undefined) return [profile.managementUrl];
  const { host } = profile;
  const shifted = profile.port + 10_000;
  const ports = profile.tls ? [15671, 443, 15672] : [15672, 15671];
  const all = shifted <= 65_535 ? [...new Set([shifted, ...ports])] : ports;
  const secure = (port: number): boolean => profile.tls || port === 15671;
  return all.map((port) => `${secure(port) ? 'https' : 'http'}://${formatHostPort({ host, port })}`);
}

class Probe {
  readonly #profile: ConnectionTarget;
  readonly #password: string;
  readonly #options: ProbeOptions;
  readonly #request: RequestOptions;

  constructor(profile: ConnectionTarget, password: string, options: ProbeOptions & { readonly signal: AbortSignal }) {
    this.#profile = profile;
    this.#password = password;
    this.#options = options;
    this.#request = { signal: options.signal, timeoutMs: options.timeoutMs ?? defaultTimeoutMs };
  }

  /** Whether a person said where the API is. */
  get #isGiven(): boolean {
    return this.#profile.managementUrl !== undefined;
  }

  async run(): Promise<Management> {
    const guesses = this.#isGiven ? undefined : this.#options.candidates;
    const looks = (guesses ?? candidateUrls(this.#profile)).map((url) => ({ url, look: this.#look(url) }));
    const tried: ProbeFailure[] = [];
    let forbidden: Management | undefined;
    for (const { url, look } of looks) {
      const reason = await look;
      if (this.#request.signal?.aborted === true) throw new AppError('cancelled', {});
      const result = reason === undefined ? await this.#logIn(url) : reason;
      if (typeof result === 'string') tried.push({ url: shown(url), reason: result });
      else if (result.kind === 'available') return result;
      else forbidden ??= result;
    }
    return forbidden ?? { kind: 'absent', reason: tried[0]?.reason ?? '', tried };
  }

  /** Asks anonymously; undefined when it looks like a management API, else why not. Never rejects. */
  async #look(address: string): Promise<string | undefined> {
    let transport: Transport | undefined;
    try {
      transport = new Transport({ baseUrl: parseManagementUrl(address), tls: this.#options.tls });
      // Not /api/whoami: some versions of LavinMQ leave the challenge out there.
      const reply = await transport.fetch('/api/overview', this.#request);
      if (reply.status === 200 && isOverview(reply, transport.baseUrl)) return undefined;
      if (reply.status === 200) return 'it answers, but is no management API';
      if (reply.status !== 401) return refusalReason(reply, transport.baseUrl).slice(0, 300);
      if (this.#isGiven || brokerChallenge.test(reply.headers['www-authenticate'] ?? '')) return undefined;
      if (await isLavin(transport, this.#request)) return undefined;
      return 'it asks for a login, but not as a management API does';
    } catch (error) {
      return reasonOf(toAppError(error));
    } finally {
      transport?.dispose();
    }
  }

  /** Asks with the password; a text is the reason why this is not the API that was looked for. */
  async #logIn(address: string): Promise<Exclude<Management, { kind: 'absent' }> | string> {
    const { username, managementUsername = username } = this.#profile;
    const credentials = { username: managementUsername, password: this.#password };
    const client = new ManagementClient({ baseUrl: parseManagementUrl(address), tls: this.#options.tls, credentials });
    try {
      const user = await client.whoami(this.#request);
      const broker = await client.overview(this.#request);
      if (this.#isForeign(broker)) {
        client.dispose();
        return `it belongs to another cluster, ${broker.clusterName}`;
      }
      return { kind: 'available', client, user, broker };
    } catch (error) {
      client.dispose();
      const failure = toAppError(error);
      if (failure.is('cancelled')) throw failure;
      const reason = reasonOf(failure);
      return failure.is('managementForbidden') ? { kind: 'forbidden', url: client.url, reason } : reason;
    }
  }

  /** A URL that a person gave is believed; `cluster_name` may also be changed while AMQP stays connected. */
  #isForeign(broker: BrokerIdentity): boolean {
    const expected = this.#options.clusterName;
    if (this.#isGiven || expected === undefined) return false;
    return broker.clusterName !== undefined && broker.clusterName !== expected;
  }
}

/** A proxy may log in by itself, while many a web server answers 200 to any path. */
function isOverview(reply: HttpReply, url: string): boolean {
  const { product } = schema.toBrokerIdentity(schema.read(schema.overview, parseJson(reply.body, url), url));
  return product !== undefined;
}

/** Newer versions of LavinMQ refuse with a bare 401. Its login page needs no login. Source: lavinmq, src/lavinmq/http. */
async function isLavin(transport: Transport, request: RequestOptions): Promise<boolean> {
  const page = await transport.fetch('/login', request);
  return page.status === 200 && page.body.includes('LavinMQ');
}

/** The address without a login that someone may have put in it. */
function shown(address: string): string {
  try {
    return formatBaseUrl(parseManagementUrl(address));
  } catch {
    return '';
  }
}
