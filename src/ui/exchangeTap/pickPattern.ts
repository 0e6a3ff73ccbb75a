import * as vscode from 'vscode';
import type { TapExchange } from '../../broker/consume/tap/exchangeFacts.ts';
import type { Wanted } from '../../broker/consume/tap/exchangePlan.ts';
import type { BindingInfo } from '../../broker/management/model.ts';
import { checkShortString } from '../../broker/publish/draft.ts';
import { visibleName } from '../../common/visibleText.ts';
import { matching, pickLive, type LiveItem } from '../picks/livePick.ts';
import { plainLabel } from '../plainLabel.ts';
import { refusal } from '../picks/refusal.ts';
import { askedBy, proposals, typedPattern, verdictText, type Pattern } from './patterns.ts';

/**
 * Asks by what to tap an exchange: what others are bound by comes first.
 * @param load fetches what is bound to it
 * @returns undefined when the person escaped
 */
export async function pickPattern(
  exchange: TapExchange,
  connection: string,
  load: () => Promise<BindingInfo[]>,
): Promise<Pattern | undefined> {
  if (askedBy(exchange) === 'nothing') return proposals(exchange, await load()).at(-1);
  let bindings: BindingInfo[] | undefined;
  return pickLive<Pattern>({
    title: `Tap ${visibleName(exchange.name)} on ${connection}`,
    placeholder: placeholders[askedBy(exchange)],
    items: (typed) => (bindings ? itemsFor(exchange, bindings, typed) : []),
    load: async () => {
      bindings = await load();
    },
  });
}

/** Where nothing is known of the exchange, a key is all that can be asked for. */
export async function askKey(exchange: string, connection: string): Promise<Wanted | undefined> {
  const routingKey = await vscode.window.showInputBox({
    title: `Tap ${visibleName(exchange)} on ${connection}`,
    prompt: 'Routing key, or pattern of a topic exchange: * is one word, # any number of words',
    validateInput: (text) => refusal(() => checkShortString('routing key', text)),
  });
  return routingKey === undefined ? undefined : { routingKey, arguments: {} };
}

const placeholders = {
  key: 'Routing key, or pattern of a topic exchange: * is one word, # any number of words',
  headers: 'What to match, as JSON: { "x-match": "any", "type": "invoice" }',
  nothing: '',
} as const;

function itemsFor(exchange: TapExchange, bindings: readonly BindingInfo[], typed: string): LiveItem<Pattern>[] {
  const proposed = proposals(exchange, bindings);
  const items = matching(typed, proposed, ({ label }) => label).map(toItem);
  if (typed === '' || proposed.some(({ label }) => label === typed)) return items;
  const own = typedPattern(exchange, bindings, typed);
  const last = 'problem' in own ? { label: `$(edit) ${plainLabel(typed)}`, description: own.problem } : toItem(own);
  return [last, ...items];
}

/** What would do harm is shown, and cannot be chosen. */
function toItem(pattern: Pattern): LiveItem<Pattern> {
  const { label, origin, verdict } = pattern;
  const description = [origin, verdictText(verdict)].filter((part) => part !== '').join(' · ');
  const shown = label === '' ? '""' : plainLabel(label);
  if (verdict.kind === 'refused') return { label: `$(circle-slash) ${shown}`, description };
  return { label: `$(${verdict.kind === 'harmless' ? 'check' : 'warning'}) ${shown}`, description, value: pattern };
}
