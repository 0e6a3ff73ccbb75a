import * as vscode from 'vscode';
import { checkShortString } from '../../broker/publish/draft.ts';
import type { ExchangeInfo } from '../../broker/management/model.ts';
import type { Session } from '../../broker/session.ts';
import { toAppError } from '../../common/errors.ts';
import { visibleName } from '../../common/visibleText.ts';
import { errorText } from '../errorText.ts';
import { describeQueue } from '../explorer/describe.ts';
import { describePublishTarget, type PublishTarget } from './target.ts';

/** An exchange still wants its routing key. */
type Choice = PublishTarget | { readonly exchange: string; readonly routingKey: undefined };

interface TargetItem extends vscode.QuickPickItem {
  readonly choice?: Choice;
}

/** Exchange types that do not look at the routing key. @see https://www.rabbitmq.com/tutorials/amqp-concepts#exchanges */
const keyless = new Set(['fanout', 'headers']);

/**
 * Asks where to publish: recent targets, then live queues and exchanges, or whatever name is typed.
 * @returns undefined when the person escaped
 */
export async function pickTarget(
  session: Session,
  recent: readonly PublishTarget[],
): Promise<PublishTarget | undefined> {
  const picker = vscode.window.createQuickPick<TargetItem>();
  picker.title = `Publish to ${session.profile.name}`;
  picker.placeholder = 'Queue or exchange';
  picker.matchOnDescription = true;
  picker.busy = true;
  let exchanges: readonly ExchangeInfo[] = [];
  const show = (): void => {
    picker.items = itemsFor(session, recent, exchanges, picker.value);
  };
  const chosen = new Promise<Choice | undefined>((resolve) => {
    picker.onDidAccept(() => resolve(picker.selectedItems[0]?.choice));
    picker.onDidHide(() => resolve(undefined));
  });
  picker.onDidChangeValue(show);
  show();
  picker.show();
  try {
    const load = async (): Promise<undefined> => {
      exchanges = await loadNames(session);
      picker.busy = false;
      show();
    };
    // A connection that cannot be opened ends the question with its error.
    const choice = await Promise.race([chosen, load().then(() => chosen)]);
    if (!choice) return undefined;
    if (choice.routingKey !== undefined) return choice;
    const type = exchanges.find(({ name }) => name === choice.exchange)?.type ?? '';
    const routingKey = keyless.has(type) ? '' : await askRoutingKey(choice.exchange, recent);
    return routingKey === undefined ? undefined : { exchange: choice.exchange, routingKey };
  } finally {
    picker.dispose();
  }
}

/** What there is to choose from. Exchanges can only be listed by the management API; a list that fails is left out. */
async function loadNames(session: Session): Promise<readonly ExchangeInfo[]> {
  await session.connect();
  const { management, queues, profile } = session;
  if (!queues.isLoaded) await queues.refresh([]);
  if (management?.kind !== 'available') return [];
  try {
    return await management.client.exchanges(profile.vhost);
  } catch (error) {
    // Any name can still be typed in.
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
  const items = [
    ...section('recently used', recent.map(recentItem)),
    ...section(
      'queues',
      queues.map((entry) => ({
        label: `$(inbox) ${visibleName(entry.name)}`,
        description: describeQueue(entry),
        choice: { exchange: '', routingKey: entry.name },
      })),
    ),
    ...section(
      'exchanges',
      named.map(({ name, type }) => ({
        label: `$(arrow-swap) ${visibleName(name)}`,
        description: `${type} exchange`,
        choice: { exchange: name, routingKey: undefined },
      })),
    ),
  ];
  if (typed === '') return items;
  const isQueue = queues.some(({ name }) => name === typed);
  const isExchange = named.some(({ name }) => name === typed);
  const byName: TargetItem[] = [];
  if (!isQueue)
    byName.push({
      label: `$(inbox) ${typed}`,
      description: 'queue by this name',
      alwaysShow: true,
      choice: { exchange: '', routingKey: typed },
    });
  if (!isExchange)
    byName.push({
      label: `$(arrow-swap) ${typed}`,
      description: 'exchange by this name',
      alwaysShow: true,
      choice: { exchange: typed, routingKey: undefined },
    });
  return [...items, ...section('typed', byName)];
}

function section(title: string, items: readonly TargetItem[]): TargetItem[] {
  return items.length === 0 ? [] : [{ label: title, kind: vscode.QuickPickItemKind.Separator }, ...items];
}

function recentItem(target: PublishTarget): TargetItem {
  return {
    label: `$(history) ${visibleName(describePublishTarget(target))}`,
    description: target.exchange === '' ? 'queue' : 'exchange and routing key',
    choice: target,
  };
}

async function askRoutingKey(exchange: string, recent: readonly PublishTarget[]): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: `Routing key for ${exchange}`,
    prompt: 'Words separated by dots for a topic exchange; may be empty',
    value: recent.find((target) => target.exchange === exchange)?.routingKey ?? '',
    validateInput: (text) => {
      try {
        checkShortString('routing key', text);
        return undefined;
      } catch (error) {
        return errorText(toAppError(error));
      }
    },
  });
}
