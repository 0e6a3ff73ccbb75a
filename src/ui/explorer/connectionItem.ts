import * as vscode from 'vscode';
import { describeTarget, formatAddress, formatHostPort } from '../../broker/amqpUri.ts';
import { isUnverified } from '../../broker/profile.ts';
import type { Session } from '../../broker/session.ts';
import type { Origin } from '../connections/connections.ts';
import { nextAttempt, stateIcon, stateWords, tlsFacts } from '../connections/connectionWords.ts';
import { errorText } from '../errorText.ts';
import { tooltipTable } from './tooltip.ts';

/** Where a connection is kept. */
export interface Kept {
  readonly origin: Origin;
  /** Of one from the settings, as in `workspace settings`. */
  readonly place: string | undefined;
}

/** Open, to whoever it is. */
const unverified = { id: 'unverified', color: 'list.warningForeground' };

/** How a connection's row looks. */
export function connectionItem(session: Session, filter: string, kept: Kept): vscode.TreeItem {
  const { profile, state } = session;
  const { Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
  // The demo's: somebody started an editor to see its queues.
  const item = new vscode.TreeItem(profile.name, kept.origin === 'window' ? Expanded : Collapsed);
  const isOpen = state.kind === 'open' || state.kind === 'blocked';
  const where = describeTarget(isOpen ? { ...profile, ...state.server.at } : profile);
  const words = stateWords(state);
  const marks = isUnverified(profile) ? ['not verified'] : [];
  item.id = profile.id;
  item.description = [
    ...(words === '' ? [] : [words]),
    ...marks,
    ...(kept.place === undefined ? [] : [kept.place]),
    where,
    ...(filter === '' ? [] : [`filter "${filter}"`]),
  ].join(' · ');
  item.iconPath = icon(state.kind === 'open' && marks.length > 0 ? unverified : stateIcon(state.kind));
  item.contextValue = `connection.${state.kind}.${kept.origin}`;
  item.accessibilityInformation = {
    label: `Connection ${profile.name}, ${[words === '' ? 'connected' : words, ...marks, where].join(', ')}${kept.place === undefined ? '' : `, from the ${kept.place}`}`,
  };
  item.tooltip = tooltipTable(profile.name, [...connectionFacts(session), ...keptFacts(kept)]);
  return item;
}

function connectionFacts(session: Session): [string, string][] {
  const { profile, state, management } = session;
  const facts: [string, string][] = [['Address', formatAddress(profile)], ...tlsFacts(profile)];
  if (state.kind === 'open' || state.kind === 'blocked') {
    const { product, version, at } = state.server;
    facts.push(['Broker', `${product} ${version}`], ['Connected to', formatHostPort(at)]);
  }
  if (state.kind === 'blocked') facts.push(['Blocked', state.reason]);
  if (state.kind === 'waiting') facts.push(['Next', nextAttempt(state)]);
  if ('error' in state) facts.push(['Why', errorText(state.error)]);
  if (management?.kind === 'available') facts.push(['Management API', management.client.url]);
  else if (management) facts.push(['Management API', management.reason]);
  return facts;
}

function keptFacts({ origin, place }: Kept): [string, string][] {
  switch (origin) {
    case 'settings':
      return [['Comes from', `the ${place ?? 'settings'}: it is changed there`]];
    case 'workspace':
      return [['Kept', 'for this workspace only']];
    case 'window':
      return [['Kept', 'in this window only']];
    case 'global':
      return [];
  }
}

function icon({ id, color }: ReturnType<typeof stateIcon>): vscode.ThemeIcon {
  return new vscode.ThemeIcon(id, color === undefined ? undefined : new vscode.ThemeColor(color));
}
