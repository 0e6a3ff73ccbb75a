import { comparable } from './comparable.ts';
import type { Field } from './fields.ts';
import { headersContain, someHeader } from './headers.ts';
import type { Comparison } from './operator.ts';
import { someValue, type Step } from './path.ts';
import { cost, not, type Predicate } from './predicate.ts';
import { propertiesContain } from './properties.ts';
import type { TextTest } from './textTest.ts';

/** A text that may be anywhere in a message. */
export function anywhere(test: TextTest): Predicate {
  return {
    cost: cost.body,
    test: (subject) =>
      test(subject.message.routingKey) ||
      test(subject.message.exchange) ||
      propertiesContain(subject.message, test) ||
      headersContain(subject.message, test) ||
      test(subject.text),
  };
}

/** A field that passes the comparison. A message without it passes only a negated one. */
export function fieldTerm(field: Field, { isNegated, test }: Comparison): Predicate {
  const found: Predicate = {
    cost: field.cost,
    test: (subject) => {
      const value = field.read(subject);
      return value !== undefined && test(value);
    },
  };
  return isNegated ? not(found) : found;
}

/** @param comparison undefined asks only whether there is such a header */
export function headerTerm(steps: readonly Step[], compared: Comparison | undefined): Predicate {
  const test = testOf(compared);
  const found: Predicate = { cost: cost.headers, test: ({ message }) => someHeader(message, steps, test) };
  return compared?.isNegated ? not(found) : found;
}

/** The same for a value within a JSON body. */
export function jsonTerm(steps: readonly Step[], compared: Comparison | undefined): Predicate {
  const test = testOf(compared);
  const found: Predicate = {
    cost: cost.json,
    test: ({ json }) => json !== undefined && someValue(json, steps, test),
  };
  return compared?.isNegated ? not(found) : found;
}

function testOf(compared: Comparison | undefined): (value: unknown) => boolean {
  if (!compared) return () => true;
  return (value) => {
    const form = comparable(value);
    return form !== undefined && compared.test(form);
  };
}
