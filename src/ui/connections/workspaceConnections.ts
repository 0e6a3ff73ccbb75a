import * as vscode from 'vscode';
import type { EntryProblem } from '../../broker/connectionEntry.ts';
import { DisposableStore } from '../../common/disposable.ts';
import { AppError, toAppError } from '../../common/errors.ts';
import { connectionSettings, type ConnectionSetting } from '../config.ts';
import type { Connections, SharedConnection } from './connections.ts';
import type { ErrorPresenter } from '../presentError.ts';
import { sharedProfile, withFilesIn } from './sharedProfile.ts';

/** The setting that a team shares its connections in. */
const connectionsSetting = 'warren.connections';
/** More than a person can tell apart. */
const mostEntries = 200;

/** What is wrong in one place's list. */
interface PlaceProblems {
  readonly place: string;
  readonly problems: readonly EntryProblem[];
}

/** Keeps the connections of the settings in step with them: at once when they change, and when the workspace is trusted. */
export class WorkspaceConnections implements vscode.Disposable {
  readonly #connections: Pick<Connections, 'setShared'>;
  readonly #errors: ErrorPresenter;
  readonly #store = new DisposableStore();
  /** What was told last: the same trouble is not told at each change of something else. */
  #told = '';
  #reading: Promise<void> = Promise.resolve();

  constructor(connections: Pick<Connections, 'setShared'>, errors: ErrorPresenter) {
    this.#connections = connections;
    this.#errors = errors;
    this.#store.add(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration(connectionsSetting)) this.#readAgain();
      }),
    );
    this.#store.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.#readAgain()));
    this.#store.add(vscode.workspace.onDidChangeWorkspaceFolders(() => this.#readAgain()));
    if (connectionSettings().length > 0) this.#readAgain();
  }

  dispose(): void {
    this.#store.dispose();
  }

  /** One after the other, so that the last change wins. */
  #readAgain(): void {
    this.#reading = this.#reading
      .then(() => this.#read())
      .catch((error: unknown) => this.#errors.present(toAppError(error)));
  }

  async #read(): Promise<void> {
    const settings = connectionSettings();
    const places = await Promise.all(settings.map(readPlace));
    const distinct = new Map<string, SharedConnection>();
    for (const { shared } of places) {
      for (const each of shared) if (!distinct.has(each.profile.id)) distinct.set(each.profile.id, each);
    }
    await this.#connections.setShared([...distinct.values()]);
    this.#tell(places.map(({ place, problems }) => ({ place, problems })));
  }

  #tell(places: readonly PlaceProblems[]): void {
    const bad = places.filter(({ problems }) => problems.length > 0);
    const now = JSON.stringify(bad);
    if (now === this.#told) return;
    this.#told = now;
    for (const { place, problems } of bad) {
      const [first, ...others] = problems;
      if (!first) continue;
      const name = first.name === undefined ? '' : ` (${first.name})`;
      const more = others.length === 0 ? '' : `. ${others.length} more of its entries cannot be used`;
      const index = first.index < 0 ? '' : `[${first.index}]`;
      const field = `${connectionsSetting}${index}${name} in the ${place}`;
      const error = new AppError('invalidInput', { field: `setting ${field}`, reason: `${first.reason}${more}` });
      this.#errors.present(error, undefined, [{ title: 'Open Settings', run: () => openConnectionSettings(place) }]);
    }
  }
}

/** Opens the settings that a connection stands in, at the connections. */
export async function openConnectionSettings(place: string): Promise<void> {
  const file = settingsFile(place);
  if (!file) {
    await vscode.commands.executeCommand('workbench.action.openSettingsJson', {
      revealSetting: { key: connectionsSetting },
    });
    return;
  }
  const document = await vscode.workspace.openTextDocument(file);
  const at = document.positionAt(Math.max(0, document.getText().indexOf(connectionsSetting)));
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at) });
}

/** Undefined for those of the user, whose place only the editor knows. */
function settingsFile(place: string): vscode.Uri | undefined {
  const { workspaceFile, workspaceFolders = [] } = vscode.workspace;
  if (place === 'workspace settings' && workspaceFile) return workspaceFile;
  const folder = workspaceFolders.find(({ name }) => place === `settings of folder ${name}`) ?? workspaceFolders[0];
  return folder && place !== 'user settings' ? vscode.Uri.joinPath(folder.uri, '.vscode', 'settings.json') : undefined;
}

async function readPlace({
  place,
  folder,
  value,
}: ConnectionSetting): Promise<PlaceProblems & { shared: SharedConnection[] }> {
  const reject = (reason: string) => ({ place, shared: [], problems: [{ index: -1, name: undefined, reason }] });
  if (!Array.isArray(value)) return reject('must be a list');
  if (value.length === 0) return { place, shared: [], problems: [] };
  if (value.length > mostEntries) return reject(`has more than ${mostEntries} entries`);
  const { readEntries } = await import('../../broker/connectionEntry.ts');
  const { entries, problems } = readEntries(value);
  const shared = new Map<string, SharedConnection>();
  for (const entry of entries) {
    const profile = sharedProfile(folder === undefined ? entry : withFilesIn(entry, folder));
    if (!shared.has(profile.id)) shared.set(profile.id, { profile, place });
    else problems.push({ index: -1, name: profile.name, reason: 'leads where another entry of it leads already' });
  }
  return { place, shared: [...shared.values()], problems };
}
