import { readExchanges, type TapExchange } from '../../broker/consume/tap/exchangeFacts.ts';
import { copyingOf } from '../../broker/consume/tap/exchangeTypes.ts';
import type { Session } from '../../broker/session.ts';
import { toAppError } from '../../common/errors.ts';
import { matching, pickLive, type LiveItem } from '../picks/livePick.ts';
import { plainLabel } from '../plainLabel.ts';

/** An exchange by its name; undefined where nothing is known of it. */
export interface ChosenExchange {
  readonly name: string;
  readonly exchange: TapExchange | undefined;
}

/**
 * Asks which exchange to tap: those that the management API lists, or whatever name is typed.
 * @returns undefined when the person escaped
 */
export async function pickExchange(session: Session): Promise<ChosenExchange | undefined> {
  let exchanges: readonly TapExchange[] = [];
  return pickLive<ChosenExchange>({
    title: `Tap Exchange on ${session.profile.name}`,
    placeholder: 'Exchange; any name can be typed',
    items: (typed) => itemsFor(exchanges, typed),
    load: async () => {
      exchanges = await loadExchanges(session);
    },
  });
}

/** One by its name. */
export async function findExchange(session: Session, name: string): Promise<ChosenExchange> {
  const exchange = (await loadExchanges(session)).find((each) => each.name === name);
  return { name, exchange };
}

/** None without a management API: a name can still be typed. The default exchange cannot be bound to. */
async function loadExchanges(session: Session): Promise<readonly TapExchange[]> {
  await session.ready();
  const { management, profile } = session;
  if (management?.kind !== 'available') return [];
  try {
    const all = (await readExchanges(management.client, profile.vhost)).filter(({ name }) => name !== '');
    // Those that RabbitMQ has made come last.
    return [...all.filter((each) => !isBuiltIn(each)), ...all.filter(isBuiltIn)];
  } catch (error) {
    if (toAppError(error).is('unexpected')) throw error;
    return [];
  }
}

function isBuiltIn({ name }: TapExchange): boolean {
  return name.startsWith('amq.');
}

function itemsFor(exchanges: readonly TapExchange[], typed: string): LiveItem<ChosenExchange>[] {
  const items = matching(typed, exchanges, ({ name }) => name).map(toItem);
  const isThere = typed === '' || exchanges.some(({ name }) => name === typed);
  if (isThere) return items;
  const value = { name: typed, exchange: undefined };
  return [...items, { label: `$(arrow-swap) ${plainLabel(typed)}`, description: 'exchange by this name', value }];
}

/** One that would give the tap a share is shown, and cannot be chosen. */
function toItem(exchange: TapExchange): LiveItem<ChosenExchange> {
  const { name, type, internal } = exchange;
  const facts = [`${type} exchange`, ...(internal ? ['internal'] : [])];
  const label = `$(arrow-swap) ${plainLabel(name)}`;
  const copying = copyingOf(exchange);
  if (copying === 'copies') return { label, description: facts.join(' · '), value: { name, exchange } };
  const why =
    copying === 'splits' ? 'cannot be tapped: it splits its messages' : 'cannot be tapped: it may split its messages';
  return { label: `$(circle-slash) ${plainLabel(name)}`, description: [...facts, why].join(' · ') };
}
