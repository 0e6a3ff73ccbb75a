import * as vscode from 'vscode';
import { describeTarget } from '../../broker/amqpUri.ts';
import type { ConnectionProfile, ConnectionSecrets } from '../../broker/profile.ts';
import { visibleLine } from '../../common/visibleText.ts';
import { consentDetail } from './sharedProfile.ts';
import { plainText } from '../plainText.ts';

/** What a person is asked before a connection is made for the first time. */
export interface FirstConnect {
  /**
   * Whether credentials may go where a connection from settings leads.
   * @param place where it stands, as in `workspace settings`
   */
  allow(profile: ConnectionProfile, place: string): Promise<boolean>;
  /** @returns undefined when the person escaped */
  secret(kind: keyof ConnectionSecrets, profile: ConnectionProfile): Promise<string | undefined>;
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

  async secret(kind, profile) {
    return vscode.window.showInputBox({
      title: `${kind === 'tlsPassphrase' ? 'Passphrase' : 'Password'} for ${profile.name}`,
      prompt: plainText(`${secretPrompt(kind, profile)}, kept in the editor's secret storage.`),
      password: true,
      ignoreFocusOut: true,
    });
  },
};

function secretPrompt(kind: keyof ConnectionSecrets, profile: ConnectionProfile): string {
  switch (kind) {
    case 'password':
      return `Password of user ${profile.username} at ${profile.host}`;
    case 'tlsPassphrase': {
      const { pfxFile, keyFile, certFile } = profile.tlsOptions ?? {};
      return `Passphrase of ${pfxFile ?? keyFile ?? certFile ?? 'the client certificate'}`;
    }
    case 'managementPassword':
      return `Password of user ${profile.managementUsername ?? ''} of the management API`;
  }
}
