import * as vscode from 'vscode';
import type { Wanted } from '../../broker/consume/tap/exchangePlan.ts';
import { exchangeTap } from '../../broker/consume/tap/taps.ts';
import type { TailSource } from '../../broker/consume/tail.ts';
import type { ManagementClient } from '../../broker/management/client.ts';
import type { Session } from '../../broker/session.ts';
import { AppError } from '../../common/errors.ts';
import { visibleName } from '../../common/visibleText.ts';
import { tailBufferLimits } from '../config.ts';
import { openTail } from '../modes/startTail.ts';
import type { TailOutputs } from '../output/tailOutputs.ts';
import { connected } from '../picks/targets.ts';
import { findExchange, pickExchange, type ChosenExchange } from './pickExchange.ts';
import { askKey, pickPattern } from './pickPattern.ts';

interface Chosen {
  readonly wanted: Wanted;
  /** As people read what it is tapped by. */
  readonly label: string;
  /** What must be agreed to first; undefined where it does nothing to others. */
  readonly cost: string | undefined;
}

/**
 * Asks for an exchange unless `given` names it, and by what to tap it, and starts the tap.
 * @throws AppError why it cannot be tapped
 */
export async function tapExchange(outputs: TailOutputs, session: Session, given: string | undefined): Promise<void> {
  await connected(session);
  const found = given === undefined ? await pickExchange(session) : await findExchange(session, given);
  if (!found) return;
  const exchange = found.name;
  const chosen = await choose(session, found);
  if (!chosen || !(await agreed(exchange, chosen))) return;
  const { wanted, label, cost } = chosen;
  const isAgreed = cost !== undefined;
  const make = exchangeTap({ exchange, wanted, label, buffer: tailBufferLimits(), isAgreed });
  const source: TailSource = { kind: 'exchange', name: exchange, routingKey: label };
  const by = label === '' ? '' : ` by ${visibleName(label)}`;
  const hidden = isAgreed ? '; publishers are not told of what no queue takes' : '';
  const text = `tap, which takes nothing: copies of what it routes${by} from now on${hidden}`;
  await openTail(outputs, session, source, { make, cost: text }, undefined);
}

async function choose(session: Session, { name, exchange }: ChosenExchange): Promise<Chosen | undefined> {
  const client = clientOf(session);
  if (!client) {
    const wanted = await askKey(name, session.profile.name);
    return wanted && { wanted, label: wanted.routingKey, cost: `${hidesUnroutable} ${hidesAlternate(name)}` };
  }
  if (!exchange) throw new AppError('exchangeNotFound', { exchange: name });
  const pattern = await pickPattern(exchange, session.profile.name, () =>
    client.exchangeBindings(session.profile.vhost, name),
  );
  if (!pattern) return undefined;
  const { wanted, label, verdict } = pattern;
  if (verdict.kind === 'refused') throw new AppError('tapRefused', { exchange: name, why: verdict.why });
  return { wanted, label, cost: verdict.kind === 'harmless' ? undefined : hidesUnroutable };
}

const hidesUnroutable =
  'While the tap runs, a message that no queue takes counts as routed, for the tap takes it: publishers that want such messages returned (mandatory) are not told.';

function hidesAlternate(exchange: string): string {
  return `Without the management API it is not known whether ${visibleName(exchange)} has an alternate exchange: what would go there comes to the tap alone.`;
}

async function agreed(exchange: string, { label, cost: detail }: Chosen): Promise<boolean> {
  if (detail === undefined) return true;
  const goOn = 'Tap Anyway';
  const question = `Tap ${visibleName(exchange)}${label === '' ? '' : ` by ${visibleName(label)}`}?`;
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, goOn)) === goOn;
}

function clientOf({ management }: Session): ManagementClient | undefined {
  return management?.kind === 'available' ? management.client : undefined;
}
