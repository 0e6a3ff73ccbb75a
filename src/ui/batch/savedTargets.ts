import type { PublishingUser } from '../../broker/saved/saved.ts';
import { routeOf, type RoutedMessage } from '../../broker/routing/route.ts';
import type { Topology } from '../../broker/routing/topology.ts';
import { counted } from '../../common/format.ts';
import { routeLine, wordsOf } from '../messageFile/routeWords.ts';
import { mostLookedAt } from '../publish/targetRoutes.ts';
import { savedLines } from './savedLines.ts';

/** Messages that go the same way. */
export interface SavedTarget extends RoutedMessage {
  readonly count: number;
}

/** More would be felt, for nothing but a preview; of bodies, in bytes. */
const mostRead = 32 * 1024 * 1024;

/**
 * Where the messages of a file that Warren saved were published and with which headers, each combination once. Those that
 * cannot be published are left out.
 * @returns undefined where that is too much to look at @throws AppError `fileUnreadable`
 */
export async function savedTargets(path: string, user: PublishingUser): Promise<readonly SavedTarget[] | undefined> {
  const targets = new Map<string, SavedTarget>();
  let read = 0;
  for await (const { result } of savedLines(path, user)) {
    if ('problem' in result) continue;
    const { exchange, routingKey, content, properties } = result.draft;
    const headers = (properties.headers ?? {}) as Record<string, unknown>;
    const key = JSON.stringify([exchange, routingKey, headers], withBigInts);
    targets.set(key, { exchange, routingKey, headers, count: (targets.get(key)?.count ?? 0) + 1 });
    read += content.length;
    if (targets.size > mostLookedAt || read > mostRead) return undefined;
  }
  return [...targets.values()];
}

function withBigInts(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}

/** Where all of them would go now, in a line. */
export function savedTargetsLine(targets: readonly SavedTarget[], topology: Topology): string {
  const queues = new Set<string>();
  const unsure = new Set<string>();
  let returned = 0;
  let refused = 0;
  for (const target of targets) {
    const route = routeOf(target, topology);
    for (const name of route.queues) queues.add(name);
    for (const name of route.unsure) unsure.add(name);
    if (route.refusal) refused += target.count;
    else if (route.queues.length === 0 && route.unsure.length === 0) returned += target.count;
  }
  const parts: string[] = [];
  const add = (count: number, where: string, become: string): void => {
    if (count === 0) return;
    parts.push(`→ ${where} for ${counted(count, 'message')}: ${count === 1 ? 'it' : 'they'} would be ${become}`);
  };
  // What goes wrong comes first: the line may be cut off.
  add(refused, 'no such exchange, or an internal one,', 'refused');
  add(returned, 'no queue', 'returned');
  if (queues.size > 0 || unsure.size > 0) {
    parts.push(routeLine(wordsOf({ queues: [...queues].toSorted(), unsure: [...unsure] })));
  }
  return parts.join(' · ');
}
