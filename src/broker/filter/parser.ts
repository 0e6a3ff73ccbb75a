import { fieldOf, type Field } from './fields.ts';
import { comparison, operandOf, type Comparison, type Operand, type Operator } from './operator.ts';
import { parsePath, type Step } from './path.ts';
import { all, any, not, type Predicate } from './predicate.ts';
import { Scanner } from './scanner.ts';
import { SyntaxProblem } from './syntaxProblem.ts';
import { anywhere, fieldTerm, headerTerm, jsonTerm } from './terms.ts';
import { canTakeLong, containing, matching, type TextTest } from './textTest.ts';

/** In UTF-16 units. */
const maxLength = 4_000;
/** Of parentheses. */
const maxDepth = 50;

const OPERATOR = /\s*(!=|!~|==|=~|>=|<=|=|>|<|~)\s*/y;
const FIELD = /[a-z]+(?:-[a-z]+)*(?=\s*(?:[=<>~]|![=~]))/iy;
const HEADER = /headers?(?=[.[])/iy;
const JSON_ROOT = /\$(?=[.[\s)|=<>~!]|$)/y;
const REDELIVERED = /redelivered(?=[\s)|]|$)/iy;
const OR = /(?:\|\|?|OR(?=[\s("/]|$))/y;
const AND = /(?:&&(?=\s)|AND(?=[\s("/]|$))/y;
const NEGATION = /[-!](?=[^\s)|])/y;
const BYTES = /^(\d+(?:\.\d+)?) ?(k|ki|m|mi)?b?$/i;

/** What a text asks for. */
export interface Parsed {
  readonly predicate: Predicate;
  /** Whether a test can take long, and so is to be watched. */
  readonly isWatched: boolean;
}

/**
 * `or = and ("OR" and)*`, `and = not+`, `not = "-"* term`, and a term is a group, a text, an expression, or a comparison.
 * @throws SyntaxProblem
 */
export function parse(text: string): Parsed {
  if (text.length > maxLength) throw new SyntaxProblem(maxLength, `A filter has ${maxLength} characters at the most.`);
  const parser = new Parser(text);
  return { predicate: parser.parse(), isWatched: parser.isWatched };
}

class Parser {
  isWatched = false;
  readonly #scanner: Scanner;
  #depth = 0;

  constructor(text: string) {
    this.#scanner = new Scanner(text);
  }

  parse(): Predicate {
    this.#scanner.skipSpace();
    return this.#scanner.isAtEnd ? all([]) : this.#or();
  }

  #or(): Predicate {
    const alternatives = [this.#and()];
    while (this.#scanner.take(OR) !== undefined) alternatives.push(this.#and());
    return any(alternatives);
  }

  #and(): Predicate {
    const terms = [this.#not()];
    while (!this.#isAtEndOfTerms()) {
      this.#scanner.take(AND);
      terms.push(this.#not());
    }
    return all(terms);
  }

  #isAtEndOfTerms(): boolean {
    const scanner = this.#scanner;
    scanner.skipSpace();
    return scanner.isAtEnd || (this.#depth > 0 && scanner.next === ')') || scanner.sees(OR);
  }

  #not(): Predicate {
    this.#scanner.skipSpace();
    let isNegated = false;
    while (this.#scanner.take(NEGATION) !== undefined) isNegated = !isNegated;
    const term = this.#term();
    return isNegated ? not(term) : term;
  }

  #term(): Predicate {
    const scanner = this.#scanner;
    if (scanner.isAtEnd || (this.#depth > 0 && scanner.next === ')') || scanner.sees(OR))
      throw new SyntaxProblem(scanner.at, 'Something to look for is missing here.');
    if (scanner.next === '(') return this.#group();
    if (scanner.next === '"') return anywhere(containing(scanner.quoted()));
    if (scanner.next === '/') return anywhere(this.#regex());
    if (scanner.take(JSON_ROOT) !== undefined) return jsonTerm(this.#path(), this.#comparison());
    if (scanner.take(HEADER) !== undefined) return headerTerm(this.#path(), this.#comparison());
    return this.#field() ?? anywhere(containing(scanner.word(this.#depth > 0)));
  }

  #group(): Predicate {
    const scanner = this.#scanner;
    const start = scanner.at;
    if (this.#depth === maxDepth) throw new SyntaxProblem(start, 'Too many parentheses within one another.');
    scanner.at++;
    this.#depth++;
    const inside = this.#or();
    scanner.skipSpace();
    if (scanner.next !== ')') throw new SyntaxProblem(start, 'This parenthesis is not closed.');
    scanner.at++;
    this.#depth--;
    return inside;
  }

  #path(): Step[] {
    const { steps, end } = parsePath(this.#scanner.text, this.#scanner.at);
    this.#scanner.at = end;
    return steps;
  }

  #field(): Predicate | undefined {
    const scanner = this.#scanner;
    const isRedelivered = scanner.sees(REDELIVERED);
    const start = scanner.at;
    const name = scanner.take(isRedelivered ? REDELIVERED : FIELD);
    const field = name === undefined ? undefined : fieldOf(name);
    if (name === undefined || !field) {
      scanner.at = start;
      return undefined;
    }
    const compared = this.#comparison({ name, field });
    return fieldTerm(field, compared ?? comparison('=', operandOf('true', false), () => true));
  }

  /** An operator and what follows it, if there is an operator. */
  #comparison(to?: { readonly name: string; readonly field: Field }): Comparison | undefined {
    const scanner = this.#scanner;
    const sign = scanner.take(OPERATOR)?.trim();
    if (sign === undefined) return undefined;
    const operator = (sign === '==' ? '=' : sign === '=~' ? '~' : sign) as Operator;
    const start = scanner.at;
    const isContained = operator === '~' || operator === '!~';
    if (isContained && scanner.next === '/') return comparison(operator, operandOf('', true), this.#regex());
    const isQuoted = scanner.next === '"';
    const text = isQuoted ? scanner.quoted() : scanner.word(this.#depth > 0);
    if (text === '' && !isQuoted) {
      throw new SyntaxProblem(
        start,
        `After ${sign} a value is missing; one with spaces in it, or an empty one, is quoted.`,
      );
    }
    const operand = to?.field.takes === 'bytes' ? operandOf(bytesOf(text), isQuoted) : operandOf(text, isQuoted);
    if (to && !isContained) check(to.name, to.field, operand, start);
    return comparison(operator, operand, containing(text));
  }

  #regex(): TextTest {
    const start = this.#scanner.at;
    const { source, flags } = this.#scanner.regex();
    try {
      // It finds the first match, and starts anew for each text: `g` and `y` have no place here.
      const pattern = new RegExp(source, flags.replace('g', ''));
      this.isWatched ||= canTakeLong(pattern);
      return matching(pattern);
    } catch (error) {
      const reason = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : '';
      throw new SyntaxProblem(start, `This is not a regular expression: ${reason}.`);
    }
  }
}

function bytesOf(text: string): string {
  const match = BYTES.exec(text);
  if (!match) return text;
  const units: Readonly<Record<string, number>> = { '': 1, k: 1e3, ki: 1024, m: 1e6, mi: 1024 * 1024 };
  return String(Number(match[1]) * (units[(match[2] ?? '').toLowerCase()] ?? 1));
}

/** @throws SyntaxProblem when a field can never be compared with that */
function check(name: string, { takes }: Field, { text, number, time }: Operand, at: number): void {
  if (takes === 'number' && number === undefined)
    throw new SyntaxProblem(at, `${name} is compared with a number, as in ${name}>5.`);
  if (takes === 'bytes' && number === undefined)
    throw new SyntaxProblem(at, `${name} is compared with a number of bytes, as in ${name}>1000 or ${name}>10kB.`);
  if (takes === 'time' && number === undefined && time === undefined)
    throw new SyntaxProblem(at, `${name} is compared with a date, as in ${name}>2026-01-31, or with a number.`);
  if (typeof takes === 'object' && !takes.includes(text))
    throw new SyntaxProblem(at, `${name} is one of ${takes.join(', ')}.`);
}
