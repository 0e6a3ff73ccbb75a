import type { FieldNode, MessageFile, MessageNode, Range, VariableNode } from './model.ts';
import { printTarget, printVariable } from './print.ts';

/** A part of a file and what is written in its place. */
export interface Edit {
  readonly range: Range;
  readonly text: string;
}

/**
 * The changes that give the heads of a file their usual form: one space after a colon, names of properties in small letters,
 * names in a target without quotes that they do not need. Values, bodies and comments stay as they are, and so does what has
 * a problem.
 */
export function formatMessageFile(text: string, file: MessageFile): Edit[] {
  const edits = [
    ...file.variables.map((variable: VariableNode): Edit => ({
      range: variable.range,
      text: printVariable(variable).trimEnd(),
    })),
    ...file.messages.flatMap((message) => [
      ...formatSeparator(message),
      ...(message.target ? [{ range: message.target.range, text: printTarget(message.target) }] : []),
      ...message.fields.map((field): Edit => ({ range: field.range, text: formatField(text, field) })),
    ]),
  ];
  const isBroken = ({ start, end }: Range): boolean =>
    file.problems.some(({ range }) => range.start >= start && range.start <= end);
  return edits.filter((edit) => text.slice(edit.range.start, edit.range.end) !== edit.text && !isBroken(edit.range));
}

function formatSeparator({ separator, name }: MessageNode): Edit[] {
  return separator ? [{ range: separator, text: name === undefined ? '###' : `### ${name}` }] : [];
}

function formatField(text: string, { kind, nameRange, valueRange }: FieldNode): string {
  const name = text.slice(nameRange.start, nameRange.end);
  return `${kind === 'header' ? name : name.toLowerCase()}: ${text.slice(valueRange.start, valueRange.end)}`.trimEnd();
}
