import { routeOf, type Route, type RoutedMessage } from '../../broker/routing/route.ts';
import type { Topology } from '../../broker/routing/topology.ts';
import { counted, formatInteger } from '../../common/format.ts';
import { visibleName } from '../../common/visibleText.ts';

/** Where a message would go, in a few words, and which queues these are. */
export interface RouteWords {
  readonly title: string;
  readonly tooltip: string;
}

/** More names than these are only counted. */
const mostNamed = 20;

/** What the broker would do with a message to an exchange, or to a queue that is not there; undefined for one that is. */
export function routeWords(message: RoutedMessage, topology: Topology): RouteWords | undefined {
  const route = routeOf(message, topology);
  if (message.exchange === '' && route.queues.length > 0) return undefined;
  return wordsOf(route);
}

/** A route in words. */
export function wordsOf(route: Route): RouteWords {
  return { title: titleOf(route), tooltip: tooltipOf(route) };
}

/** Both in one line: `→ 2 queues: audit, orders`. */
export function routeLine({ title, tooltip }: RouteWords): string {
  return tooltip === '' ? title : `${title}: ${tooltip}`;
}

function titleOf({ queues, unsure, refusal }: Route): string {
  if (refusal === 'exchangeNotFound') return '→ no such exchange: it would be refused';
  if (refusal === 'exchangeInternal') return '→ an internal exchange: it would be refused';
  const count = counted(queues.length, 'queue');
  if (unsure.length > 0) return queues.length === 0 ? '→ queues that cannot be foretold' : `→ ${count}, perhaps more`;
  return queues.length === 0 ? '→ no queue: it would be returned' : `→ ${count}`;
}

function tooltipOf({ queues, unsure }: Route): string {
  const names = queues.slice(0, mostNamed).map(visibleName).join(', ');
  const more = queues.length > mostNamed ? ` and ${formatInteger(queues.length - mostNamed)} more` : '';
  const known = queues.length === 0 ? '' : `${names}${more}`;
  const by = unsure.map(visibleName).join(', ');
  const unknown =
    unsure.length === 0 ? '' : `What ${by} does with it is not known here: a plugin, a policy or a variable decides.`;
  return [known, unknown].filter((part) => part !== '').join('. ');
}
