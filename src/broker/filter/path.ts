import { SyntaxProblem } from './syntaxProblem.ts';

/** A step down into a value; `isDeep` (two dots): from wherever one gets to from here. */
export interface Step {
  /** A name, an index (from the end when negative), or `*`: all of them. */
  readonly to: string | number | typeof everything;
  readonly isDeep: boolean;
}

export const everything = Symbol('*');

/** How many values one path may look at in one message: `$..*..*` meets each many times. */
const maxVisits = 1_000_000;

const DOT = /\.\.?/y;
const NAME = /[^\s.[\]()=!<>~|"']+/y;
const BRACKETS = /\[\s*(?:(\*)|(-?\d{1,9})|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\s*\]/sy;

/**
 * The steps that start at `start`, such as `.items[0]["a b"]..name`, in the part of RFC 9535 that has no expressions in it.
 * @throws SyntaxProblem
 */
export function parsePath(text: string, start: number): { readonly steps: Step[]; readonly end: number } {
  const steps: Step[] = [];
  let at = start;
  for (;;) {
    const dots = match(DOT, text, at)?.[0] ?? '';
    const next = at + dots.length;
    const name = dots === '' ? undefined : match(NAME, text, next)?.[0];
    if (name !== undefined) {
      steps.push({ to: name === '*' ? everything : name, isDeep: dots === '..' });
      at = next + name.length;
    } else if (text.charAt(next) === '[' && dots !== '.') {
      const found = match(BRACKETS, text, next);
      if (!found)
        throw new SyntaxProblem(next, 'In brackets stands an index, * or a name in quotes: [0], [*], ["a b"].');
      steps.push({ to: inBrackets(found), isDeep: dots === '..' });
      at = next + found[0].length;
    } else if (dots === '') return { steps, end: at };
    else throw new SyntaxProblem(next, 'After the dot of a path stands a name; one with odd characters as in ["a b"].');
  }
}

function inBrackets([, star, index, ...quoted]: RegExpExecArray): Step['to'] {
  if (star !== undefined) return everything;
  if (index !== undefined) return Number(index);
  return (quoted[0] ?? quoted[1] ?? '').replaceAll(/\\(.)/gs, '$1');
}

/** Whether one of the values that the steps lead to passes the test. Nesting cannot exhaust the stack. */
export function someValue(root: unknown, steps: readonly Step[], test: (value: unknown) => boolean): boolean {
  const open: [value: unknown, at: number][] = [[root, 0]];
  let visits = 0;
  const visit = (value: unknown, at: number): void => {
    if (visits++ < maxVisits) open.push([value, at]);
  };
  for (let next = open.pop(); next; next = open.pop()) {
    const [value, at] = next;
    const step = steps[at];
    if (!step) {
      if (test(value)) return true;
      continue;
    }
    if (typeof value !== 'object' || value === null) continue;
    if (step.isDeep) for (const child of children(value)) visit(child, at);
    if (step.to === everything) for (const child of children(value)) visit(child, at + 1);
    else if (has(value, step.to)) visit(get(value, step.to), at + 1);
  }
  return false;
}

function children(value: object): unknown[] {
  return ArrayBuffer.isView(value) ? [] : Object.values(value);
}

function has(value: object, to: string | number): boolean {
  if (typeof to === 'string') return !Array.isArray(value) && Object.hasOwn(value, to);
  return Array.isArray(value) && value.at(to) !== undefined;
}

function get(value: object, to: string | number): unknown {
  return typeof to === 'number' ? (value as unknown[]).at(to) : (value as Record<string, unknown>)[to];
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}
