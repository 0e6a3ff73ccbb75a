import type { ConsumerInfo } from '../../broker/management/model.ts';
import { counted, formatInteger } from '../../common/format.ts';
import { visibleLine } from '../../common/visibleText.ts';

const mostNamed = 2;
/** Of a name, in characters. */
const longestName = 30;

/**
 * Other consumers of a queue, by name where they have one: `worker-1 (app), billing from 10.0.0.3:5512 and 2 more`.
 * @param count now; `known` may tell of fewer, or of some that are gone
 */
export function consumersText(count: number, known: readonly ConsumerInfo[]): string {
  const names = [...new Set(known.slice(0, count).flatMap((consumer) => nameOf(consumer) ?? []))].slice(0, mostNamed);
  if (names.length === 0) return counted(count, 'other consumer');
  const rest = count - names.length;
  if (rest > 0) return `${names.join(', ')} and ${formatInteger(rest)} more`;
  return names.join(' and ');
}

/** The tag where a person chose it, with the user; else the user and where they connect from. */
function nameOf({ tag, user, peer }: ConsumerInfo): string | undefined {
  const who = user === undefined ? undefined : short(user);
  if (tag !== undefined && tag !== '' && !tag.startsWith('amq.ctag-')) {
    return who === undefined ? short(tag) : `${short(tag)} (${who})`;
  }
  if (who === undefined) return peer;
  return peer === undefined ? who : `${who} from ${peer}`;
}

function short(name: string): string {
  return visibleLine(name, longestName);
}
