import type { Message } from '../message/message.ts';
import { comparable } from './comparable.ts';
import { someValue, type Step } from './path.ts';
import type { TextTest } from './textTest.ts';

/** How many names and values of one header table are searched. */
const maxSearched = 20_000;

/** Whether a header that the steps lead to passes the test; the names of headers may have dots in them. */
export function someHeader(message: Message, steps: readonly Step[], test: (value: unknown) => boolean): boolean {
  const headers: unknown = message.properties.headers;
  const name = dottedName(steps);
  if (name !== undefined && typeof headers === 'object' && headers !== null && Object.hasOwn(headers, name))
    return test((headers as Record<string, unknown>)[name]);
  return someValue(headers, steps, test);
}

function dottedName(steps: readonly Step[]): string | undefined {
  const names = steps.map(({ to, isDeep }) => (typeof to === 'string' && !isDeep ? to : undefined));
  return names.length < 2 || names.includes(undefined) ? undefined : names.join('.');
}

/** Whether the name or a value of a header, at whatever depth, passes the test. */
export function headersContain(message: Message, test: TextTest): boolean {
  const open: unknown[] = [message.properties.headers];
  for (let searched = 0; open.length > 0 && searched < maxSearched; searched++) {
    const value = open.pop();
    if (isContainer(value)) {
      if (!Array.isArray(value) && Object.keys(value).some((name) => test(name))) return true;
      const inside: unknown[] = Object.values(value);
      for (const each of inside.slice(0, maxSearched)) open.push(each);
    } else {
      const text = value === undefined ? undefined : comparable(value)?.text;
      if (text !== undefined && test(text)) return true;
    }
  }
  return false;
}

/** A table or a list, but not bytes nor one of the types that amqplib wraps. */
function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) && !('!' in value);
}
