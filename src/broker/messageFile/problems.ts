import type { Problem, ProblemCode, Range } from './model.ts';

/** A file that is no message file at all would have one in each line. */
export const mostProblems = 1000;

/** Collects what is wrong with a file. */
export class Problems {
  readonly list: Problem[] = [];

  add(code: ProblemCode, range: Range, message: string): void {
    if (this.list.length < mostProblems) this.list.push({ code, message, range });
  }

  inOrder(): Problem[] {
    return this.list.toSorted((a, b) => a.range.start - b.range.start);
  }
}
