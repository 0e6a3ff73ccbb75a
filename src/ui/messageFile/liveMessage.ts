import { convertField } from '../../broker/messageFile/fieldTypes.ts';
import type { FieldValue, MessageFile, MessageNode, Range, Template } from '../../broker/messageFile/model.ts';
import { fixedText } from '../../broker/messageFile/variables.ts';
import type { RoutedMessage } from '../../broker/routing/route.ts';

/**
 * What of a message decides where it goes, as far as that is known before it is published: variables of the file and of the
 * environment have their values. Undefined where its target is not known, or is none.
 */
export function routedMessage(
  file: MessageFile,
  { target, fields }: Pick<MessageNode, 'target' | 'fields'>,
  environment: ReadonlyMap<string, string>,
): RoutedMessage | undefined {
  const textOf = (template: Template): string | undefined => fixedText(file, environment, template);
  // What is read from a target that is wrong is a guess: a queue by the first of its words.
  if (target && file.problems.some(({ code, range }) => code === 'target' && isWithin(range, target.range)))
    return undefined;
  const exchange = target && textOf(target.exchange);
  const routingKey = target && textOf(target.routingKey);
  if (exchange === undefined || routingKey === undefined) return undefined;
  const headers: [string, unknown][] = [];
  const unknownHeaders = new Set<string>();
  for (const field of fields) {
    if (field.kind !== 'header') continue;
    headers.push([field.name, valueOf(field.value, textOf, () => unknownHeaders.add(field.name))]);
  }
  return { exchange, routingKey, headers: Object.fromEntries(headers), unknownHeaders };
}

function isWithin(inner: Range, outer: Range): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}

/** @param onUnknown called where a part of it is not known; undefined stands for that part */
function valueOf(
  value: FieldValue,
  textOf: (template: Template) => string | undefined,
  onUnknown: () => void,
): unknown {
  if (value.type === 'array') return value.items.map((item) => valueOf(item, textOf, onUnknown));
  if (value.type === 'table') {
    return Object.fromEntries(value.entries.map(([name, each]) => [name, valueOf(each, textOf, onUnknown)]));
  }
  const text = textOf(value.text);
  const converted = text === undefined ? undefined : convertField(value.type, text);
  if (converted && 'value' in converted) return converted.value;
  onUnknown();
  return undefined;
}
