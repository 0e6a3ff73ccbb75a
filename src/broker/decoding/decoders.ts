import { toError } from '../../common/errors.ts';
import { Emitter, type Event } from '../../common/event.ts';
import { parseContentEncoding } from '../message/contentEncoding.ts';
import { decodeBody, rawText, type DecodedBody, type DecodeOptions, type Reading } from '../message/decode.ts';
import type { Message } from '../message/message.ts';
import { parseContentType } from '../message/text.ts';
import { needsUnzstd } from '../message/unpack.ts';
import type * as binary from './binary.ts';
import type { BodyReader } from './bodyReader.ts';
import type { DecoderChoice } from './choice.ts';
import { SchemaCache } from './schemaCache.ts';

/** How bodies are to be read, or a clause that says why that cannot be known. */
export type Chosen = DecoderChoice | string;

/** What is said above a body that needs a schema; its first two words are the command. */
export const decoderHint = 'Choose Decoder reads it by its schema';

const messagePackType = /^application\/(?:(?:x-|vnd\.)?msgpack|.+\+msgpack)$/;
const schemaType = /protobuf|avro/;

/** How bodies are decoded, and what has been loaded for it. */
export class Decoders {
  readonly #byContentType: () => ReadonlyMap<string, Chosen>;
  readonly #schemas: SchemaCache;
  readonly #changed = new Emitter<void>();
  /** Bodies may read otherwise from now on. */
  readonly onDidChange: Event<void> = this.#changed.event;
  #binary: typeof binary | undefined;
  #loading: Promise<void> | undefined;
  #problem: string | undefined;

  /**
   * @param byContentType choices by media types in lower case; asked for each message
   * @param lookMs how often is looked whether a schema has changed, in milliseconds
   */
  constructor(byContentType: () => ReadonlyMap<string, Chosen>, lookMs = 1_000) {
    this.#byContentType = byContentType;
    this.#schemas = new SchemaCache(lookMs);
    this.#schemas.onDidChange(() => this.#changed.fire());
  }

  /** @param chosen what is chosen for these messages, whatever their types; asked for each message */
  reader(chosen: () => Chosen | undefined): BodyReader {
    return {
      onDidChange: this.onDidChange,
      prepare: (message) => this.#prepare(message, chosen()),
      read: (message, options) => this.#read(message, chosen(), options),
      bodyText: (message, options) => this.#bodyText(message, chosen(), options),
    };
  }

  /** What is chosen has changed. */
  chosen(): void {
    this.#changed.fire();
  }

  dispose(): void {
    this.#schemas.dispose();
    this.#changed.dispose();
  }

  #prepare(message: Message, chosen: Chosen | undefined): Promise<void> | undefined {
    const choice = chosen ?? this.#choiceByType(message);
    const schema =
      typeof choice === 'object' && 'schema' in choice ? this.#schemas.load(choice.kind, choice.schema) : undefined;
    const needsBinary = (typeof choice === 'object' && choice.kind === 'messagepack') || isZstd(message);
    const loading = needsBinary && !this.#binary && this.#problem === undefined ? this.#load() : undefined;
    return schema && loading ? bothOf(schema, loading) : (schema ?? loading);
  }

  #read(message: Message, chosen: Chosen | undefined, options: { readonly maxBytes?: number } = {}): DecodedBody {
    const { content, properties } = message;
    const as = this.#reading(message, chosen);
    if (typeof as === 'object' && 'problem' in as) {
      const body = decodeBody(content, properties, { ...options, ...this.#tools, as: 'hex' });
      return { ...body, note: `${as.problem}; shown as bytes` };
    }
    const body = decodeBody(content, properties, { ...options, ...this.#tools, as });
    if (
      body.kind !== 'hex' ||
      as !== undefined ||
      !schemaType.test(parseContentType(properties.contentType).mediaType)
    ) {
      return body;
    }
    return { ...body, note: [body.note, decoderHint].filter(Boolean).join('; ') };
  }

  #bodyText(message: Message, chosen: Chosen | undefined, options?: { readonly maxBytes?: number }): string {
    const as = this.#reading(message, chosen);
    const usable = typeof as === 'object' && 'problem' in as ? undefined : as;
    return rawText(message.content, message.properties, { ...options, ...this.#tools, as: usable });
  }

  #reading(message: Message, chosen: Chosen | undefined): Reading | { readonly problem: string } | undefined {
    const choice = chosen ?? this.#choiceByType(message);
    if (choice === undefined) return undefined;
    if (typeof choice === 'string') return { problem: choice };
    if (choice.kind === 'messagepack') {
      return this.#binary?.messagePack ?? { problem: `MessagePack: ${this.#problem ?? 'it is not loaded yet'}` };
    }
    if (!('schema' in choice)) return choice.kind;
    const decoder = this.#schemas.decoder(choice.kind, choice.schema, choice.type);
    return typeof decoder === 'string' ? { problem: decoder } : decoder;
  }

  #choiceByType({ properties }: Message): Chosen | undefined {
    const { contentType } = properties as { contentType?: unknown };
    if (typeof contentType !== 'string' || contentType === 'application/json') return undefined;
    const { mediaType } = parseContentType(contentType);
    return (
      this.#byContentType().get(mediaType) ?? (messagePackType.test(mediaType) ? { kind: 'messagepack' } : undefined)
    );
  }

  get #tools(): Pick<DecodeOptions, 'unzstd'> {
    return { unzstd: this.#binary?.unzstd };
  }

  #load(): Promise<void> {
    this.#loading ??= this.#loadBinary();
    return this.#loading;
  }

  async #loadBinary(): Promise<void> {
    try {
      this.#binary = await import('./binary.ts');
      this.#changed.fire();
    } catch (error) {
      this.#problem = toError(error).message;
    }
  }
}

function isZstd({ properties }: Message): boolean {
  return needsUnzstd && parseContentEncoding(properties.contentEncoding).codings.includes('zstd');
}

async function bothOf(first: Promise<void>, second: Promise<void>): Promise<void> {
  await first;
  await second;
}
