import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { Draft, DraftProperties } from '../../broker/publish/draft.ts';
import { overrideProperties } from '../../broker/publish/properties.ts';
import { AppError, toError } from '../../common/errors.ts';
import { counted } from '../../common/format.ts';
import { publishPersistent, publishProperties } from '../config.ts';
import type { Batch } from './batch.ts';
import { contentTypeOfFile, contentTypeOfText } from './contentType.ts';
import type { HeadersOfEach } from './targetRoutes.ts';
import type { PublishTarget } from './target.ts';

/** Where the bodies of one publish come from. */
export interface PublishSource {
  /** How many messages it will be. */
  readonly count: number;
  /** What is published, for progress: `2 selections`, `order.json`. */
  readonly label: string;
  /** The bodies from the n-th on, 0 being the first. */
  read(from: number): AsyncGenerator<Body>;
}

interface Body {
  readonly content: Buffer;
  readonly contentType: string;
}

/**
 * The text of the active editor at this moment: each selection one message, in the order of the text; without one the
 * whole document. Undefined without a text: no editor, an empty one, or an output panel in which nothing is selected.
 */
export function activeEditorSource(): PublishSource | undefined {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return undefined;
  const { document } = editor;
  if (document.getText() === '') return undefined;
  const selected = editor.selections
    .filter((selection) => !selection.isEmpty)
    .toSorted((a, b) => a.start.compareTo(b.start));
  if (selected.length === 0 && document.uri.scheme === 'output') return undefined;
  const texts = selected.length === 0 ? [document.getText()] : selected.map((range) => document.getText(range));
  const label =
    selected.length === 0
      ? nameOf(document.uri)
      : selected.length === 1
        ? 'the selection'
        : counted(selected.length, 'selection');
  return textSource(texts, contentTypeOfText(document.languageId), label);
}

/** A text that was typed in. */
export function typedSource(text: string): PublishSource {
  return textSource([text], isJson(text) ? 'application/json' : 'text/plain', 'the text');
}

function textSource(texts: readonly string[], contentType: string, label: string): PublishSource {
  return {
    count: texts.length,
    label,
    async *read(from) {
      for (const text of texts.slice(from)) yield { content: Buffer.from(text, 'utf8'), contentType };
    },
  };
}

/** Files, each one message, byte for byte and in the order given. */
export function filesSource(uris: readonly vscode.Uri[]): PublishSource {
  const [first] = uris;
  return {
    count: uris.length,
    label: uris.length === 1 && first ? nameOf(first) : counted(uris.length, 'file'),
    async *read(from) {
      for (const uri of uris.slice(from))
        yield { content: await readFile(uri), contentType: contentTypeOfFile(uri.path) };
    },
  };
}

/** The source's bodies for a target, with the default properties and the person's own over them. */
export function batchOf(source: PublishSource, target: PublishTarget): Batch {
  const { count, label } = source;
  return { count, label, target, drafts: (from) => drafts(source, target, from) };
}

async function* drafts(source: PublishSource, target: PublishTarget, from: number): AsyncGenerator<Draft> {
  const propertiesFor = defaultProperties();
  for await (const { content, contentType } of source.read(from)) {
    yield { ...target, content, properties: propertiesFor(contentType) };
  }
}

/** The default properties of a message, with the person's own over them, as the settings are now. @throws AppError `invalidInput` */
export function defaultProperties(): (contentType: string) => DraftProperties {
  const overrides = publishProperties();
  const persistent = publishPersistent();
  return (contentType) =>
    overrideProperties(
      {
        contentType,
        persistent,
        messageId: randomUUID(),
        timestamp: Math.floor(Date.now() / 1000),
        appId: 'warren',
      },
      overrides,
    );
}

/** The headers of each message by the settings as they are now, for where it would go. @throws AppError `invalidInput` */
export function defaultHeaders(): HeadersOfEach {
  return [defaultProperties()('text/plain').headers ?? {}];
}

async function readFile(uri: vscode.Uri): Promise<Buffer> {
  try {
    const bytes = await vscode.workspace.fs.readFile(uri);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch (error) {
    throw new AppError('fileUnreadable', { name: nameOf(uri), reason: toError(error).message }, { cause: error });
  }
}

function nameOf(uri: vscode.Uri): string {
  return vscode.workspace.asRelativePath(uri);
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}
