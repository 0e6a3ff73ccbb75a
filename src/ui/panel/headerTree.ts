import { describeValue } from '../../broker/message/fieldValue.ts';
import { visibleLine } from '../../common/visibleText.ts';
import type { ValueNode } from '../../protocol/detail.ts';

/** How much of a header table is sent: a publisher may nest what fits into 128 kB. */
const mostNodes = 500;
const deepest = 12;
const longestName = 128;

/** A header table as a tree, in the order in which it came. */
export function headerTree(headers: unknown): { readonly nodes: readonly ValueNode[]; readonly more: number } {
  if (!isObject(headers)) return { nodes: [], more: 0 };
  const entries = Object.entries(headers);
  const tree = new TreeMaker();
  const nodes = tree.nodes(entries, []);
  return { nodes, more: entries.length - nodes.length };
}

class TreeMaker {
  #made = 0;

  nodes(entries: readonly (readonly [string, unknown])[], path: readonly string[]): ValueNode[] {
    const nodes: ValueNode[] = [];
    for (const [name, value] of entries) {
      if (this.#made >= mostNodes) break;
      this.#made++;
      nodes.push(this.#node(name, value, [...path, name]));
    }
    return nodes;
  }

  #node(name: string, value: unknown, path: readonly string[]): ValueNode {
    const { type, value: bare } = untyped(value);
    const entries = path.length < deepest ? entriesOf(bare) : undefined;
    const children = entries && this.nodes(entries, path);
    const left = (entries?.length ?? 0) - (children?.length ?? 0);
    const text = entries
      ? `${countOf(entries.length, type)}${left > 0 ? `, ${left} not shown` : ''}`
      : describeValue(value);
    return { name: name === '' ? '""' : visibleLine(name, longestName), type, text, children, path };
  }
}

function countOf(count: number, type: string): string {
  const what = type === 'list' ? (count === 1 ? 'item' : 'items') : count === 1 ? 'entry' : 'entries';
  return `${count} ${what}`;
}

/** Of tables and lists, what is in them. */
function entriesOf(value: unknown): (readonly [string, unknown])[] | undefined {
  if (Array.isArray(value)) return value.map((item: unknown, index) => [String(index), item] as const);
  return isObject(value) && !ArrayBuffer.isView(value) ? Object.entries(value) : undefined;
}

/** What amqplib makes of types that JavaScript lacks has exactly the keys `!` and `value`. */
function untyped(value: unknown): { type: string; value: unknown } {
  if (isObject(value) && typeof value['!'] === 'string' && Object.keys(value).length === 2 && 'value' in value) {
    const type = visibleLine(value['!'], 20);
    // A typed scalar is shown by its own words; a typed table is a table.
    return { type, value: type === 'timestamp' || type === 'decimal' ? undefined : value['value'] };
  }
  if (Array.isArray(value)) return { type: 'list', value };
  if (value === null || value === undefined) return { type: 'void', value };
  if (ArrayBuffer.isView(value)) return { type: 'bytes', value };
  return { type: typeof value === 'object' ? 'table' : typeof value, value };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
