import { convertField } from '../../broker/messageFile/fieldTypes.ts';
import type { FieldValue, MessageNode } from '../../broker/messageFile/model.ts';
import { literalText } from '../../broker/messageFile/template.ts';

/** The headers of a message as far as they are known before its variables have values: they may decide where it goes. */
export function headersOf({ fields }: Pick<MessageNode, 'fields'>): Record<string, unknown> {
  const headers = fields.flatMap((field): [string, unknown][] =>
    field.kind === 'header' ? [[field.name, valueOf(field.value)]] : [],
  );
  return Object.fromEntries(headers);
}

function valueOf(value: FieldValue): unknown {
  if (value.type === 'array') return value.items.map(valueOf);
  if (value.type === 'table') return Object.fromEntries(value.entries.map(([name, each]) => [name, valueOf(each)]));
  const text = literalText(value.text);
  const converted = text === undefined ? undefined : convertField(value.type, text);
  return converted && 'value' in converted ? converted.value : undefined;
}
