import * as vscode from 'vscode';
import { describeTarget } from '../../broker/amqpUri.ts';
import { freeName } from '../../broker/profile.ts';
import type { Session } from '../../broker/session.ts';
import { toAppError } from '../../common/errors.ts';
import { visibleLine } from '../../common/visibleText.ts';
import type { LinkedConnection } from './addLink.ts';
import { isSameLogin } from '../connectionForm/values.ts';
import type { Connections } from './connections.ts';
import type { ErrorPresenter } from '../presentError.ts';
import { consentDetail } from './sharedProfile.ts';

/** Takes `vscode://` links that add a connection: nothing is saved or connected before a person has said so. */
export function registerUriHandler(connections: Connections, errors: ErrorPresenter): vscode.Disposable {
  return vscode.window.registerUriHandler({
    handleUri: async (uri) => {
      try {
        const { parseAddLink, passwordSentence } = await import('./addLink.ts');
        const linked = parseAddLink(uri);
        await addLinked(connections, linked, passwordSentence(linked));
      } catch (error) {
        errors.present(toAppError(error));
      }
    },
  });
}

async function addLinked(
  connections: Connections,
  { entry, password }: LinkedConnection,
  aboutPassword: string,
): Promise<void> {
  const all = connections.all().map(({ profile }) => profile);
  const name = freeName(
    entry.name,
    all.map((profile) => profile.name),
  );
  const twin = all.find((profile) => isSameLogin(profile, entry));
  const add = 'Add';
  const addAndConnect = 'Add and Connect';
  const message = `A link asks to add connection "${visibleLine(name, 100)}" to ${visibleLine(describeTarget(entry), 300)}. Add it?`;
  const detail = [
    consentDetail({ ...entry, name, id: '' }),
    ...(aboutPassword === '' ? [] : [aboutPassword]),
    ...(twin ? [`Connection "${visibleLine(twin.name, 100)}" leads there already.`] : []),
  ].join(' ');
  const answer = await vscode.window.showWarningMessage(message, { modal: true, detail }, add, addAndConnect);
  if (answer === undefined) return;
  const session: Session = await connections.add({ ...entry, name }, password === '' ? {} : { password });
  if (answer === addAndConnect) await vscode.commands.executeCommand('warren.connect', { session });
  else await vscode.commands.executeCommand('warren.explorer.focus');
}
