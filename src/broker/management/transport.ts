import * as http from 'node:http';
import * as https from 'node:https';
import { AppError } from '../../common/errors.ts';
import type { Disposable } from '../../common/disposable.ts';
import { lookupLocalhost } from '../localhost.ts';
import type { TlsMaterial } from '../tls/material.ts';
import { formatBaseUrl } from './baseUrl.ts';
import { failureOf } from './failure.ts';
import { parseJson, refusalReason, type HttpReply } from './httpReply.ts';
import { redact } from './redact.ts';

/** A login, sent as HTTP Basic authentication. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface TransportOptions {
  /** As `parseManagementUrl` returns it: path prefix included, `/api` not. */
  readonly baseUrl: URL;
  /** Without them requests are anonymous. */
  readonly credentials?: Credentials | undefined;
  readonly tls?: TlsMaterial | undefined;
  /** For a whole exchange, waiting for a free socket and the body included; milliseconds. */
  readonly timeoutMs?: number | undefined;
  /** The largest body that is accepted, in bytes. */
  readonly maxBytes?: number | undefined;
}

export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
  /** Instead of the transport's own. */
  readonly timeoutMs?: number | undefined;
}

const defaults = { timeoutMs: 10_000, maxBytes: 64 * 1024 * 1024, sockets: 4 } as const;
const longestReason = 300;

/** What is asked of the server. */
interface Request {
  readonly method: 'GET' | 'PUT';
  readonly path: string;
  /** JSON. */
  readonly body?: string;
}

/**
 * GET and PUT over kept-alive sockets. Redirects are never followed, so that credentials reach no other host. The password is in
 * the request header only: whatever the server says is searched for it before it becomes an error's text.
 */
export class Transport implements Disposable {
  readonly baseUrl: string;
  readonly #url: URL;
  readonly #agent: http.Agent;
  readonly #open: typeof http.request;
  readonly #credentials: Credentials | undefined;
  readonly #headers: http.OutgoingHttpHeaders;
  readonly #timeoutMs: number;
  readonly #maxBytes: number;
  readonly #disposal = new AbortController();

  constructor(options: TransportOptions) {
    const secure = options.baseUrl.protocol === 'https:';
    const reach = { autoSelectFamily: true, lookup: lookupLocalhost };
    const agentOptions = { ...reach, keepAlive: true, maxSockets: defaults.sockets };
    this.#url = options.baseUrl;
    this.baseUrl = formatBaseUrl(options.baseUrl);
    this.#agent = secure ? new https.Agent({ ...options.tls, ...agentOptions }) : new http.Agent(agentOptions);
    this.#open = secure ? https.request : http.request;
    this.#credentials = options.credentials;
    this.#timeoutMs = options.timeoutMs ?? defaults.timeoutMs;
    this.#maxBytes = options.maxBytes ?? defaults.maxBytes;
    // gzip is not asked for: compressing costs the broker CPU, and saves nothing on the same machine.
    this.#headers = { accept: 'application/json' };
    if (options.credentials) this.#headers['authorization'] = `Basic ${token(options.credentials)}`;
  }

  /**
   * The JSON that `path` (query included) answers with.
   * @throws AppError `managementUnreachable`, `managementForbidden`, `managementNotFound`, `managementRejected`,
   * `managementBadReply`, `timeout`, `cancelled`
   */
  async get(path: string, options: RequestOptions = {}): Promise<unknown> {
    const reply = await this.fetch(path, options);
    const url = this.urlOf(path);
    if (reply.status === 200) return parseJson(reply.body, url);
    throw this.refusal(reply, url);
  }

  /**
   * Any complete answer to a GET, whatever its status.
   * @throws AppError `managementUnreachable`, `managementBadReply`, `timeout`, `cancelled`
   */
  async fetch(path: string, options?: RequestOptions): Promise<HttpReply> {
    return await this.#send({ method: 'GET', path }, options);
  }

  /**
   * Replaces what is at `path`.
   * @throws AppError as `get`
   */
  async put(path: string, value: unknown, options?: RequestOptions): Promise<void> {
    const reply = await this.#send({ method: 'PUT', path, body: JSON.stringify(value) }, options);
    if (reply.status < 200 || reply.status > 299) throw this.refusal(reply, this.urlOf(path));
  }

  /** Both kinds of request may be sent again: doing the same twice does no more than once. */
  async #send(wanted: Request, options: RequestOptions = {}): Promise<HttpReply> {
    const timeoutMs = options.timeoutMs ?? this.#timeoutMs;
    const signals = [this.#disposal.signal, ...(options.signal ? [options.signal] : [])];
    for (let stale = 0; ; stale++) {
      try {
        return await this.#attempt(wanted, signals, timeoutMs);
      } catch (error) {
        if (!(error instanceof StaleSocketError)) throw error;
        // The server closed an idle socket just as we wrote to it (RabbitMQ does after 60 s), as it may have the others.
        if (stale === defaults.sockets) throw error.failure;
      }
    }
  }

  /** What an answer other than 200 means: `managementNotFound`, `managementForbidden` or `managementRejected`. */
  refusal(reply: HttpReply, url: string): AppError {
    if (reply.status === 404) return new AppError('managementNotFound', { url });
    const reason = this.#redact(refusalReason(reply, url)).slice(0, longestReason);
    if (reply.status === 401 || reply.status === 403) {
      return new AppError('managementForbidden', { url, username: this.#credentials?.username ?? '', reason });
    }
    return new AppError('managementRejected', { url, status: reply.status, reason });
  }

  /** For errors and logs: without the query. */
  urlOf(path: string): string {
    return this.baseUrl + path.replace(/\?.*$/s, '');
  }

  /** Closes the sockets; requests under way fail as `cancelled`. */
  dispose(): void {
    this.#disposal.abort();
    this.#agent.destroy();
  }

  #attempt(
    { method, path, body: sent }: Request,
    signals: readonly AbortSignal[],
    timeoutMs: number,
  ): Promise<HttpReply> {
    const url = this.urlOf(path);
    if (signals.some((signal) => signal.aborted)) return Promise.reject(new AppError('cancelled', {}));
    return new Promise((resolve, reject) => {
      const request = this.#open({
        method,
        hostname: this.#url.hostname.replace(/^\[|\]$/g, ''),
        port: this.#url.port,
        // Appended as text: the URL class would resolve a `..` that is a queue's name.
        path: this.#url.pathname.replace(/\/$/, '') + path,
        agent: this.#agent,
        headers: sent === undefined ? this.#headers : { ...this.#headers, 'content-type': 'application/json' },
      });
      const fail = (error: unknown): void => {
        settle();
        reject(error);
        request.destroy();
      };
      const cancel = (): void => fail(new AppError('cancelled', {}));
      const timer = setTimeout(() => {
        fail(new AppError('timeout', { operation: `${method} ${url}`, ms: timeoutMs }));
      }, timeoutMs);
      const settle = (): void => {
        clearTimeout(timer);
        for (const signal of signals) signal.removeEventListener('abort', cancel);
      };
      for (const signal of signals) signal.addEventListener('abort', cancel);
      let answered = false;
      request.on('error', (error) => {
        const failure = failureOf(error, url);
        fail(request.reusedSocket && !answered ? new StaleSocketError(failure) : failure);
      });
      request.on('response', (response) => {
        answered = true;
        const done = (body: Buffer): void => {
          settle();
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
        };
        this.#collect(response, url, done, fail);
      });
      request.end(sent);
    });
  }

  #collect(
    response: http.IncomingMessage,
    url: string,
    done: (body: Buffer) => void,
    fail: (error: AppError) => void,
  ): void {
    const badReply = (reason: string): AppError => new AppError('managementBadReply', { url, reason });
    const chunks: Buffer[] = [];
    let bytes = 0;
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > this.#maxBytes) fail(badReply(`it is larger than ${this.#maxBytes} bytes`));
      else chunks.push(chunk);
    });
    response.on('end', () => done(Buffer.concat(chunks)));
    response.on('error', () => fail(badReply(`it broke off after ${bytes} bytes`)));
  }

  /** Takes the login out of a text that came from the server (a proxy may echo headers). */
  #redact(text: string): string {
    if (!this.#credentials) return text;
    const { username, password } = this.#credentials;
    return redact(text, [token(this.#credentials), ...(password === username ? [] : [password])]);
  }
}

class StaleSocketError extends Error {
  readonly failure: AppError;

  constructor(failure: AppError) {
    super(failure.message);
    this.failure = failure;
  }
}

function token({ username, password }: Credentials): string {
  return Buffer.from(`${username}:${password}`, 'utf8').toString('base64');
}
