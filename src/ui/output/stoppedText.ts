import type { Tail } from '../../broker/consume/tail.ts';
import { counted } from '../../common/format.ts';
import { visibleName } from '../../common/visibleText.ts';
import type { TailsStopping } from '../connections/stoppedTails.ts';
import { sourceName } from './sourceName.ts';

/** More names than these are only counted. */
const mostNamed = 3;

/** Which tails have stopped, why, and what became of what they held. */
export function stoppedText({ connection, tails, successor }: Omit<TailsStopping, 'stopped'>): string {
  const names = tails.slice(0, mostNamed).map(({ source }) => visibleName(sourceName(source)));
  const which =
    tails.length === 1 ? `its tail of ${names.join()}` : `its ${tails.length} tails (${listed(names, tails)})`;
  const why = successor === undefined ? 'it was removed from the settings' : 'it was changed in the settings';
  const ended = `${connection}: ${why}, and ${which} ${tails.length === 1 ? 'has' : 'have'} stopped.`;
  const returned = tails.reduce((sum, { status }) => sum + (status.kind === 'ended' ? status.returned : 0), 0);
  return returned === 0 ? ended : `${ended} ${counted(returned, 'held message')} went back.`;
}

function listed(names: readonly string[], { length }: readonly Tail[]): string {
  return `${names.join(', ')}${length > names.length ? ', …' : ''}`;
}
