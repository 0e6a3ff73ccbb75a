import * as vscode from 'vscode';
import { checkShortString } from '../../broker/publish/draft.ts';
import type { ExchangeInfo } from '../../broker/management/model.ts';
import type { QueueEntry } from '../../broker/queueList.ts';
import type { Session } from '../../broker/session.ts';
import { toAppError } from '../../common/errors.ts';
import { visibleName } from '../../common/visibleText.ts';
import { describeQueue } from '../explorer/describe.ts';
import { matching, pickLive, type LiveItem } from '../livePick.ts';
import { topologyOf } from '../messageFile/liveTopology.ts';
import { routeWords } from '../messageFile/routeWords.ts';
import { plainLabel } from '../plainLabel.ts';
import { refusal } from '../refusal.ts';
import { describePublishTarget, type PublishTarget } from './target.ts';

/** An exchange still wants its routing key. */
type Choice = PublishTarget | { readonly exchange: string; readonly routingKey: undefined };

type TargetItem = LiveItem<Choice>;

/** Exchange types that do not look at the routing key. @see https://www.rabbitmq.com/tutorials/amqp-concepts#exchanges */
const keyless = new Set(['fanout', 'headers']);

/**
 * Asks where to publish `what`: recent targets, then live queues and exchanges, or whatever name is typed.
 * @returns undefined when the person escaped
 */
export async function pickTarget(
  session: Session,
  what: string,
  recent: readonly PublishTarget[],
  title = `Publish ${what} to ${session.profile.name}`,
): Promise<PublishTarget | undefined> {
  let exchanges: readonly ExchangeInfo[] = [];
  const choice = await pickLive({
    title,
    placeholder: 'Queue or exchange; any name can be typed',
    items: (typed) => itemsFor(session, recent, exchanges, typed),
    load: async () => {
      exchanges = await loadExchanges(session);
    },
  });
  if (!choice) return undefined;
  if (choice.routingKey !== undefined) return choice;
  const type = exchanges.find(({ name }) => name === choice.exchange)?.type ?? '';
  const routingKey = keyless.has(type) ? '' : await askRoutingKey(session, choice.exchange, recent);
  return routingKey === undefined ? undefined : { exchange: choice.exchange, routingKey };
}

/** Exchanges can only be listed by the management API; without it, or when that fails, a name can still be typed. */
async function loadExchanges(session: Session): Promise<readonly ExchangeInfo[]> {
  await session.ready();
  const { management, profile } = session;
  if (management?.kind !== 'available') return [];
  try {
    return await management.client.exchanges(profile.vhost);
  } catch (error) {
    if (toAppError(error).code === 'unexpected') throw error;
    return [];
  }
}

function itemsFor(
  session: Session,
  recent: readonly PublishTarget[],
  exchanges: readonly ExchangeInfo[],
  typed: string,
): TargetItem[] {
  const queues = session.queues.entries().filter(({ missing }) => !missing);
  const named = exchanges.filter(({ name, internal }) => name !== '' && !internal);
  const isTyped = ({ name }: { readonly name: string }): boolean => typed !== '' && name === typed;
  const exact = [...queues.filter(isTyped).map(queueItem), ...named.filter(isTyped).map(exchangeItem)];
  return [
    ...section('exactly this name', exact),
    ...section('recently used', matching(typed, recent, describePublishTarget).map(recentItem)),
    ...section(
      'queues',
      matching(
        typed,
        queues.filter((each) => !isTyped(each)),
        nameOf,
      ).map(queueItem),
    ),
    ...section(
      'exchanges',
      matching(
        typed,
        named.filter((each) => !isTyped(each)),
        nameOf,
      ).map(exchangeItem),
    ),
    ...section('by this name', byName(typed, queues, named)),
  ];
}

const nameOf = ({ name }: { readonly name: string }): string => name;

/** What is typed can be a queue or an exchange that is not listed, or not yet there. */
function byName(typed: string, queues: readonly QueueEntry[], exchanges: readonly ExchangeInfo[]): TargetItem[] {
  if (typed === '') return [];
  const items: TargetItem[] = [];
  if (!queues.some(({ name }) => name === typed)) {
    items.push({
      label: `$(inbox) ${plainLabel(typed)}`,
      description: 'queue',
      value: { exchange: '', routingKey: typed },
    });
  }
  if (!exchanges.some(({ name }) => name === typed)) {
    const value = { exchange: typed, routingKey: undefined };
    items.push({ label: `$(arrow-swap) ${plainLabel(typed)}`, description: 'exchange', value });
  }
  return items;
}

function queueItem(entry: QueueEntry): TargetItem {
  return {
    label: `$(inbox) ${plainLabel(entry.name)}`,
    description: describeQueue(entry),
    value: { exchange: '', routingKey: entry.name },
  };
}

function exchangeItem({ name, type }: ExchangeInfo): TargetItem {
  return {
    label: `$(arrow-swap) ${plainLabel(name)}`,
    description: `${type} exchange`,
    value: { exchange: name, routingKey: undefined },
  };
}

function section(title: string, items: readonly TargetItem[]): TargetItem[] {
  return items.length === 0 ? [] : [{ label: title, kind: vscode.QuickPickItemKind.Separator }, ...items];
}

function recentItem(target: PublishTarget): TargetItem {
  return {
    label: `$(history) ${plainLabel(describePublishTarget(target))}`,
    description: target.exchange === '' ? 'queue' : target.routingKey === '' ? 'exchange' : 'exchange and routing key',
    value: target,
  };
}

/** While it is typed, which queues would get the message is shown, where the management API tells. */
async function askRoutingKey(
  session: Session,
  exchange: string,
  recent: readonly PublishTarget[],
): Promise<string | undefined> {
  const { management } = session;
  const reading = management?.kind === 'available' ? topologyOf(session, management.client) : undefined;
  const live = reading?.catch((): undefined => undefined);
  return vscode.window.showInputBox({
    title: `Routing Key for ${visibleName(exchange)} on ${session.profile.name}`,
    prompt: 'Words separated by dots for a topic exchange; may be empty',
    value: recent.find((target) => target.exchange === exchange)?.routingKey ?? '',
    ignoreFocusOut: true,
    validateInput: async (text) => {
      const wrong = refusal(() => checkShortString('routing key', text));
      const known = wrong === undefined ? await live : undefined;
      const route = known && routeWords({ exchange, routingKey: text, headers: {} }, known.topology);
      if (!route) return wrong;
      const message = route.tooltip === '' ? route.title : `${route.title}: ${route.tooltip}`;
      return { message, severity: vscode.InputBoxValidationSeverity.Info };
    },
  });
}
