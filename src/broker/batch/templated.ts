import { AppError } from '../../common/errors.ts';
import type { MessageFile, MessageNode } from '../messageFile/model.ts';
import { resolveMessage, type ResolvedBody } from '../messageFile/resolve.ts';
import type { VariableSources } from '../messageFile/variables.ts';
import type { Draft } from '../publish/draft.ts';
import type { Item, ReadItems } from './items/item.ts';

/** A message of a message file that every piece of a batch is put into. */
export interface BatchTemplate {
  readonly file: MessageFile;
  readonly message: MessageNode;
  readonly sources: Omit<VariableSources, 'counter'>;
  /** Reads a file that the message takes its body from. @throws AppError `fileUnreadable` */
  readonly readBody: (path: string) => Promise<Buffer>;
}

/**
 * A message for each piece: the values of the piece are variables, before those of the file and of the environment, and
 * `{{body}}` is its text. A template without a body takes that of the piece, byte for byte. `{{$counter}}` is its number.
 * @throws AppError `invalidInput` with the place of the piece that cannot be put into it
 */
export async function* templated(read: ReadItems, template: BatchTemplate): AsyncGenerator<Draft> {
  let counter = 0;
  for await (const item of read()) yield draftFor(item, ++counter, template);
}

async function draftFor(item: Item, counter: number, template: BatchTemplate): Promise<Draft> {
  const { file, message, sources } = template;
  const values = new Map(Object.entries({ body: item.content.toString('utf8'), ...item.values }));
  const variables = file.variables.filter(({ name }) => !values.has(name));
  const environment = new Map([...sources.environment, ...values]);
  const resolution = resolveMessage({ ...file, variables }, message, { ...sources, environment, counter });
  if ('problems' in resolution) {
    const [first] = resolution.problems;
    throw new AppError('invalidInput', {
      field: item.place,
      reason: `does not fit the template: ${first?.message ?? ''}`,
    });
  }
  const { exchange, routingKey, properties, body } = resolution.message;
  const content = hasBody(message) ? await contentOf(body, template) : item.content;
  return { exchange, routingKey, content, properties };
}

function hasBody({ body }: MessageNode): boolean {
  return body.kind !== 'text' || body.text.length > 0;
}

async function contentOf(body: ResolvedBody, { readBody }: BatchTemplate): Promise<Buffer> {
  if (body.kind === 'bytes') return body.content;
  const content = await readBody(body.path);
  return body.text ? Buffer.from(body.text(content.toString('utf8'))) : content;
}
