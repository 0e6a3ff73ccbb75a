import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { Browse } from './steps.ts';

const folderKey = 'warren.certificateFolder';

/** Asks for files on the machine that the extension runs on, beginning where the last one was found. */
export class FilePicker {
  readonly #memento: vscode.Memento;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
  }

  /**
   * @param current a path that is entered already
   * @returns undefined when the person thought better of it
   */
  async pick({ title, several }: Browse, current: string): Promise<readonly string[] | undefined> {
    const folder = current === '' ? this.#memento.get<string>(folderKey) : dirname(current);
    const files = await vscode.window.showOpenDialog({
      title,
      openLabel: 'Choose',
      canSelectMany: several === true,
      ...(folder !== undefined && { defaultUri: vscode.Uri.file(folder) }),
    });
    const [first] = files ?? [];
    if (!files || !first) return undefined;
    await this.#memento.update(folderKey, dirname(first.fsPath));
    return files.map(({ fsPath }) => fsPath);
  }
}
