import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '../../common/errors.ts';

/** A complete answer, whatever its status. */
export interface HttpReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * The body as JSON.
 * @throws AppError `managementBadReply`
 */
export function parseJson(body: Buffer, url: string): unknown {
  const text = body.toString('utf8');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The parser's own message quotes the body: it is not carried on.
    const reason = /^\s*</.test(text) ? 'it is HTML, not JSON' : 'it is not JSON';
    throw new AppError('managementBadReply', { url, reason });
  }
}

/** What the server says of a refusal: where it redirects to, its JSON's `reason`, else `error`, else the status. */
export function refusalReason(reply: HttpReply, url: string): string {
  return redirectReason(reply, url) ?? (saidIn(reply.body) || `HTTP status ${reply.status}`);
}

function redirectReason({ status, headers }: HttpReply, url: string): string | undefined {
  if (status < 300 || status > 399 || headers.location === undefined) return undefined;
  try {
    const { origin, pathname } = new URL(headers.location, url);
    return `it redirects to ${origin}${pathname}`;
  } catch {
    return 'it redirects to a malformed address';
  }
}

function saidIn(body: Buffer): string {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value !== 'object' || value === null) return '';
    const { reason, error } = value as { reason?: unknown; error?: unknown };
    return [reason, error].find((text) => typeof text === 'string') ?? '';
  } catch {
    return '';
  }
}
