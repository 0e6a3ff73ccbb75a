import { dirname, join, resolve } from 'node:path';
import protobuf from 'protobufjs';
import * as protojson from 'protobufjs/ext/protojson';
import { toError } from '../../common/errors.ts';
import { counted } from '../../common/format.ts';
import type { StructuredDecoder } from '../message/decode.ts';
import type { ReadText, SchemaFile } from './schemaFile.ts';

/** Its types tell of names, but as CommonJS Node gives it a default alone. */
const { toJson } = 'default' in protojson ? (protojson.default as typeof protojson) : protojson;

/** In all the files that one file imports. */
const mostFiles = 500;
/** How many folders above a file what it imports may be relative to. */
const mostFolders = 10;

/**
 * Reads a .proto file and those that it imports, from the folder of the one that names them or from a folder above the file, as
 * far up as it is known to be. Google's well-known types need no files.
 * @throws Error with a clause that says why it cannot be used
 */
export async function openProtobuf(path: string, read: ReadText): Promise<SchemaFile> {
  const root = new protobuf.Root();
  const loader = new Loader(path, read, root);
  await loader.load(path);
  try {
    root.resolveAll();
  } catch (error) {
    const missing = loader.missing.length === 0 ? '' : `, and ${loader.missing.join(', ')} cannot be found`;
    throw new Error(`${toError(error).message}${missing}`, { cause: error });
  }
  const all = messageTypes(root);
  const own = all.filter(({ filename }) => filename === path);
  const types = (own.length > 0 ? own : all).map((type) => nameOf(type));
  return {
    files: loader.files,
    types,
    decoder: (name) => {
      const only = types.length === 1 ? types[0] : undefined;
      const type = all.find((each) => nameOf(each) === (name ?? only));
      if (type) return decoderOf(type);
      throw new Error(name === undefined ? `it has ${types.length} message types` : `it has no message type ${name}`);
    },
  };
}

class Loader {
  readonly files: string[] = [];
  /** Files that are imported and not there: they may not be needed, as those that only declare options. */
  readonly missing: string[] = [];
  readonly #folders: readonly string[];
  readonly #read: ReadText;
  readonly #root: protobuf.Root;
  readonly #common = new Set<string>();

  constructor(path: string, read: ReadText, root: protobuf.Root) {
    this.#read = read;
    this.#root = root;
    const folders: string[] = [];
    for (let folder = dirname(path); folders.length < mostFolders; folder = dirname(folder)) {
      folders.push(folder);
      if (dirname(folder) === folder) break;
    }
    this.#folders = folders;
  }

  async load(path: string): Promise<void> {
    const text = await this.#read(path);
    this.files.push(path);
    // What is parsed gets it as the file that it stands in; errors name it.
    (protobuf.parse as { filename?: string }).filename = path;
    const parsed = protobuf.parse(text, this.#root, { keepCase: true });
    for (const name of [...(parsed.imports ?? []), ...(parsed.weakImports ?? [])]) await this.#import(name, path);
  }

  async #import(name: string, from: string): Promise<void> {
    const common = protobuf.common.get(name);
    if (common?.nested) {
      if (!this.#common.has(name)) this.#root.addJSON(common.nested);
      this.#common.add(name);
      return;
    }
    if (this.files.length >= mostFiles) throw new Error(`it imports more than ${mostFiles} files`);
    for (const folder of [dirname(from), ...this.#folders]) {
      const path = resolve(join(folder, name));
      if (this.files.includes(path)) return;
      try {
        await this.#read(path);
      } catch {
        continue;
      }
      await this.load(path);
      return;
    }
    this.missing.push(name);
  }
}

function messageTypes(namespace: protobuf.NamespaceBase): protobuf.Type[] {
  return namespace.nestedArray.flatMap((each) => {
    const inside = each instanceof protobuf.Namespace ? messageTypes(each) : [];
    return each instanceof protobuf.Type && !isGroup(each) ? [each, ...inside] : inside;
  });
}

/** A group of proto2 is a field and its type in one. */
function isGroup(type: protobuf.Type): boolean {
  return 'group' in type && type.group === true;
}

function nameOf(type: protobuf.Type): string {
  return type.fullName.replace(/^\./, '');
}

function decoderOf(type: protobuf.Type): StructuredDecoder {
  return {
    name: nameOf(type),
    decode(bytes) {
      const reader = protobuf.Reader.create(withoutPrefix(bytes));
      reader.discardUnknown = false;
      const message = type.decode(reader) as protobuf.Message & { $unknowns?: unknown[] };
      const unknown = message.$unknowns?.length ?? 0;
      const json = JSON.stringify(toJson(type, message));
      if (unknown > 0 && json === '{}') throw new Error('none of its fields is in these bytes');
      const fields = counted(unknown, 'field');
      return unknown === 0 ? { json } : { json, note: `${fields} more that it does not have` };
    },
  };
}

/**
 * Confluent's wire format: a zero, which begins no message, the schema's id, and the place of the message type in its file.
 * @see https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format
 */
function withoutPrefix(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0 || bytes.length < 6) return bytes;
  const reader = protobuf.Reader.create(bytes.subarray(5));
  for (let left = reader.sint32(); left > 0; left--) reader.sint32();
  return bytes.subarray(5 + reader.pos);
}
