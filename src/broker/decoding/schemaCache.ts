import { basename } from 'node:path';
import { toError } from '../../common/errors.ts';
import { Emitter, type Event } from '../../common/event.ts';
import type { StructuredDecoder } from '../message/decode.ts';
import type { SchemaKind } from './choice.ts';
import { WatchedSchema } from './watchedSchema.ts';

/** Schemas by their files, read when they are first asked for and again when a file changes. */
export class SchemaCache {
  readonly #schemas = new Map<string, WatchedSchema>();
  readonly #changed = new Emitter<void>();
  /** A schema has been read, or could not be. */
  readonly onDidChange: Event<void> = this.#changed.event;
  readonly #lookMs: number;

  /** @param lookMs how often is looked whether a file has changed */
  constructor(lookMs: number) {
    this.#lookMs = lookMs;
  }

  /** What has to be waited for before `decoder` knows this schema; undefined when there is nothing. Never rejects. */
  load(kind: SchemaKind, path: string): Promise<void> | undefined {
    const schema = this.#schemaOf(kind, path);
    return schema.current === undefined ? schema.ready : undefined;
  }

  /** The decoder of a type of this schema, or a clause that says why there is none. */
  decoder(kind: SchemaKind, path: string, type: string | undefined): StructuredDecoder | string {
    const file = this.#schemaOf(kind, path).current ?? `${basename(path)} is not read yet`;
    if (typeof file === 'string') return file;
    try {
      return file.decoder(type);
    } catch (error) {
      return `${basename(path)}: ${toError(error).message}`;
    }
  }

  dispose(): void {
    for (const schema of this.#schemas.values()) schema.dispose();
    this.#schemas.clear();
    this.#changed.dispose();
  }

  #schemaOf(kind: SchemaKind, path: string): WatchedSchema {
    const key = `${kind} ${path}`;
    const known = this.#schemas.get(key);
    if (known) return known;
    const schema = new WatchedSchema(kind, path, this.#lookMs, () => this.#changed.fire());
    this.#schemas.set(key, schema);
    return schema;
  }
}
