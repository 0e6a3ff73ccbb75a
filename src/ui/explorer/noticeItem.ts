import * as vscode from 'vscode';
import type { ConnectionState } from '../../broker/connection/state.ts';
import type { Session } from '../../broker/session.ts';
import { formatInteger } from '../../common/format.ts';
import { fullId, type CommandId } from '../commands/ids.ts';
import { nextAttempt } from '../connections/connectionWords.ts';
import { errorText } from '../errorText.ts';
import { remediesFor, type EnteredSecret } from '../remedies.ts';
import type { NoticeNode } from './nodes.ts';
import type { QueueRows } from './queueRows.ts';

interface Notice {
  readonly label: string;
  readonly description?: string;
  readonly tooltip?: string;
  readonly icon: string;
  readonly command?: CommandId;
  /** A secret that the command asks for first. */
  readonly enter?: EnteredSecret;
}

/** How a line that says how things stand looks. */
export function noticeItem(node: NoticeNode, rows: QueueRows): vscode.TreeItem {
  const notice = noticeOf(node, rows);
  const item = new vscode.TreeItem(notice.label, vscode.TreeItemCollapsibleState.None);
  item.id = `${node.session.profile.id}?${node.id}`;
  item.iconPath = new vscode.ThemeIcon(notice.icon);
  item.contextValue = `notice.${node.id}`;
  item.tooltip = notice.tooltip ?? [notice.label, notice.description].filter(Boolean).join(' — ');
  if (notice.description !== undefined) item.description = notice.description;
  if (notice.command) {
    item.command = {
      command: fullId(notice.command),
      title: notice.description ?? notice.label,
      arguments: [notice.enter ? { ...node, enter: notice.enter } : node],
    };
  }
  return item;
}

function noticeOf(node: NoticeNode, rows: QueueRows): Notice {
  const { session } = node;
  switch (node.id) {
    case 'state':
      return stateNotice(session);
    case 'remedy':
      return remedyNotice(session);
    case 'blocked':
      return {
        label: 'Publishing is blocked',
        description: session.state.kind === 'blocked' ? `the broker is ${session.state.reason}` : '',
        tooltip:
          'The broker takes no messages until the alarm is over: what is published now waits. Consuming goes on.',
        icon: 'warning',
      };
    case 'filter': {
      const { matching, total } = rows.read();
      return {
        label: `Filter: ${rows.filter}`,
        description: `${formatInteger(matching)} of ${formatInteger(total)}`,
        icon: 'filter-filled',
        command: 'filterQueues',
      };
    }
    case 'incomplete':
      return {
        label: 'Only queues known by name',
        description: 'Add Queue by Name…',
        tooltip: `AMQP cannot list queues, and the management API cannot be asked: ${whyIncomplete(session)}. Looking at a queue by its name renews its x-expires lease, if it has one. Choose to add a queue by its name.`,
        icon: 'info',
        command: 'addQueue',
      };
    case 'failure':
      return {
        label: 'Could not refresh',
        description: session.queues.failure ? errorText(session.queues.failure) : '',
        icon: 'warning',
        command: 'refresh',
      };
    case 'empty':
      return { label: 'No queues', description: 'Declare Queue…', icon: 'add', command: 'declareQueue' };
    case 'more': {
      const { matching, shown } = rows.read();
      return {
        label: `${formatInteger(matching - shown.length)} more queues`,
        description: 'Show More',
        tooltip: 'Show 500 more, or filter by name.',
        icon: 'ellipsis',
        command: 'showMoreQueues',
      };
    }
  }
}

function stateNotice(session: Session): Notice {
  const { state } = session;
  switch (state.kind) {
    case 'waiting':
      return { label: errorText(state.error), icon: 'sync' };
    case 'failed':
      return { label: errorText(state.error), icon: 'error' };
    case 'closed':
    case 'idle':
      return { label: 'Disconnected', description: 'Connect', icon: 'debug-disconnect', command: 'connect' };
    case 'connecting':
    case 'open':
    case 'blocked':
      return { label: session.isOpen ? 'Reading the queues…' : 'Connecting…', icon: 'loading~spin' };
  }
}

/** A row of its own: beside a reason it would be cut off in a narrow side bar. */
function remedyNotice({ state }: Session): Notice {
  if (state.kind === 'waiting') {
    return { label: 'Retry Now', description: nextAttempt(state), icon: 'debug-restart', command: 'retryNow' };
  }
  return state.kind === 'failed' ? remedy(state) : { label: 'Connect', icon: 'plug', command: 'connect' };
}

function remedy(state: Extract<ConnectionState, { kind: 'failed' }>): Notice {
  switch (remediesFor(state.error.code)[0]) {
    case 'Enter Password…':
      return { label: 'Enter Password…', icon: 'key', command: 'connect', enter: 'password' };
    case 'Enter Passphrase…':
      return { label: 'Enter Passphrase…', icon: 'key', command: 'connect', enter: 'tlsPassphrase' };
    case 'Edit Connection':
      return { label: 'Edit Connection…', icon: 'edit', command: 'editConnection' };
    default:
      return { label: 'Connect Again', icon: 'plug', command: 'connect' };
  }
}

function whyIncomplete(session: Session): string {
  const { management, profile } = session;
  switch (management?.kind) {
    case 'forbidden': {
      const need = /not management user/i.test(management.reason) ? ', who needs the tag management' : '';
      return `it refuses user ${profile.managementUsername ?? profile.username} (${management.reason})${need}`;
    }
    case 'absent':
      return management.reason;
    default:
      return 'it is not found yet';
  }
}
