import type { QueueEntry } from '../../broker/queueList.ts';
import { describeValue } from '../../broker/message/fieldValue.ts';
import { formatCount } from '../../common/format.ts';
import { visibleLine } from '../../common/visibleText.ts';

/** RabbitMQ knows some twenty. */
const mostArguments = 64;
/** In characters: a queue's name, and an argument as long as what one header may take in a tail. */
const longestFact = 400;

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
  facts.unshift(['Type', show(info.type)], ['Features', features.join(', ')]);
  if (info.state !== undefined) facts.push(['State', show(info.state)]);
  if (info.policy !== undefined) facts.push(['Policy', show(info.policy)]);
  const args = Object.entries(info.arguments);
  for (const [name, value] of args.slice(0, mostArguments)) facts.push([show(name), show(value)]);
  if (args.length > mostArguments) facts.push(['…', `${args.length - mostArguments} more arguments`]);
  return facts;
}

function exact(count: number | undefined): string {
  return count === undefined ? 'not known' : String(count);
}

/** In one line of bounded length: these are someone else's values, and a table among them may be of any depth. */
function show(value: unknown): string {
  return typeof value === 'string' ? visibleLine(value, longestFact) : describeValue(value);
}
