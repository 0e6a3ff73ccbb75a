import { formatInteger } from '../../common/format.ts';

/** Something that cannot be saved or published, such as `#12` or `line 3`, and why. */
export interface Problem {
  readonly what: string;
  readonly why: string;
}

const mostShown = 5;

/** A line each, the first few of them. */
export function problemsText(problems: readonly Problem[]): string {
  const lines = problems.slice(0, mostShown).map(({ what, why }) => `${what}: ${why}.`);
  const more = problems.length - lines.length;
  if (more > 0) lines.push(`And ${formatInteger(more)} more.`);
  return lines.join('\n');
}
