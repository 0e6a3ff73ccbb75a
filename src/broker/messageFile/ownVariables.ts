/** Warren's own variables, with what completion and hover say of each. */
export const ownVariables = [
  { name: '$uuid', snippet: '$uuid', help: 'A new random UUID each time it is written' },
  { name: '$timestamp', snippet: '$timestamp', help: 'Now, in seconds since 1970 (UTC)' },
  { name: '$isoDate', snippet: '$isoDate', help: 'Now, as of ISO 8601 in UTC: 2026-01-31T12:00:00.000Z' },
  {
    name: '$randomInt',
    snippet: '$randomInt ${1:0} ${2:100}',
    help: 'A random whole number from the first to the second',
  },
  { name: '$env', snippet: '$env ${1:NAME}', help: 'A variable of the environment that VS Code runs in' },
  {
    name: '$counter',
    snippet: '$counter',
    help: 'The number of this message: 1 for the first that is published, then 2, 3, …',
  },
  {
    name: '$prompt',
    snippet: '$prompt ${1:label}',
    help: 'Asked for when the message is published; the same label is asked once',
  },
] as const;

/** Why a reference to one of them is wrong, as a sentence; undefined when it is right. */
export function checkArguments(name: string, args: readonly string[]): string | undefined {
  switch (name) {
    case '$uuid':
    case '$timestamp':
    case '$isoDate':
    case '$counter':
      return args.length === 0 ? undefined : `${name} takes nothing after its name.`;
    case '$randomInt':
      return isIntegerRange(args)
        ? undefined
        : '$randomInt takes two whole numbers, the smaller first: {{$randomInt 1 6}}.';
    case '$env':
      return args.length === 1 ? undefined : '$env takes the name of one variable: {{$env HOME}}.';
    case '$prompt':
      return args.length === 1 ? undefined : '$prompt takes a label to ask by: {{$prompt Tenant}}.';
    default:
      return `There is no variable ${name}. There are ${ownVariables.map((each) => each.name).join(', ')}.`;
  }
}

function isIntegerRange([min, max, ...rest]: readonly string[]): boolean {
  if (min === undefined || max === undefined || rest.length > 0) return false;
  if (!/^-?\d{1,15}$/.test(min) || !/^-?\d{1,15}$/.test(max)) return false;
  return Number(min) <= Number(max);
}
