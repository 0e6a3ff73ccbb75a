import type { Message } from '../message/message.ts';
import { simpleProperties } from '../message/properties.ts';
import { comparable, comparableTimestamp } from './comparable.ts';
import type { TextTest } from './textTest.ts';

/** Whether the value of a property, headers apart, passes the test. */
export function propertiesContain({ properties }: Message, test: TextTest): boolean {
  for (const [key] of simpleProperties) {
    const value: unknown = properties[key];
    if (value === undefined) continue;
    const text = (key === 'timestamp' ? comparableTimestamp(value) : comparable(value))?.text;
    if (text !== undefined && test(text)) return true;
  }
  return false;
}
