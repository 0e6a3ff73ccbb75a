import { simpleProperties } from '../message/properties.ts';
import { comparable, comparableTimestamp, type Comparable } from './comparable.ts';
import { cost } from './predicate.ts';
import type { Subject } from './subject.ts';

/** What of a message can be compared by its name. */
export interface Field {
  readonly cost: number;
  /** What may stand after its operators; any text when left out. */
  readonly takes?: 'number' | 'bytes' | 'time' | readonly string[];
  read(subject: Subject): Comparable | undefined;
}

const states = ['held', 'acked', 'requeued', 'rejected', 'lost'] as const;

const text = (read: (subject: Subject) => string | undefined, at: number = cost.fields): Field => ({
  cost: at,
  read: (subject) => comparable(read(subject)),
});

const routingKey = text(({ message }) => message.routingKey);

const FIELDS: ReadonlyMap<string, Field> = new Map<string, Field>([
  ['exchange', text(({ message }) => message.exchange)],
  ['key', routingKey],
  ['routing-key', routingKey],
  ['number', { cost: cost.fields, takes: 'number', read: ({ message }) => comparable(message.number) }],
  ['size', { cost: cost.fields, takes: 'bytes', read: ({ message }) => comparable(message.content.length) }],
  ['redelivered', { ...text(({ message }) => String(message.redelivered)), takes: ['true', 'false'] }],
  ['state', { ...text((subject) => subject.state), takes: states }],
  ['body', text((subject) => subject.text, cost.body)],
  ...simpleProperties.map(([key, name]): [string, Field] => [
    name,
    { cost: cost.properties, ...propertyType(name), read: readProperty(key, name) },
  ]),
]);

/** The field of that name, if there is one: AMQP's names in any case, and Warren's own. */
export function fieldOf(name: string): Field | undefined {
  return FIELDS.get(name.toLowerCase());
}

/** By what amqplib makes of a property; expiration is a string of digits. */
function propertyType(name: string): Pick<Field, 'takes'> {
  if (name === 'priority') return { takes: 'number' };
  if (name === 'delivery-mode') return { takes: ['persistent', 'transient', '1', '2'] };
  return name === 'timestamp' ? { takes: 'time' } : {};
}

function readProperty(key: (typeof simpleProperties)[number][0], name: string): Field['read'] {
  return ({ message }) => {
    const value: unknown = message.properties[key];
    if (name === 'timestamp') return comparableTimestamp(value);
    if (name === 'delivery-mode' && value === 2) return { text: 'persistent', number: 2 };
    if (name === 'delivery-mode' && value === 1) return { text: 'transient', number: 1 };
    return comparable(value);
  };
}
