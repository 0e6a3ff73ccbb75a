import * as vscode from 'vscode';
import { isSameLogin } from '../connectionForm/values.ts';
import { connectionsInEnvFile, parseEnvFile } from './envFile.ts';
import type { Found, Offer } from './offer.ts';

const pattern = '**/{.env,.env.*,*.env,compose*.yml,compose*.yaml,docker-compose*.yml,docker-compose*.yaml}';
const composeName = /^(docker-)?compose([.-][\w.-]+)?\.ya?ml$/i;
/** What others wrote, or what was built. */
const excluded = '**/{node_modules,bower_components,vendor,.git,.venv,venv,site-packages,dist,build,target}/**';

const mostFiles = 60;
const mostOffers = 20;
const largestBytes = 256 * 1024;

interface SourceFile {
  readonly uri: vscode.Uri;
  /** Of the folder it is in. */
  readonly folder: string;
  readonly name: string;
  readonly text: string;
}

/**
 * Looks for connections in the `.env` and compose files of a trusted workspace. Never connects, and never rejects: a file
 * that cannot be read is passed over and logged by its name.
 */
export async function findOffers(signal: AbortSignal, log: vscode.LogOutputChannel): Promise<readonly Offer[]> {
  if (!vscode.workspace.isTrusted || vscode.workspace.workspaceFolders === undefined) return [];
  try {
    const files = await readFiles(await findFiles(signal), log);
    const found = await connectionsIn(files, log);
    const distinct = found.filter(
      ({ values }, i) => found.findIndex((other) => isSameLogin(other.values, values)) === i,
    );
    return distinct.slice(0, mostOffers);
  } catch (error) {
    log.warn('The workspace was not searched for connections', error);
    return [];
  }
}

/** The nearest to the top first; `.env` before its variants, since the latter are often examples. */
async function findFiles(signal: AbortSignal): Promise<vscode.Uri[]> {
  const source = new vscode.CancellationTokenSource();
  const cancel = (): void => source.cancel();
  signal.addEventListener('abort', cancel);
  try {
    const uris = await vscode.workspace.findFiles(pattern, excluded, mostFiles, source.token);
    return uris.toSorted((a, b) => depth(a) - depth(b) || (a.path < b.path ? -1 : 1));
  } finally {
    signal.removeEventListener('abort', cancel);
    source.dispose();
  }
}

async function readFiles(uris: readonly vscode.Uri[], log: vscode.LogOutputChannel): Promise<SourceFile[]> {
  const files = await Promise.all(
    uris.map(async (uri): Promise<SourceFile[]> => {
      try {
        const { type, size } = await vscode.workspace.fs.stat(uri);
        if ((type & vscode.FileType.File) === 0 || size > largestBytes) return [];
        const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
        const at = uri.path.lastIndexOf('/');
        return [{ uri, folder: uri.path.slice(0, at), name: uri.path.slice(at + 1), text }];
      } catch (error) {
        log.warn(`${shortPath(uri)} was not searched for connections`, error);
        return [];
      }
    }),
  );
  return files.flat();
}

async function connectionsIn(files: readonly SourceFile[], log: vscode.LogOutputChannel): Promise<Offer[]> {
  const envFiles = files.filter(({ name }) => !composeName.test(name));
  const composeFiles = files.filter(({ name }) => composeName.test(name));
  const offers = envFiles.flatMap(({ uri, text }) => toOffers(connectionsInEnvFile(text), '', uri));
  if (composeFiles.length === 0) return offers;
  const { connectionsInComposeFile } = await import('./composeFile.ts');
  for (const { uri, folder, text } of composeFiles) {
    const envFile = (path: string): Map<string, string> | undefined => {
      const wanted = vscode.Uri.joinPath(uri, '..', path).path;
      const file = envFiles.find((each) => `${each.folder}/${each.name}` === wanted);
      return file && parseEnvFile(file.text);
    };
    try {
      const variables = envFile('.env') ?? new Map<string, string>();
      offers.push(...toOffers(connectionsInComposeFile(text, { variables, envFile }), 'service ', uri));
    } catch {
      // The parser's words quote the file, a password in it included.
      log.warn(`${shortPath(uri)} in ${folder} is not YAML that can be read`);
    }
  }
  return offers;
}

function toOffers(found: readonly Found[], kind: string, uri: vscode.Uri): Offer[] {
  return found.map(({ what, values }) => ({ source: `${kind}${what} in ${shortPath(uri)}`, values }));
}

function shortPath(uri: vscode.Uri): string {
  return vscode.workspace.asRelativePath(uri);
}

function depth({ path }: vscode.Uri): number {
  return path.split('/').length;
}
