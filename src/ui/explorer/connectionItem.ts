import * as vscode from 'vscode';
import type { ConnectionState } from '../../broker/connection/state.ts';
import { describeTarget, formatAmqpUri } from '../../broker/amqpUri.ts';
import type { Session } from '../../broker/session.ts';
import { errorText } from '../errorText.ts';
import { tooltipTable } from './tooltip.ts';

/** How a connection's row looks. */
export function connectionItem(session: Session, filter: string): vscode.TreeItem {
  const { profile, state } = session;
  const item = new vscode.TreeItem(profile.name, vscode.TreeItemCollapsibleState.Collapsed);
  const where = describeTarget(profile);
  const words = stateWords(state);
  item.id = profile.id;
  item.description = [where, ...(words === '' ? [] : [words]), ...(filter === '' ? [] : [`filter "${filter}"`])].join(
    ' · ',
  );
  item.iconPath = stateIcon(state);
  item.contextValue = `connection.${state.kind}`;
  item.accessibilityInformation = {
    label: `Connection ${profile.name}, ${words === '' ? 'connected' : words}, ${where}`,
  };
  item.tooltip = tooltipTable(profile.name, connectionFacts(session));
  return item;
}

/** The state in words; nothing for the one that needs none. */
export function stateWords(state: ConnectionState): string {
  switch (state.kind) {
    case 'idle':
      return 'not connected';
    case 'connecting':
      return 'connecting…';
    case 'open':
      return '';
    case 'blocked':
      return 'publishing blocked';
    case 'waiting':
      return 'reconnecting';
    case 'failed':
      return 'failed';
    case 'closed':
      return 'disconnected';
  }
}

function stateIcon(state: ConnectionState): vscode.ThemeIcon {
  switch (state.kind) {
    case 'open':
      return icon('pass-filled', 'testing.iconPassed');
    case 'blocked':
      return icon('warning', 'list.warningForeground');
    case 'connecting':
      return icon('loading~spin');
    case 'waiting':
      return icon('sync', 'list.warningForeground');
    case 'failed':
      return icon('error', 'list.errorForeground');
    case 'idle':
    case 'closed':
      return icon('circle-outline');
  }
}

function connectionFacts(session: Session): [string, string][] {
  const { profile, state, management } = session;
  const facts: [string, string][] = [['Address', formatAmqpUri(profile)]];
  if (state.kind === 'open' || state.kind === 'blocked') {
    facts.push(['Broker', `${state.server.product} ${state.server.version}`]);
  }
  if (state.kind === 'blocked') facts.push(['Blocked', state.reason]);
  if (state.kind === 'waiting') facts.push(['Next attempt', new Date(state.retryAt).toLocaleTimeString()]);
  if ('error' in state) facts.push(['Why', errorText(state.error)]);
  if (management?.kind === 'available') facts.push(['Management API', management.client.url]);
  else if (management) facts.push(['Management API', management.reason]);
  return facts;
}

function icon(id: string, color?: string): vscode.ThemeIcon {
  return new vscode.ThemeIcon(id, color === undefined ? undefined : new vscode.ThemeColor(color));
}
