import { AppError } from '../../common/errors.ts';

/**
 * Reads the base URL of a management API as people paste it: with or without a path prefix, a trailing slash, `/api` or
 * the `/#/queues` of the management page. A login in it is dropped: the connection's own is used, and a URL is shown.
 * @throws AppError `invalidUri`
 */
export function parseManagementUrl(text: string): URL {
  const url = parse(text.trim());
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw invalid();
  url.username = '';
  url.password = '';
  url.search = '';
  url.hash = '';
  url.pathname = url.pathname.replace(/\/+$/, '').replace(/\/api$/, '');
  return url;
}

function parse(text: string): URL {
  try {
    return new URL(text);
  } catch {
    // The cause's text repeats the input, a password in it included: it is not carried on.
    throw invalid();
  }
}

function invalid(): AppError {
  return new AppError('invalidUri', { reason: 'the management URL must be like https://host:15671' });
}

/** A base URL as text that a path can be appended to: no trailing slash. */
export function formatBaseUrl(url: URL): string {
  return url.href.replace(/\/$/, '');
}
