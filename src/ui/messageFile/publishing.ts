import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { MessageFile, MessageNode, Problem } from '../../broker/messageFile/model.ts';
import {
  promptsOf,
  resolveMessage,
  type ResolvedBody,
  type ResolvedMessage,
} from '../../broker/messageFile/resolve.ts';
import type { VariableSources } from '../../broker/messageFile/variables.ts';
import type { Draft } from '../../broker/publish/draft.ts';
import type { PublishOutcome } from '../../broker/publish/outcome.ts';
import type { RequestResult } from '../../broker/publish/requester.ts';
import type { Session } from '../../broker/session.ts';
import { systemClock } from '../../common/clock.ts';
import { AppError, toAppError, toError, type ErrorCode } from '../../common/errors.ts';
import { formatInteger } from '../../common/format.ts';
import { chosenVariables } from '../config.ts';
import type { Connections } from '../connections/connections.ts';
import { setContextKey } from '../contextKeys.ts';
import { errorText } from '../errorText.ts';
import { withProgressWhenSlow } from '../progress.ts';
import { chooseSession, connected } from '../picks/targets.ts';
import type { ActiveConnection } from './activeConnection.ts';
import { fileOf } from './parsedFiles.ts';
import { keysOf, type MessageResults } from './results.ts';
import { plainText } from '../plainText.ts';

export interface PublishingParts {
  readonly connections: Connections;
  readonly active: ActiveConnection;
  readonly results: MessageResults;
  /** Something of Warren's has changed what is in a queue. */
  readonly touched: (session: Session, queue: string) => void;
  /** The broker did not do what was foretold by what is known of it. */
  readonly outdated: (session: Session) => void;
}

/** Publishes messages of files, each as it is written at that moment. */
export class MessageFilePublisher {
  readonly #parts: PublishingParts;
  /** How many messages of a file were published in this window, by its URI. */
  readonly #counts = new Map<string, number>();

  constructor(parts: PublishingParts) {
    this.#parts = parts;
  }

  /**
   * Publishes messages one after the other; each gets its result. What cannot be published is left out, and told at the end.
   * @throws AppError why nothing could be published
   */
  async publish(document: vscode.TextDocument, messages: readonly MessageNode[]): Promise<void> {
    const file = fileOf(document);
    const keys = keysOf(document.getText(), file);
    const answers = await this.#ask(messages.flatMap((message) => promptsOf(file, message)));
    if (!answers) return;
    const problems: AppError[] = [];
    const ready: Ready[] = [];
    for (const message of messages) {
      const resolved = this.#resolve(document, file, message, answers);
      if (resolved instanceof AppError) problems.push(resolved);
      else ready.push({ key: keys.get(message) ?? '', message: resolved });
    }
    if (ready.length > 0) problems.push(...(await this.#publishReady(document, ready)));
    const [problem] = problems;
    if (!problem) return;
    if (messages.length === 1) throw problem;
    const count = `${formatInteger(problems.length)} of ${formatInteger(messages.length)}`;
    void vscode.window.showWarningMessage(plainText(`${count} messages were not published. ${errorText(problem)}`));
  }

  /**
   * Publishes one message as a request; its result is shown like any other.
   * @throws AppError why it could not be published, or as `run`
   */
  async request(document: vscode.TextDocument, message: MessageNode, run: RunRequest): Promise<void> {
    const file = fileOf(document);
    const answers = await this.#ask(promptsOf(file, message));
    if (!answers) return;
    const resolved = this.#resolve(document, file, message, answers);
    if (resolved instanceof AppError) throw resolved;
    const key = keysOf(document.getText(), file).get(message) ?? '';
    const { connection, exchange, routingKey, properties, body } = resolved;
    const session = await this.#session(document, connection);
    if (!session) return;
    await connected(session);
    const draft = { exchange, routingKey, properties, content: await contentOf(document, body) };
    const result = await run(session, draft, () => this.request(document, message, run));
    const outcome: PublishOutcome = result.kind === 'notRouted' ? result.outcome : { kind: 'routed' };
    const target = { exchange, routingKey };
    const at = new Date();
    this.#parts.results.set(document.uri.toString(), key, { outcome, target, connection: session.profile.name, at });
  }

  /** A message with its values, the next of its file; or why it cannot be published. */
  #resolve(
    document: vscode.TextDocument,
    file: MessageFile,
    message: MessageNode,
    answers: ReadonlyMap<string, string>,
  ): ResolvedMessage | AppError {
    const resolution = resolveMessage(file, message, this.#sources(document, answers));
    if ('problems' in resolution) return problemError(document, resolution.problems[0]);
    const problem = distrusted(resolution.message.body);
    if (problem) return problemError(document, problem);
    this.#count(document);
    return resolution.message;
  }

  /** @returns why single ones were not published */
  async #publishReady(document: vscode.TextDocument, ready: readonly Ready[]): Promise<AppError[]> {
    const sessions = await this.#sessions(document, ready);
    const problems: AppError[] = [];
    if (!sessions) return problems;
    const title = ready.length === 1 ? 'Publishing the message' : `Publishing ${formatInteger(ready.length)} messages`;
    await withProgressWhenSlow(title, async (signal, report) => {
      for (const [i, each] of ready.entries()) {
        const session = sessions.get(each.message.connection);
        if (!session || signal.aborted) return;
        try {
          await this.#publishOne(document, each, session, signal);
        } catch (error) {
          const failure = toAppError(error);
          if (failure.is('cancelled')) return;
          if (!isOfOneMessage.has(failure.code)) throw failure;
          problems.push(failure);
        }
        report(`${formatInteger(i + 1)} of ${formatInteger(ready.length)}`, ((i + 1) / ready.length) * 100);
      }
    });
    return problems;
  }

  async #publishOne(document: vscode.TextDocument, ready: Ready, session: Session, signal: AbortSignal): Promise<void> {
    const { results, touched, outdated } = this.#parts;
    const { exchange, routingKey, properties, body } = ready.message;
    const content = await contentOf(document, body);
    const outcome = await session.publisher.publish({ exchange, routingKey, properties, content }, signal);
    const target = { exchange, routingKey };
    const connection = session.profile.name;
    if (outcome.kind !== 'routed') outdated(session);
    results.set(document.uri.toString(), ready.key, { outcome, target, connection, at: new Date() });
    if (outcome.kind === 'routed') setContextKey('warren.hasPublished', true);
    if (exchange !== '') return;
    if (outcome.kind === 'routed') session.queues.addKnown(routingKey);
    touched(session, routingKey);
  }

  /** The connections of all, open; undefined when the person gave up. @throws AppError why one cannot be opened */
  async #sessions(
    document: vscode.TextDocument,
    ready: readonly Ready[],
  ): Promise<ReadonlyMap<string | undefined, Session> | undefined> {
    const sessions = new Map<string | undefined, Session>();
    for (const { message } of ready) {
      if (sessions.has(message.connection)) continue;
      const session = await this.#session(document, message.connection);
      if (!session) return undefined;
      sessions.set(message.connection, await connected(session));
    }
    return sessions;
  }

  async #session(document: vscode.TextDocument, name: string | undefined): Promise<Session | undefined> {
    const { active, connections } = this.#parts;
    if (name !== undefined) {
      const named = active.named(name);
      if (!named) throw new AppError('messageFileProblem', { reason: `There is no connection ${name}.` });
      return named;
    }
    const session = active.of(document) ?? (await chooseSession(connections, undefined, 'Publish Message in File'));
    if (session) active.use(document, session);
    return session;
  }

  /** Undefined when the person gave up. */
  async #ask(labels: readonly string[]): Promise<ReadonlyMap<string, string> | undefined> {
    const answers = new Map<string, string>();
    for (const label of new Set(labels)) {
      const answer = await vscode.window.showInputBox({
        title: 'Publish Message in File',
        prompt: plainText(label),
        ignoreFocusOut: true,
      });
      if (answer === undefined) return undefined;
      answers.set(label, answer);
    }
    return answers;
  }

  /** Of the next message of a file. */
  #sources(document: vscode.TextDocument, answers: ReadonlyMap<string, string>): VariableSources {
    const { isTrusted } = vscode.workspace;
    return {
      environment: chosenVariables(document.uri),
      clock: systemClock,
      random: Math.random,
      uuid: randomUUID,
      // Its files could send what they name to a broker that they name.
      env: (name) => (isTrusted ? process.env[name] : undefined),
      counter: (this.#counts.get(document.uri.toString()) ?? 0) + 1,
      answers,
    };
  }

  #count({ uri }: vscode.TextDocument): void {
    this.#counts.set(uri.toString(), (this.#counts.get(uri.toString()) ?? 0) + 1);
  }
}

/** Sends a request; `again` sends it once more. */
type RunRequest = (session: Session, draft: Draft, again: () => Promise<void>) => Promise<RequestResult>;

interface Ready {
  /** Of its result. */
  readonly key: string;
  readonly message: ResolvedMessage;
}

/** The file could send what it names to a broker that it names. */
function distrusted(body: ResolvedBody): Problem | undefined {
  if (body.kind !== 'file' || vscode.workspace.isTrusted) return undefined;
  return { code: 'body', range: body.range, message: 'In an untrusted workspace no body is taken from a file.' };
}

function problemError(document: vscode.TextDocument, problem: Problem | undefined): AppError {
  const line = document.positionAt(problem?.range.start ?? 0).line + 1;
  return new AppError('messageFileProblem', { reason: `Line ${line}: ${problem?.message ?? ''}` });
}

/** What keeps one message from being published, and says nothing of the next. */
const isOfOneMessage: ReadonlySet<string> = new Set<ErrorCode>([
  'messageFileProblem',
  'fileUnreadable',
  'invalidInput',
]);

/** @throws AppError `fileUnreadable`, `invalidInput` for what is in it */
async function contentOf(document: vscode.TextDocument, body: ResolvedBody): Promise<Buffer> {
  if (body.kind === 'bytes') return body.content;
  const uri = bodyUriOf(document, body.path);
  let bytes: Uint8Array;
  try {
    bytes = await vscode.workspace.fs.readFile(uri);
  } catch (error) {
    throw new AppError('fileUnreadable', { name: body.path, reason: toError(error).message }, { cause: error });
  }
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!body.text) return content;
  try {
    return Buffer.from(body.text(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content)), 'utf8');
  } catch (error) {
    const failure = toAppError(error);
    if (failure.is('invalidInput')) throw failure;
    throw new AppError('fileUnreadable', { name: body.path, reason: 'it is not UTF-8' }, { cause: error });
  }
}

/** Relative to the file, or to the first folder of the workspace where it is not saved. */
export function bodyUriOf({ uri, isUntitled }: vscode.TextDocument, path: string): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const base = isUntitled ? folder?.uri : vscode.Uri.joinPath(uri, '..');
  if (/^(?:\/|[A-Za-z]:[\\/])/.test(path))
    return base ? base.with({ path: vscode.Uri.file(path).path }) : vscode.Uri.file(path);
  return base ? vscode.Uri.joinPath(base, path) : vscode.Uri.file(path);
}
