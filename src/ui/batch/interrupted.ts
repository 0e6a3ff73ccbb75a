import * as vscode from 'vscode';
import type { Session } from '../../broker/session.ts';
import type { Connections } from '../connections/connections.ts';
import { fullId } from '../commands/ids.ts';
import { plainText } from '../plainText.ts';

/**
 * Says once for each connection, when it opens, that a batch on it was cut off: the window was closed, or its process killed.
 * One that ended in this window has been told of.
 */
export function noticeInterrupted(connections: Connections, storagePath: string): vscode.Disposable {
  const startedAt = Date.now();
  const looked = new Set<string>();
  return connections.onDidChange((session) => {
    if (!session?.isOpen || looked.has(session.profile.id)) return;
    looked.add(session.profile.id);
    void look(session, storagePath, startedAt);
  });
}

async function look({ profile }: Session, storagePath: string, before: number): Promise<void> {
  const { BatchFolder } = await import('./batchFolder.ts');
  const { endText } = await import('./batchWords.ts');
  const folder = new BatchFolder(storagePath);
  const cutOff = (await folder.stored()).find(({ plan, ledger }) => {
    const isUnclear = ledger.length < plan.count || ledger.count('unsent') + ledger.count('unknown') > 0;
    return plan.profileId === profile.id && plan.startedAt < before && isUnclear;
  });
  if (!cutOff) return;
  const resume = 'Resume Batch…';
  const forget = 'Forget It';
  const text = `${profile.name}: a batch was interrupted. ${endText(cutOff.plan, cutOff.ledger)}`;
  const chosen = await vscode.window.showInformationMessage(plainText(text), resume, forget);
  if (chosen === resume) await vscode.commands.executeCommand(fullId('resumeBatch'));
  else if (chosen === forget) await folder.remove(cutOff.id);
}
