import * as vscode from 'vscode';
import { describeTarget } from '../broker/amqpUri.ts';
import type { ConnectionProfile } from '../broker/profile.ts';
import { visibleLine } from '../common/visibleText.ts';
import { consentDetail } from './sharedProfile.ts';

/** What a person is asked before a connection is made for the first time. */
export interface FirstConnect {
  /**
   * Whether credentials may go where a connection from settings leads.
   * @param place where it stands, as in `workspace settings`
   */
  allow(profile: ConnectionProfile, place: string): Promise<boolean>;
  /** @returns undefined when the person escaped */
  password(profile: ConnectionProfile): Promise<string | undefined>;
}

/** Asks in dialogs of the editor. */
export const askInEditor: FirstConnect = {
  async allow(profile, place) {
    const verb = 'Connect';
    const name = visibleLine(profile.name, 100);
    const where = visibleLine(describeTarget(profile), 300);
    const message = `Connection "${name}" comes from the ${place}. Connect to ${where}?`;
    const options = { modal: true, detail: consentDetail(profile) };
    return (await vscode.window.showWarningMessage(message, options, verb)) === verb;
  },

  async password(profile) {
    return vscode.window.showInputBox({
      title: `Password for ${profile.name}`,
      prompt: `Password of user ${profile.username} at ${profile.host}, kept in the editor's secret storage.`,
      password: true,
      ignoreFocusOut: true,
    });
  },
};

/** The passphrase of a connection's client certificate. @returns undefined when the person escaped */
export async function askPassphrase({ name, tlsOptions = {} }: ConnectionProfile): Promise<string | undefined> {
  const file = tlsOptions.pfxFile ?? tlsOptions.keyFile ?? tlsOptions.certFile ?? '';
  return vscode.window.showInputBox({
    title: `Passphrase for ${name}`,
    prompt: `Passphrase of ${file}, kept in the editor's secret storage.`,
    password: true,
    ignoreFocusOut: true,
  });
}
