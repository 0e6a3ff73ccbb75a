import { basename } from 'node:path';
import * as vscode from 'vscode';
import { schemaKindOf, type DecoderChoice, type SchemaKind } from '../../broker/decoding/choice.ts';
import { openSchema, reasonOf } from '../../broker/decoding/watchedSchema.ts';
import { visibleLine } from '../../common/visibleText.ts';
import { runSteps } from '../picks/multiStep.ts';
import type { Choice, Step } from '../picks/steps.ts';
import { plainText } from '../plainText.ts';

/** What was decided: how bodies are read, `undefined` as their messages say; and of what they are the bodies. */
export interface DecoderDecision {
  readonly choice: DecoderChoice | undefined;
  readonly scope: 'source' | 'contentType';
}

/** What a decoder is chosen for. */
export interface DecoderSubject {
  /** The queue or exchange, as people know it. */
  readonly name: string;
  readonly connection: string;
  /** What is chosen for it now. */
  readonly current: DecoderChoice | undefined;
  /** Of a message that it is chosen for, without parameters; empty where there is none. */
  readonly mediaType: string;
}

type Kind = DecoderChoice['kind'] | 'automatic';

const kinds: readonly { readonly kind: Kind; readonly label: string; readonly description: string }[] = [
  { kind: 'automatic', label: 'Automatic', description: 'by content type and looks' },
  { kind: 'json', label: 'JSON', description: '' },
  { kind: 'text', label: 'Text', description: 'in its charset' },
  { kind: 'xml', label: 'XML', description: '' },
  { kind: 'messagepack', label: 'MessagePack', description: '' },
  { kind: 'protobuf', label: 'Protobuf…', description: 'by a .proto file' },
  { kind: 'avro', label: 'Avro…', description: 'by an .avsc file' },
  { kind: 'hex', label: 'Bytes', description: 'as hex' },
];

/** Schemas are not even opened where the workspace is not trusted. */
function possibleKinds(): typeof kinds {
  return vscode.workspace.isTrusted ? kinds : kinds.filter(({ kind }) => !isSchemaKind(kind));
}

/** More files of a workspace than these are not looked for: they can be browsed for. */
const mostFiles = 200;
const browse = '';

interface FirstState {
  readonly kind: Kind;
  /** A path; empty: it is browsed for. */
  readonly schema: string;
}

interface SecondState {
  readonly type: string | undefined;
  readonly scope: DecoderDecision['scope'];
}

/** Asks how bodies are to be read; undefined when the person escaped. */
export async function chooseDecoder(subject: DecoderSubject): Promise<DecoderDecision | undefined> {
  const files = await schemaFiles();
  const { current } = subject;
  let first: FirstState = {
    kind: current?.kind ?? 'automatic',
    schema: current && 'schema' in current ? current.schema : browse,
  };
  for (;;) {
    // One question after the other is the point.
    // oxlint-disable no-await-in-loop
    const answer = await runSteps({ title: titleOf(subject), steps: firstSteps(files), state: first });
    if (answer.kind !== 'done') return undefined;
    first = answer.state;
    const choice = await choiceOf(first, subject);
    if (choice === 'escaped') return undefined;
    const types = choice && 'schema' in choice ? await typesOf(choice.kind, choice.schema) : [];
    if (!types) return undefined;
    const type = current && 'type' in current && types.includes(current.type ?? '') ? current.type : types[0];
    const second = await runSteps<SecondState>({
      title: titleOf(subject),
      steps: secondSteps(types, subject),
      state: { type, scope: 'source' },
      canLeaveBackwards: true,
    });
    // oxlint-enable no-await-in-loop
    if (second.kind === 'escaped') return undefined;
    if (second.kind !== 'done') continue;
    const { scope, type: chosen } = second.state;
    if (!choice || !('schema' in choice)) return { choice, scope };
    return { choice: { ...choice, ...(chosen !== undefined && { type: chosen }) }, scope };
  }
}

function titleOf({ name, connection }: DecoderSubject): string {
  return `Choose Decoder for ${visibleLine(name, 60)} on ${connection}`;
}

function firstSteps(files: readonly vscode.Uri[]): readonly Step<FirstState>[] {
  return [
    {
      kind: 'choice',
      id: 'kind',
      placeholder: 'How its bodies are read; content encodings such as gzip are undone before',
      choices: (state) =>
        possibleKinds().map(({ kind, label, description }) => ({
          label,
          description,
          current: kind === state.kind,
          state: { ...state, kind },
        })),
    },
    {
      kind: 'choice',
      id: 'schema',
      placeholder: 'The file with the schema',
      when: ({ kind }) => isSchemaKind(kind) && choicesOf(files, { kind, schema: browse }).length > 1,
      choices: (state) => choicesOf(files, state),
    },
  ];
}

function choicesOf(files: readonly vscode.Uri[], state: FirstState): Choice<FirstState>[] {
  const fitting = files.map(({ fsPath }) => fsPath).filter((path) => schemaKindOf(path) === state.kind);
  const known = state.schema === browse || fitting.includes(state.schema) || schemaKindOf(state.schema) !== state.kind;
  const paths = known ? fitting : [state.schema, ...fitting];
  return [
    ...paths.map((schema) => {
      const [label, path] = [basename(schema), vscode.workspace.asRelativePath(schema)];
      const where = path === label ? {} : { description: path };
      return { label, ...where, current: schema === state.schema, state: { ...state, schema } };
    }),
    { label: 'Browse…', current: false, state: { ...state, schema: browse } },
  ];
}

function secondSteps(types: readonly string[], { name, mediaType }: DecoderSubject): readonly Step<SecondState>[] {
  return [
    {
      kind: 'choice',
      id: 'type',
      placeholder: 'The type that each body is of',
      when: () => types.length > 1,
      choices: (state) =>
        types.map((type) => ({ label: type, current: type === state.type, state: { ...state, type } })),
    },
    {
      kind: 'choice',
      id: 'scope',
      placeholder: 'For which messages',
      when: () => mediaType !== '',
      choices: (state) => [
        {
          label: `All of ${visibleLine(name, 60)}`,
          description: 'in this workspace, for you',
          current: state.scope === 'source',
          state: { ...state, scope: 'source' },
        },
        {
          label: `All of type ${mediaType}`,
          description: `in the settings of ${vscode.workspace.workspaceFolders ? 'this workspace' : 'the user'}`,
          current: state.scope === 'contentType',
          state: { ...state, scope: 'contentType' },
        },
      ],
    },
  ];
}

async function choiceOf(
  { kind, schema }: FirstState,
  subject: DecoderSubject,
): Promise<DecoderChoice | undefined | 'escaped'> {
  if (kind === 'automatic') return undefined;
  if (!isSchemaKind(kind)) return { kind };
  if (schema !== browse && schemaKindOf(schema) === kind) return { kind, schema };
  const filters = kind === 'protobuf' ? { Protobuf: ['proto'] } : { Avro: ['avsc', 'json'] };
  const chosen = await vscode.window.showOpenDialog({ title: titleOf(subject), openLabel: 'Choose', filters });
  const path = chosen?.[0]?.fsPath;
  return path === undefined ? 'escaped' : { kind, schema: path };
}

/** The types in a schema; undefined when there are none to choose from, which the person is told. */
async function typesOf(kind: SchemaKind, path: string): Promise<readonly string[] | undefined> {
  try {
    const { types } = await openSchema(kind, path);
    if (types.length > 0) return types;
    void vscode.window.showErrorMessage(plainText(`${basename(path)} has no message type in it.`));
  } catch (error) {
    void vscode.window.showErrorMessage(
      plainText(`This schema cannot be used. ${visibleLine(reasonOf(error, path), 500)}.`),
    );
  }
  return undefined;
}

async function schemaFiles(): Promise<readonly vscode.Uri[]> {
  const found = await vscode.workspace.findFiles('**/*.{proto,avsc}', '**/node_modules/**', mostFiles);
  return found.filter(({ scheme }) => scheme === 'file').toSorted((a, b) => (a.fsPath < b.fsPath ? -1 : 1));
}

function isSchemaKind(kind: Kind): kind is SchemaKind {
  return kind === 'protobuf' || kind === 'avro';
}
