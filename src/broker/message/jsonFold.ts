/**
 * Puts the objects and arrays of indented JSON that fit into `columns` on one line each, as people write them by hand:
 * `{ "id": 7, "tags": ["a", "b"] }`. Tokens stay as they are.
 * @param indented as `indentJson` and `indentJsonStart` return it
 */
export function foldJson(indented: string, columns: number): string {
  const lines: string[] = [];
  /** Where in `lines` the containers that are still open begin. */
  const openings: number[] = [];
  for (const line of indented.split('\n')) {
    const opening = isClosing(line) ? openings.pop() : undefined;
    lines.push(line);
    if (opening !== undefined) foldFrom(lines, opening, columns);
    if (line.endsWith('{') || line.endsWith('[')) openings.push(lines.length - 1);
  }
  return lines.join('\n');
}

/** A line of indented JSON that is not a closing bracket begins with a quote, a digit, a letter or an opening one. */
function isClosing(line: string): boolean {
  const first = line.charAt(line.search(/\S/));
  return first === '}' || first === ']';
}

/** Joins the lines from `opening` to the last, if they fit. */
function foldFrom(lines: string[], opening: number, columns: number): void {
  const first = lines[opening] ?? '';
  const space = first.endsWith('{') ? ' ' : '';
  let folded = first;
  for (let i = opening + 1; i < lines.length; i++) {
    const isEdge = i === opening + 1 || i === lines.length - 1;
    folded += (isEdge ? space : ' ') + (lines[i] ?? '').trimStart();
    if (folded.length > columns) return;
  }
  lines.splice(opening, lines.length - opening, folded);
}
