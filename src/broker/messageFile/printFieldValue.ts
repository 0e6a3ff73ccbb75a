import type { FieldValue, Template } from './model.ts';
import { fieldTypeOf, inferredType } from './fieldTypes.ts';
import { hasUnseen, printQuoted } from './quoted.ts';
import { literal, literalText, printTemplate } from './template.ts';

/** As `readFieldValue` reads it, in the shortest form. */
export function printFieldValue(value: FieldValue): string {
  if (value.type === 'string' && !needsQuotes(value.text)) return printTemplate(value.text);
  return printNested(value);
}

function printNested(value: FieldValue): string {
  switch (value.type) {
    case 'array':
      return `[${value.items.map(printNested).join(', ')}]`;
    case 'table': {
      const entries = value.entries.map(([name, each]) => `${printQuoted(literal(name))}: ${printNested(each)}`);
      return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
    }
    case 'string':
      return printQuoted(value.text);
    case 'void':
      return value.text.length === 0 ? 'null' : `void ${printScalar(value.text)}`;
    default: {
      const text = literalText(value.text);
      return text !== undefined && inferredType(text) === value.type
        ? text
        : `${value.type} ${printScalar(value.text)}`;
    }
  }
}

/** Bare where it is a number, a date, base64 or a reference. */
function printScalar(text: Template): string {
  const known = text.filter((part) => typeof part === 'string').join('');
  return text.length > 0 && /^[\w:.+/=-]*$/.test(known) ? printTemplate(text) : printQuoted(text);
}

/** Whether a text would be read as something else without quotes. */
function needsQuotes(template: Template): boolean {
  const bare = printTemplate(template);
  const text = template.filter((part) => typeof part === 'string').join('');
  if (bare.trim() !== bare || /^(?:$|"|\[|\{(?!\{))/.test(bare) || hasUnseen(text)) return true;
  const [word = ''] = /^[a-z]+\d*(?=\s|$)/.exec(bare) ?? [];
  return inferredType(bare) !== 'string' || word === 'array' || word === 'table' || fieldTypeOf(word) !== undefined;
}
