import { isIP } from 'node:net';

/** A port of a container that can be reached from outside. */
export interface PublishedPort {
  readonly container: number;
  /** On the machine that runs the container. */
  readonly published: number;
  /** The address it is bound to; undefined is all of them. */
  readonly address: string | undefined;
}

/** An address, in brackets where it is IPv6, then the published port, the container's, and the protocol. */
const short = /^(?:(\[[^\]]+\]|[\d.]*\.[\d.]*):)?(?:(\d{1,5})(?:-(\d{1,5}))?:)?(\d{1,5})(?:-(\d{1,5}))?(?:\/(\w+))?$/;

/** More ports than any service publishes one by one. */
const widestRange = 1_000;

/**
 * The ports of a service's `ports` list, in the short and the long syntax. Those that get any free port, and UDP, are left out.
 * @param fill fills variables in; undefined where that is not possible
 * @see https://docs.docker.com/reference/compose-file/services/#ports
 */
export function publishedPorts(ports: unknown, fill: (text: string) => string | undefined): PublishedPort[] {
  if (!Array.isArray(ports)) return [];
  return ports.slice(0, widestRange).flatMap((each: unknown) => {
    if (typeof each === 'object' && each !== null) return longSyntax({ ...each }, fill);
    const text = typeof each === 'number' || typeof each === 'string' ? fill(String(each)) : undefined;
    return text === undefined ? [] : shortSyntax(text.trim());
  });
}

function shortSyntax(text: string): PublishedPort[] {
  const [, address, from, to, first, last, protocol = 'tcp'] = short.exec(text) ?? [];
  if (from === undefined || first === undefined || protocol !== 'tcp') return [];
  return pairs(span(from, to), span(first, last), address?.replace(/^\[(.*)\]$/, '$1'));
}

function longSyntax(
  port: Readonly<Record<string, unknown>>,
  fill: (text: string) => string | undefined,
): PublishedPort[] {
  const text = (value: unknown): string | undefined =>
    typeof value === 'number' || typeof value === 'string' ? fill(String(value))?.trim() : undefined;
  const { protocol = 'tcp' } = port;
  const [, from, to] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text(port['published']) ?? '') ?? [];
  const target = text(port['target']);
  if (from === undefined || target === undefined || !/^\d{1,5}$/.test(target) || protocol !== 'tcp') return [];
  return pairs(span(from, to), span(target, undefined), text(port['host_ip']));
}

interface Span {
  readonly first: number;
  readonly last: number;
}

function span(first: string, last: string | undefined): Span {
  return { first: Number(first), last: Number(last ?? first) };
}

/** Ranges of the same length go side by side; of a range for one port the first is likely to be taken. */
function pairs(published: Span, container: Span, address: string | undefined): PublishedPort[] {
  const length = container.last - container.first + 1;
  if (address !== undefined && address !== '' && isIP(address) === 0) return [];
  const isPaired = length === published.last - published.first + 1;
  if (length < 1 || length > widestRange || (!isPaired && length !== 1)) return [];
  return Array.from({ length }, (_, i) => ({
    container: container.first + i,
    published: published.first + i,
    address,
  })).filter((each) => [each.container, each.published].every((port) => port >= 1 && port <= 65_535));
}
