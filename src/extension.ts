import * as vscode from 'vscode';
import { DisposableStore } from './common/disposable.ts';
import { toAppError } from './common/errors.ts';
import { once } from './common/once.ts';
import { registerCommands, type CommandHandlers } from './ui/commands/registry.ts';
import { ConnectionGate } from './ui/connections/connectionGate.ts';
import { Connections } from './ui/connections/connections.ts';
import { ConnectionStatusBar } from './ui/connections/connectionStatusBar.ts';
import { connectFromEnvironment } from './ui/connections/demoConnection.ts';
import { SourceDecoders } from './ui/decoding/sourceDecoders.ts';
import { registerExplorer } from './ui/explorer/explorer.ts';
import { noticeInterrupted } from './ui/batch/interrupted.ts';
import { askInEditor } from './ui/connections/firstConnect.ts';
import { LastModes } from './ui/modes/lastModes.ts';
import { registerBodies } from './ui/output/bodyProvider.ts';
import { FirehoseWatch } from './ui/firehoseWatch.ts';
import { FilePicker } from './ui/picks/filePicker.ts';
import { registerMessages } from './ui/panel/provider.ts';
import { whenMessageFileOpens } from './ui/messageFile/whenOpened.ts';
import { ErrorPresenter } from './ui/presentError.ts';
import { RecentTargets } from './ui/publish/target.ts';
import { TailStatusBar } from './ui/statusBar.ts';
import { ConsentStore } from './ui/storage/consents.ts';
import { FirehoseNotes } from './ui/storage/firehoseNotes.ts';
import { ProfileStore } from './ui/storage/profiles.ts';
import { SecretStore } from './ui/storage/secrets.ts';
import { registerUriHandler } from './ui/connections/uriHandler.ts';
import { WorkspaceConnections } from './ui/connections/workspaceConnections.ts';

let connections: Connections | undefined;

/** Composition root: builds the parts and hands each the few it needs. */
export function activate(context: vscode.ExtensionContext): void {
  const store = new DisposableStore();
  context.subscriptions.push(store);
  const log = store.add(vscode.window.createOutputChannel('Warren', { log: true }));
  const errors = new ErrorPresenter(log);
  const secrets = new SecretStore(context.secrets);
  connections = new Connections({
    profiles: { global: new ProfileStore(context.globalState), workspace: new ProfileStore(context.workspaceState) },
    secrets,
    gate: new ConnectionGate(secrets, new ConsentStore(context.workspaceState), askInEditor),
    log,
  });
  store.add(new WorkspaceConnections(connections, errors));
  store.add(registerUriHandler(connections, errors));
  const { tree, reveal, touched } = registerExplorer(connections, store);
  const recent = new RecentTargets(context.workspaceState);
  const lastModes = new LastModes(context.workspaceState);
  const firehoseNotes = new FirehoseNotes(context.globalState);
  store.add(new FirehoseWatch(connections, firehoseNotes, errors));
  const sourceDecoders = new SourceDecoders(context.workspaceState);
  store.add(
    connections.onDidDelete((profileId) => {
      void recent.forget(profileId);
      void lastModes.forget(profileId);
      void sourceDecoders.forget(profileId);
    }),
  );
  const tails = { store, touched, connections, errors, context, sourceDecoders };
  const loadOutput = once(async () => (await import('./ui/output/output.ts')).registerOutput(tails));
  store.add(registerBodies(async () => (await loadOutput()).bodies));
  store.add(registerMessages(async () => (await loadOutput()).messages));
  store.add(new ConnectionStatusBar(connections));
  store.add(new TailStatusBar(connections));
  const messageFileParts = { connections, touched };
  const messageFiles = once(async () =>
    (await import('./ui/messageFile/register.ts')).registerMessageFiles(store, messageFileParts),
  );
  store.add(whenMessageFileOpens(() => void messageFiles()));
  const files = new FilePicker(context.globalState);
  const storagePath = vscode.Uri.joinPath(context.globalStorageUri, 'batches').fsPath;
  store.add(noticeInterrupted(connections, storagePath));
  const memory = { recent, lastModes, firehoseNotes };
  const parts = { connections, messageFiles, tree, files, storagePath, ...memory, errors, log, reveal, touched };
  const loadHandlers = async (): Promise<CommandHandlers> => {
    const [{ commandHandlers }, output] = await Promise.all([import('./ui/commands/handlers.ts'), loadOutput()]);
    const tutorial = `${context.extension.id}#getMessageThrough`;
    return {
      ...commandHandlers({ ...parts, output }),
      showLog: () => log.show(),
      startTutorial: async () => (await import('./ui/tutorial.ts')).openTutorial(tutorial),
    };
  };
  store.add(registerCommands(loadHandlers, errors));
  connectFromEnvironment(connections, process.env, reveal).catch((error: unknown) => errors.present(toAppError(error)));
}

/** Everything held goes back to its queue before the editor closes. */
export async function deactivate(): Promise<void> {
  await connections?.dispose();
}
