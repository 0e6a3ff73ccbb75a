import { numberOf, type Comparable } from './comparable.ts';
import type { TextTest } from './textTest.ts';

export type Operator = '=' | '!=' | '>' | '>=' | '<' | '<=' | '~' | '!~';

/** What stands after an operator. */
export interface Operand {
  readonly text: string;
  /** Undefined when it is quoted or not a number. */
  readonly number: number | bigint | undefined;
  /** Milliseconds since the Unix epoch; undefined when it is not an ISO date. */
  readonly time: number | undefined;
}

const DATE = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;

/** What a filter compares with: a text, and the number and the time that it may stand for; quoted it is no number. */
export function operandOf(text: string, isQuoted: boolean): Operand {
  const time = DATE.test(text) ? Date.parse(text) : NaN;
  return { text, number: isQuoted ? undefined : numberOf(text), time: Number.isNaN(time) ? undefined : time };
}

/** A test of a value that there is. */
export interface Comparison {
  /** Whether the opposite is asked for, which is true of no value too. */
  readonly isNegated: boolean;
  readonly test: (value: Comparable) => boolean;
}

/**
 * The test that an operator and its operand make. `!=` and `!~` are true of what there is not; all others are false of it.
 * @param contains the operand of `~` and `!~`
 */
export function comparison(operator: Operator, operand: Operand, contains: TextTest): Comparison {
  switch (operator) {
    case '=':
    case '!=':
      return { isNegated: operator === '!=', test: (value) => isEqual(value, operand) };
    case '~':
    case '!~':
      return { isNegated: operator === '!~', test: ({ text }) => contains(text) };
    case '>':
      return { isNegated: false, test: (value) => order(value, operand) === 1 };
    case '>=':
      return { isNegated: false, test: (value) => (order(value, operand) ?? -1) >= 0 };
    case '<':
      return { isNegated: false, test: (value) => order(value, operand) === -1 };
    case '<=':
      return { isNegated: false, test: (value) => (order(value, operand) ?? 1) <= 0 };
  }
}

/** As text, or as numbers when both are; `7.0` is 7, but the text `7.0` is not. */
function isEqual(value: Comparable, operand: Operand): boolean {
  if (value.text === operand.text) return true;
  if (value.time !== undefined && operand.time !== undefined) return value.time === operand.time;
  if (value.number === undefined || operand.number === undefined) return false;
  return orderOf(value.number, operand.number) === 0;
}

/** By time, by number or, where the operand is neither, by the text's code units; undefined where they cannot be compared. */
function order(value: Comparable, operand: Operand): -1 | 0 | 1 | undefined {
  if (value.time !== undefined && operand.time !== undefined) return orderOf(value.time, operand.time);
  if (operand.number !== undefined) {
    const number = value.number ?? numberOf(value.text);
    return number === undefined ? undefined : orderOf(number, operand.number);
  }
  return value.number === undefined ? orderOf(value.text, operand.text) : undefined;
}

function orderOf<T extends string | number | bigint>(a: T, b: T): -1 | 0 | 1 {
  if (a < b) return -1;
  return a > b ? 1 : 0;
}
