import * as vscode from 'vscode';
import { checkShortString } from '../../broker/publish/draft.ts';
import type { ExchangeInfo } from '../../broker/management/model.ts';
import type { QueueEntry } from '../../broker/queueList.ts';
import type { Session } from '../../broker/session.ts';
import { visibleName } from '../../common/visibleText.ts';
import { describeQueue } from '../explorer/describe.ts';
import { matching, pickLive, type LiveItem } from '../picks/livePick.ts';
import { plainLabel } from '../plainLabel.ts';
import { plainText } from '../plainText.ts';
import { refusal } from '../picks/refusal.ts';
import { SortedNames } from '../picks/sortedNames.ts';
import { describePublishTarget, type PublishTarget } from './target.ts';
import { TargetRoutes, type HeadersOfEach } from './targetRoutes.ts';

/** An exchange still wants its routing key. */
type Choice = PublishTarget | { readonly exchange: string; readonly routingKey: undefined };

type TargetItem = LiveItem<Choice>;

/** Exchange types that do not look at the routing key. @see https://www.rabbitmq.com/tutorials/amqp-concepts#exchanges */
const keyless = new Set(['fanout', 'headers']);

/**
 * Asks where to publish `what`: recent targets, then live queues and exchanges, or whatever name is typed. Which queues would
 * get it is beside an exchange, and below its routing key while that is typed.
 * @param headers of each message
 * @returns undefined when the person escaped
 */
export async function pickTarget(
  session: Session,
  what: string,
  recent: readonly PublishTarget[],
  headers: HeadersOfEach,
  title = `Publish ${what} to ${session.profile.name}`,
): Promise<PublishTarget | undefined> {
  const routes = new TargetRoutes(session, headers);
  const sorted = new SortedNames(session);
  const choice = await pickLive({
    title,
    placeholder: 'Queue or exchange; any name can be typed',
    items: (typed) => itemsFor(sorted, recent, routes, typed),
    load: (show) => routes.load(show),
  });
  if (!choice) return undefined;
  if (choice.routingKey !== undefined) return choice;
  const routingKey = await askRoutingKey(session, choice.exchange, routes, recent);
  return routingKey === undefined ? undefined : { exchange: choice.exchange, routingKey };
}

function itemsFor(
  sorted: SortedNames,
  recent: readonly PublishTarget[],
  routes: TargetRoutes,
  typed: string,
): TargetItem[] {
  const { exchanges } = routes;
  const recentItem = (target: PublishTarget): TargetItem => ({
    label: `$(history) ${plainLabel(describePublishTarget(target))}`,
    description: described(
      target.exchange === '' ? 'queue' : target.routingKey === '' ? 'exchange' : 'exchange and routing key',
      routes.of(target),
    ),
    value: target,
  });
  const exchangeItem = (exchange: ExchangeInfo): TargetItem => toExchangeItem(exchange, routes);
  const queues = sorted.entries().filter(({ missing }) => !missing);
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

/** One that does not look at the routing key is chosen with the empty one. */
function toExchangeItem({ name, type }: ExchangeInfo, routes: TargetRoutes): TargetItem {
  const target = { exchange: name, routingKey: '' };
  const isKeyless = keyless.has(type);
  return {
    label: `$(arrow-swap) ${plainLabel(name)}`,
    description: described(`${type} exchange`, isKeyless ? routes.of(target) : undefined),
    value: isKeyless ? target : { ...target, routingKey: undefined },
  };
}

function described(what: string, route: string | undefined): string {
  return route === undefined ? what : `${what} ${plainLabel(route)}`;
}

function section(title: string, items: readonly TargetItem[]): TargetItem[] {
  return items.length === 0 ? [] : [{ label: title, kind: vscode.QuickPickItemKind.Separator }, ...items];
}

/** While it is typed, which queues would get the message is shown, where the management API tells. */
async function askRoutingKey(
  session: Session,
  exchange: string,
  routes: TargetRoutes,
  recent: readonly PublishTarget[],
): Promise<string | undefined> {
  // It may have been chosen before that was known.
  const loaded = routes.load(() => undefined).catch(() => undefined);
  return vscode.window.showInputBox({
    title: `Routing Key for ${visibleName(exchange)} on ${session.profile.name}`,
    prompt: 'Words separated by dots for a topic exchange; may be empty',
    value: recent.find((target) => target.exchange === exchange)?.routingKey ?? '',
    ignoreFocusOut: true,
    validateInput: async (routingKey) => {
      const wrong = refusal(() => checkShortString('routing key', routingKey));
      if (wrong !== undefined) return wrong;
      await loaded;
      const route = routes.of({ exchange, routingKey });
      const severity = vscode.InputBoxValidationSeverity.Info;
      return route === undefined ? undefined : { message: plainText(route), severity };
    },
  });
}
