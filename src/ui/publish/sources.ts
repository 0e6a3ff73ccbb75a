import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { Draft, DraftProperties } from '../../broker/publish/draft.ts';
import { overrideProperties } from '../../broker/publish/properties.ts';
import { AppError, toError } from '../../common/errors.ts';
import { publishPersistent, publishProperties } from '../config.ts';
import { contentTypeOfFile, contentTypeOfText } from './contentType.ts';
import type { PublishTarget } from './target.ts';

/** Where the bodies of one publish come from; read anew each time, so that *Publish Again* sends the current text. */
export interface PublishSource {
  /** How many messages it will be. */
  readonly count: number;
  /** What is published, for progress: `2 selections`, `order.json`. */
  readonly label: string;
  read(): AsyncGenerator<Body>;
}

interface Body {
  readonly content: Buffer;
  readonly contentType: string;
}

/** The selections of an editor, each one message, in the order of the text; without one, the whole text. */
export function editorSource(editor: vscode.TextEditor): PublishSource {
  const { document } = editor;
  const selected = editor.selections
    .filter((selection) => !selection.isEmpty)
    .toSorted((a, b) => a.start.compareTo(b.start));
  const ranges: readonly (vscode.Range | undefined)[] = selected.length === 0 ? [undefined] : selected;
  const contentType = contentTypeOfText(document.languageId);
  return {
    count: ranges.length,
    label: selected.length === 0 ? vscode.workspace.asRelativePath(document.uri) : plural(selected.length, 'selection'),
    async *read() {
      for (const range of ranges) yield { content: Buffer.from(document.getText(range), 'utf8'), contentType };
    },
  };
}

/** Files, each one message, byte for byte and in the order given. */
export function filesSource(uris: readonly vscode.Uri[]): PublishSource {
  const [first] = uris;
  return {
    count: uris.length,
    label: uris.length === 1 && first ? vscode.workspace.asRelativePath(first) : plural(uris.length, 'file'),
    async *read() {
      for (const uri of uris) yield { content: await readFile(uri), contentType: contentTypeOfFile(uri.path) };
    },
  };
}

/** The source's bodies as drafts for a target, with the default properties and the person's own over them. */
export async function* drafts(source: PublishSource, target: PublishTarget): AsyncGenerator<Draft> {
  const overrides = publishProperties();
  const persistent = publishPersistent();
  for await (const { content, contentType } of source.read()) {
    const defaults: DraftProperties = {
      contentType,
      persistent,
      messageId: randomUUID(),
      timestamp: Math.floor(Date.now() / 1000),
      appId: 'warren',
    };
    yield { ...target, content, properties: overrideProperties(defaults, overrides) };
  }
}

async function readFile(uri: vscode.Uri): Promise<Buffer> {
  try {
    const bytes = await vscode.workspace.fs.readFile(uri);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch (error) {
    const name = vscode.workspace.asRelativePath(uri);
    throw new AppError('fileUnreadable', { name, reason: toError(error).message }, { cause: error });
  }
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
