import type { QueueEntry } from '../../broker/queueList.ts';
import { formatCount } from '../../common/format.ts';

/** The live facts in one short line; "?" stands for what is not known. */
export function describeQueue(entry: QueueEntry): string {
  if (entry.missing) return 'not found';
  const { ready, unacknowledged, consumers } = entry;
  const facts = [ready === undefined ? '? ready' : `${formatCount(ready)} ready`];
  if (unacknowledged) facts.push(`${formatCount(unacknowledged)} unacked`);
  if (consumers) facts.push(`${formatCount(consumers)} ${consumers === 1 ? 'consumer' : 'consumers'}`);
  return facts.join(' · ');
}

/** Everything that is known of a queue, as rows of name and value. */
export function queueFacts(entry: QueueEntry): [string, string][] {
  const { info } = entry;
  const facts: [string, string][] = [
    ['Ready', exact(entry.ready)],
    ['Unacknowledged', exact(entry.unacknowledged)],
    ['Consumers', exact(entry.consumers)],
  ];
  if (!info) return facts;
  const features = [
    info.durable ? 'durable' : 'not durable',
    ...(info.exclusive ? ['exclusive'] : []),
    ...(info.autoDelete ? ['auto-delete'] : []),
  ];
  facts.unshift(['Type', info.type], ['Features', features.join(', ')]);
  if (info.state !== undefined) facts.push(['State', info.state]);
  if (info.policy !== undefined) facts.push(['Policy', info.policy]);
  for (const [name, value] of Object.entries(info.arguments)) facts.push([name, show(value)]);
  return facts;
}

function exact(count: number | undefined): string {
  return count === undefined ? 'not known' : String(count);
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
