/** Message numbers from the first to the last of each pair, both included; ascending, without overlap and not adjacent. */
export type Intervals = readonly (readonly [number, number])[];

/** The same numbers in the form that is agreed on. */
export function normalized(intervals: Intervals): Intervals {
  const sorted = intervals.filter(([from, to]) => from <= to).toSorted((a, b) => a[0] - b[0]);
  const out: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = out.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else out.push([from, to]);
  }
  return out;
}

/** With all numbers from `from` to `to`, in either order, both among them. */
export function including(intervals: Intervals, from: number, to: number): Intervals {
  return normalized([...intervals, [Math.min(from, to), Math.max(from, to)]]);
}

/** Without this number. */
export function excluding(intervals: Intervals, number: number): Intervals {
  return normalized(
    intervals.flatMap(([from, to]): Intervals =>
      number < from || number > to
        ? [[from, to]]
        : [
            [from, number - 1],
            [number + 1, to],
          ],
    ),
  );
}

export function includes(intervals: Intervals, number: number): boolean {
  let low = 0;
  let high = intervals.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [from, to] = intervals[middle] as readonly [number, number];
    if (number < from) high = middle - 1;
    else if (number > to) low = middle + 1;
    else return true;
  }
  return false;
}
