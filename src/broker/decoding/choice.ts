/** How the bodies of a queue, or of a content type, are read; a schema is the path of a file. */
export type DecoderChoice =
  | { readonly kind: 'json' | 'text' | 'xml' | 'messagepack' | 'hex' }
  | { readonly kind: SchemaKind; readonly schema: string; readonly type?: string };

export type SchemaKind = 'protobuf' | 'avro';

const PLAIN: readonly string[] = ['json', 'text', 'xml', 'messagepack', 'hex'];

/**
 * What somebody wrote in the settings or what was remembered as a choice; the kind of a schema is known by its file's name.
 * @param absolute makes the path of a schema one that does not depend on a place; undefined where it cannot
 * @returns a clause that says why it is none
 */
export function parseChoice(value: unknown, absolute: (path: string) => string | undefined): DecoderChoice | string {
  if (typeof value !== 'object' || value === null) return 'it is not an object';
  const { decoder, schema, type } = value as Record<string, unknown>;
  if (schema === undefined) {
    return typeof decoder === 'string' && PLAIN.includes(decoder)
      ? ({ kind: decoder } as DecoderChoice)
      : `it has neither a schema nor a decoder of ${PLAIN.join(', ')}`;
  }
  if (typeof schema !== 'string' || schema === '') return 'its schema is not the path of a file';
  if (type !== undefined && typeof type !== 'string') return 'its type is not a name';
  const kind = schemaKindOf(schema);
  if (!kind) return 'its schema is no .proto, .avsc or .json file';
  const path = absolute(schema);
  if (path === undefined) return 'its schema is relative, and there is no folder that it could be relative to';
  return { kind, schema: path, ...(typeof type === 'string' && type !== '' && { type }) };
}

/** By the ending of its file's name. */
export function schemaKindOf(path: string): SchemaKind | undefined {
  if (/\.proto$/i.test(path)) return 'protobuf';
  return /\.(?:avsc|json)$/i.test(path) ? 'avro' : undefined;
}

/** A choice as the settings have it. */
export function choiceSetting(choice: DecoderChoice): Record<string, string> {
  if (!('schema' in choice)) return { decoder: choice.kind };
  return { schema: choice.schema, ...(choice.type !== undefined && { type: choice.type }) };
}

/** A schema is turned into code, and a workspace that is not trusted is to bring none: then a clause that says so. */
export function unlessUntrusted(
  choice: DecoderChoice | undefined,
  isTrusted: boolean,
): DecoderChoice | string | undefined {
  const isSafe = isTrusted || !choice || !('schema' in choice);
  return isSafe ? choice : 'schemas are not read in a workspace that is not trusted';
}
