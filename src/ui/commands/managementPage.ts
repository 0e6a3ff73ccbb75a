import * as vscode from 'vscode';
import type { Management } from '../../broker/management/probe.ts';
import { managementPageUrl } from '../../broker/management/pageUrl.ts';
import type { Session } from '../../broker/session.ts';
import type { Connections } from '../connections/connections.ts';
import type { Action, ErrorPresenter } from '../presentError.ts';
import { withProgressWhenSlow } from '../progress.ts';
import { chooseSession, queueNameOf } from '../picks/targets.ts';
import type { CommandHandlers } from './registry.ts';

/** Opens the broker's own page for what a command was started on. */
export function managementPageCommands(
  connections: Connections,
  errors: ErrorPresenter,
): Pick<CommandHandlers, 'openManagementPage'> {
  return {
    openManagementPage: async (argument) => {
      const session = await chooseSession(connections, argument, 'Open Management Page');
      if (session) await openPage(session, queueNameOf(argument), errors);
    },
  };
}

async function openPage(session: Session, queue: string | undefined, errors: ErrorPresenter): Promise<void> {
  const { name, vhost } = session.profile;
  if (session.management?.kind !== 'available') {
    await session.prepare();
    await withProgressWhenSlow(`Looking for the management page of ${name}`, async () => {
      await session.ready();
      // It may have been enabled, or allowed to this user, since it was looked for.
      if (session.management?.kind !== 'available') await session.refreshQueues([], true);
    });
  }
  const { management } = session;
  if (management?.kind === 'available') {
    const { product } = management.broker;
    const { tags } = management.user;
    return openExternally(management.client.url, (base) =>
      managementPageUrl(base, { vhost, queue }, { product, tags }),
    );
  }
  const edit: Action = {
    title: 'Edit Connection',
    run: () => vscode.commands.executeCommand('warren.editConnection', { session }),
  };
  if (management?.kind === 'forbidden') {
    const { username, managementUsername = username } = session.profile;
    const text = `${name}: The management page at ${management.url} refused user ${managementUsername}: ${management.reason}. You may log in there as somebody else.`;
    const open: Action = { title: 'Open Anyway', run: () => openExternally(management.url, (base) => `${base}/`) };
    errors.offer(vscode.window.showWarningMessage, text, [open, edit]);
    return;
  }
  const text = `${name}: There is no management page to open${whyAbsent(management)}. Its plugin may not be enabled, or its URL may have to be given in the connection.`;
  errors.offer(vscode.window.showWarningMessage, text, [edit]);
}

/** Where it was looked for first, and what was there. */
function whyAbsent(management: Management | undefined): string {
  if (management?.kind !== 'absent') return '';
  const [first, ...others] = management.tried;
  if (!first) return `: ${management.reason}`;
  const elsewhere = others.length === 0 ? '' : `, and none at ${others.length} other usual places`;
  return ` at ${first.url} (${first.reason})${elsewhere}`;
}

/**
 * In a remote window the broker's address is that of the remote: VS Code forwards it. The base alone goes through its
 * `Uri`, which would decode a `%2F` in a fragment for good; the whole is opened as a text, which stays as it is.
 */
async function openExternally(base: string, toUrl: (base: string) => string): Promise<void> {
  const reachable = await vscode.env.asExternalUri(vscode.Uri.parse(base, true));
  await vscode.commands.executeCommand('vscode.open', toUrl(reachable.toString(true).replace(/\/$/, '')));
}
