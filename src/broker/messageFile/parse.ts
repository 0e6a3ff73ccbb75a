import type { FieldNode, MessageFile, MessageNode, Range, VariableNode } from './model.ts';
import { endOfBody, readBody } from './body.ts';
import { Head } from './head.ts';
import { Problems } from './problems.ts';

/**
 * Reads a message file (docs/message-files.md). Never throws: what cannot be read becomes a problem, and reading goes on with
 * the next line. Time and space grow with the text alone.
 */
export function parseMessageFile(text: string): MessageFile {
  const problems = new Problems();
  const variables: VariableNode[] = [];
  const messages: MessageNode[] = [];
  let start = text.startsWith('\ufeff') ? 1 : 0;
  while (start < text.length) {
    const next = text.indexOf('\n###', start);
    const end = next < 0 ? text.length : next;
    const message = readBlock(text, { start, end }, problems, variables);
    if (message) messages.push(message);
    start = end + 1;
  }
  checkVariableNames(variables, problems);
  return { variables, messages, problems: problems.inOrder() };
}

/** One message with the `###` line before it; undefined where there is nothing but comments and variables. */
function readBlock(text: string, block: Range, problems: Problems, variables: VariableNode[]): MessageNode | undefined {
  const isSeparated = text.startsWith('###', block.start);
  const separator = isSeparated ? { start: block.start, end: lineEnd(text, block.start, block.end) } : undefined;
  const name = separator && nameOf(text.slice(separator.start, separator.end));
  const head = new Head(problems, variables);
  let at = separator ? nextLine(text, separator.end) : block.start;
  while (at < block.end) {
    const end = lineEnd(text, at, block.end);
    const line = text.slice(at, end);
    const isEmpty = line.trim() === '';
    if (isEmpty && head.hasBegun) break;
    if (!isEmpty) head.readLine(line, at);
    at = nextLine(text, end);
  }
  if (!head.hasBegun) return undefined;
  const bodyStart = Math.min(block.end, nextLine(text, lineEnd(text, Math.min(at, block.end), block.end)));
  const bodyRange = { start: bodyStart, end: endOfBody(text, { start: bodyStart, end: block.end }) };
  return {
    ...(name !== undefined && name !== '' && { name }),
    range: { start: block.start, end: bodyRange.end > bodyRange.start ? bodyRange.end : head.range.end },
    separator,
    target: head.target,
    fields: head.fields satisfies readonly FieldNode[],
    head: head.range,
    body: readBody(text, bodyRange, head.bodyForm, problems),
    bodyRange,
  };
}

/** What follows the number signs. */
export function nameOf(separator: string): string {
  return separator.replace(/^#+/, '').replaceAll(/\s+/g, ' ').trim();
}

function lineEnd(text: string, start: number, end: number): number {
  const found = text.indexOf('\n', start);
  const last = found < 0 || found > end ? end : found;
  return last > start && text.charAt(last - 1) === '\r' ? last - 1 : last;
}

/** Where the line after the one that ends here begins; past the end of the text where there is none. */
function nextLine(text: string, end: number): number {
  return end + (text.startsWith('\r\n', end) ? 2 : 1);
}

function checkVariableNames(variables: readonly VariableNode[], problems: Problems): void {
  const names = new Set<string>();
  for (const { name, nameRange } of variables) {
    if (names.has(name)) problems.add('duplicate', nameRange, `The variable ${name} has a value already.`);
    names.add(name);
  }
}
