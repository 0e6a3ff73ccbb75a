/** What of a management page to show. */
export interface Page {
  readonly vhost: string;
  readonly queue?: string | undefined;
}

/** Whose page it is, as the management API told. */
export interface PageOwner {
  readonly product: string | undefined;
  readonly tags: readonly string[];
}

/**
 * The broker's own page for a queue, or for a vhost where the user may see that, else the start page. Names are encoded for
 * the fragment, where the page decodes them once.
 * @param base as the probe found it: path prefix included, no trailing slash, no login
 */
export function managementPageUrl(base: string, { vhost, queue }: Page, { product, tags }: PageOwner): string {
  if (product === 'LavinMQ') {
    return queue === undefined ? `${base}/` : `${base}/queue#vhost=${encode(vhost)}&name=${encode(queue)}`;
  }
  if (queue !== undefined) return `${base}/#/queues/${encode(vhost)}/${encode(queue)}`;
  // The page of a vhost shows its permissions, which only an administrator may read.
  return tags.includes('administrator') ? `${base}/#/vhosts/${encode(vhost)}` : `${base}/`;
}

/** By way of UTF-8, since `encodeURIComponent` throws on half of a surrogate pair. */
function encode(name: string): string {
  return encodeURIComponent(Buffer.from(name, 'utf8').toString('utf8'));
}
