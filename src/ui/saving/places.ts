import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';

/** A queue's name as a file's: short, and without what file systems do not take. */
export function fileNameOf(subject: string): string {
  const safe = Array.from(subject.replaceAll(/[^\p{L}\p{N}._ -]+/gu, '_').replace(/^[. ]+/, ''));
  return safe.slice(0, 60).join('').trim() || 'messages';
}

/**
 * Asks where to write a new file; the person is asked before one is replaced.
 * @returns its path; undefined when the person escaped
 */
export async function pickNewFile(name: string, extension: string, kind: string): Promise<string | undefined> {
  const uri = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(join(startFolder(), `${name}.${extension}`)),
    filters: { [kind]: [extension] },
  });
  return uri?.fsPath;
}

/** @returns the path of a folder; undefined when the person escaped */
export async function pickFolder(openLabel: string): Promise<string | undefined> {
  const [uri] =
    (await vscode.window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      openLabel,
      defaultUri: vscode.Uri.file(startFolder()),
    })) ?? [];
  return uri?.fsPath;
}

/** @returns the path of a file that is there; undefined when the person escaped */
export async function pickSavedFile(title: string): Promise<string | undefined> {
  const [uri] =
    (await vscode.window.showOpenDialog({
      title,
      openLabel: 'Publish',
      filters: { 'JSON Lines': ['jsonl', 'ndjson'], 'All files': ['*'] },
      defaultUri: vscode.Uri.file(startFolder()),
    })) ?? [];
  return uri?.fsPath;
}

/** The workspace, where it is on a disk. */
function startFolder(): string {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  return folder?.uri.scheme === 'file' ? folder.uri.fsPath : homedir();
}
