import { isDeepStrictEqual } from 'node:util';
import type { TapExchange } from '../../broker/consume/tap/exchangeFacts.ts';
import { judge, type Verdict, type Wanted } from '../../broker/consume/tap/exchangePlan.ts';
import { routingTypeOf } from '../../broker/consume/tap/exchangeTypes.ts';
import type { BindingInfo } from '../../broker/management/model.ts';
import { checkShortString } from '../../broker/publish/draft.ts';
import { visibleName } from '../../common/visibleText.ts';
import { conditionsText } from '../output/tapNotices.ts';
import { refusal } from '../picks/refusal.ts';

/** What an exchange can be tapped by, and what that does to others. */
export interface Pattern {
  /** Short, as people read it. */
  readonly label: string;
  /** Where it comes from, such as the queue that is bound so. */
  readonly origin: string;
  readonly wanted: Wanted;
  readonly verdict: Verdict;
}

/** How an exchange is asked for: by a key, by headers, or not at all, for it gives everybody everything. */
export function askedBy(exchange: Pick<TapExchange, 'type' | 'arguments'>): 'key' | 'headers' | 'nothing' {
  const type = routingTypeOf(exchange);
  if (type === 'direct' || type === 'topic') return 'key';
  return type === 'headers' ? 'headers' : 'nothing';
}

/** What others are bound by, and everything where that can be asked for; the harmless ones first. */
export function proposals(exchange: TapExchange, bindings: readonly BindingInfo[]): Pattern[] {
  const patterns: Pattern[] = [];
  for (const binding of askedBy(exchange) === 'nothing' ? [] : bindings) {
    const { routingKey, arguments: args, destination } = binding;
    const wanted = { routingKey: askedBy(exchange) === 'headers' ? '' : routingKey, arguments: args };
    if (patterns.some((each) => isDeepStrictEqual(each.wanted, wanted))) continue;
    patterns.push(pattern(exchange, bindings, wanted, `as ${visibleName(destination)} is bound`));
  }
  const all = everything(exchange);
  if (all && !patterns.some((each) => isDeepStrictEqual(each.wanted, all))) {
    patterns.push(pattern(exchange, bindings, all, 'all messages'));
  }
  return patterns.toSorted((a, b) => rank(a) - rank(b));
}

/** What is typed: a key, or the table of a headers exchange as JSON; or why it cannot be. */
export function typedPattern(
  exchange: TapExchange,
  bindings: readonly BindingInfo[],
  typed: string,
): Pattern | { readonly problem: string } {
  if (askedBy(exchange) === 'headers') {
    const args = tableIn(typed);
    if (!args) return { problem: 'a table as JSON: { "x-match": "any", "type": "invoice" }' };
    return pattern(exchange, bindings, { routingKey: '', arguments: args }, '');
  }
  const problem = refusal(() => checkShortString('routing key', typed));
  return problem === undefined ? pattern(exchange, bindings, { routingKey: typed, arguments: {} }, '') : { problem };
}

/** What it does to others, for a line in a list. */
export function verdictText(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'harmless':
      return '';
    case 'hidesUnroutable':
      return 'hides unroutable messages from publishers';
    case 'refused':
      return verdict.why === 'alternateExchange'
        ? 'cannot be tapped: it would take what goes to the alternate exchange'
        : 'cannot be tapped';
  }
}

function pattern(exchange: TapExchange, bindings: readonly BindingInfo[], wanted: Wanted, origin: string): Pattern {
  return { label: labelOf(exchange, wanted), origin, wanted, verdict: judge(exchange, bindings, wanted) };
}

function labelOf(exchange: TapExchange, { routingKey, arguments: args }: Wanted): string {
  if (askedBy(exchange) === 'nothing') return '';
  if (askedBy(exchange) === 'key') return routingKey;
  return conditionsText(args) || 'all messages';
}

function everything(exchange: TapExchange): Wanted | undefined {
  switch (routingTypeOf(exchange)) {
    case 'topic':
      return { routingKey: '#', arguments: {} };
    case 'headers':
      return { routingKey: '', arguments: { 'x-match': 'all' } };
    case 'direct':
      return undefined;
    default:
      return { routingKey: '', arguments: {} };
  }
}

function rank({ verdict }: Pattern): number {
  return verdict.kind === 'harmless' ? 0 : verdict.kind === 'hidesUnroutable' ? 1 : 2;
}

function tableIn(typed: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(typed);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
