import type { Clock } from '../../common/clock.ts';
import type { MessageFile, Problem, ProblemCode, Reference, Template, VariableNode } from './model.ts';

/** Where the values of variables come from. */
export interface VariableSources {
  /** Variables of the chosen environment. Their values are text: references in them are not resolved. */
  readonly environment: ReadonlyMap<string, string>;
  readonly clock: Pick<Clock, 'now'>;
  /** From 0 up to 1, as `Math.random`. */
  readonly random: () => number;
  readonly uuid: () => string;
  /** A variable of the process; undefined when it is not set. */
  readonly env: (name: string) => string | undefined;
  /** The number of the message, from 1. */
  readonly counter: number;
  /** What was answered, by the labels of `promptLabels`. */
  readonly answers: ReadonlyMap<string, string>;
}

/** What a broker takes of one message at most, about: variables that double each other's values would exhaust the memory. */
const longestText = 2 ** 27;
const deepest = 100;

/** A reference that has no value. */
export class UnresolvedReference extends Error {
  readonly problem: Problem;

  constructor(code: ProblemCode, { range }: Reference, message: string) {
    super(message);
    this.problem = { code, range, message };
  }
}

/**
 * The values of the variables for one message. What is written in the file comes before the environment. Each variable of the
 * file has one value in a message, however often it is used; `{{$uuid}}` and `{{$randomInt}}` are new each time, the time is
 * the same everywhere. What a variable gives is text: it is not looked through for references again.
 */
export class Variables {
  readonly #nodes: ReadonlyMap<string, VariableNode>;
  readonly #sources: VariableSources;
  readonly #values = new Map<string, string>();
  readonly #resolving = new Set<string>();
  readonly #now: number;

  constructor(file: Pick<MessageFile, 'variables'>, sources: VariableSources) {
    this.#nodes = variablesByName(file);
    this.#sources = sources;
    this.#now = sources.clock.now();
  }

  /** @throws UnresolvedReference */
  textOf(template: Template): string {
    let text = '';
    for (const part of template) {
      text += typeof part === 'string' ? part : this.#valueOf(part);
      if (typeof part !== 'string' && text.length > longestText) {
        unresolved(part, `With ${part.name} the text is longer than ${longestText} characters.`);
      }
    }
    return text;
  }

  #valueOf(reference: Reference): string {
    const { name } = reference;
    if (name.startsWith('$')) return this.#ownValue(reference);
    const node = this.#nodes.get(name);
    if (!node) {
      const value = this.#sources.environment.get(name);
      if (value === undefined) throw new UnresolvedReference('unknownVariable', reference, unknownVariable(name));
      return value;
    }
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    if (this.#resolving.has(name)) {
      throw new UnresolvedReference('cyclicVariable', reference, cycle([...this.#resolving, name]));
    }
    if (this.#resolving.size >= deepest)
      unresolved(reference, `More than ${deepest} variables use each other in turn.`);
    this.#resolving.add(name);
    try {
      const value = this.textOf(node.value);
      this.#values.set(name, value);
      return value;
    } finally {
      this.#resolving.delete(name);
    }
  }

  #ownValue(reference: Reference): string {
    const { name, args } = reference;
    const [first = '', second = ''] = args;
    const { random, uuid, env, counter, answers } = this.#sources;
    switch (name) {
      case '$uuid':
        return uuid();
      case '$timestamp':
        return String(Math.floor(this.#now / 1000));
      case '$isoDate':
        return new Date(this.#now).toISOString();
      case '$randomInt':
        return String(Number(first) + Math.floor(random() * (Number(second) - Number(first) + 1)));
      case '$counter':
        return String(counter);
      case '$env':
        return (
          env(first) ??
          unresolved(reference, `There is no variable ${first} in the environment, or it may not be read here.`)
        );
      case '$prompt':
        return answers.get(first) ?? unresolved(reference, `Nothing was answered for ${first}.`);
      default:
        return unresolved(reference, unknownVariable(name));
    }
  }
}

/**
 * The labels that `{{$prompt}}` asks by in these templates and in the variables that they use, each once, in their order.
 */
export function promptLabels(file: Pick<MessageFile, 'variables'>, templates: readonly Template[]): string[] {
  const labels = new Set<string>();
  for (const { name, args } of usedReferences(file, templates)) if (name === '$prompt') labels.add(args[0] ?? '');
  return [...labels];
}

/**
 * The text of a template where it is the same whenever the message is published: of variables of the file and of the
 * environment. Undefined where it is not, or where a variable has no value.
 */
export function fixedText(
  file: Pick<MessageFile, 'variables'>,
  environment: ReadonlyMap<string, string>,
  template: Template,
): string | undefined {
  for (const { name } of usedReferences(file, [template])) if (name.startsWith('$')) return undefined;
  const none = {
    uuid: () => '',
    env: () => undefined,
    random: () => 0,
    counter: 1,
    answers: new Map<string, string>(),
  };
  try {
    return new Variables(file, { ...none, environment, clock: { now: () => 0 } }).textOf(template);
  } catch (error) {
    if (error instanceof UnresolvedReference) return undefined;
    throw error;
  }
}

/**
 * What is wrong with the references of a template whatever their values: variables that are nowhere, and those of the file
 * that use themselves.
 * @param known names of variables of the environment
 */
export function checkReferences(
  file: Pick<MessageFile, 'variables'>,
  templates: readonly Template[],
  known: ReadonlySet<string>,
): Problem[] {
  const nodes = variablesByName(file);
  const cyclic = cyclicVariables(nodes);
  return templates.flatMap((template) =>
    template.flatMap((part): Problem[] => {
      if (typeof part === 'string' || part.name.startsWith('$')) return [];
      const { name, range } = part;
      if (cyclic.has(name)) return [{ code: 'cyclicVariable', range, message: cycle([name]) }];
      if (nodes.has(name) || known.has(name)) return [];
      return [{ code: 'unknownVariable', range, message: unknownVariable(name) }];
    }),
  );
}

/** All references that are met on the way to the values of some templates, each variable of the file once. */
function* usedReferences(file: Pick<MessageFile, 'variables'>, templates: readonly Template[]): Generator<Reference> {
  const nodes = variablesByName(file);
  const met = new Set<string>();
  const waiting = templates.toReversed();
  for (let template = waiting.pop(); template; template = waiting.pop()) {
    for (const part of template) {
      if (typeof part === 'string') continue;
      yield part;
      const node = nodes.get(part.name);
      if (!node || met.has(part.name)) continue;
      met.add(part.name);
      waiting.push(node.value);
    }
  }
}

/** The variables that cannot have a value, since they use themselves or one that does. */
function cyclicVariables(nodes: ReadonlyMap<string, VariableNode>): Set<string> {
  const done = new Map<string, boolean>();
  for (const start of nodes.keys()) visit(start, nodes, done);
  return new Set([...done].filter(([, isCyclic]) => isCyclic).map(([name]) => name));
}

/** Depth first without recursion: a chain may be as long as the file. */
function visit(start: string, nodes: ReadonlyMap<string, VariableNode>, done: Map<string, boolean>): void {
  const path: { name: string; rest: string[]; isCyclic: boolean }[] = [];
  const on = new Set<string>();
  const enter = (name: string): void => {
    const used = nodes.get(name)?.value.flatMap((part) => (typeof part === 'string' ? [] : [part.name])) ?? [];
    path.push({ name, rest: used.filter((each) => nodes.has(each)), isCyclic: false });
    on.add(name);
  };
  if (!done.has(start)) enter(start);
  for (let step = path.at(-1); step; step = path.at(-1)) {
    const next = step.rest.pop();
    if (next === undefined) {
      done.set(step.name, step.isCyclic);
      on.delete(step.name);
      path.pop();
      const before = path.at(-1);
      if (before && step.isCyclic) before.isCyclic = true;
    } else if (on.has(next)) step.isCyclic = true;
    else if (done.has(next)) step.isCyclic ||= done.get(next) === true;
    else enter(next);
  }
}

const byName = new WeakMap<readonly VariableNode[], ReadonlyMap<string, VariableNode>>();

/** Of two variables with one name the first counts. Made once for a file: it may have many messages. */
function variablesByName({ variables }: Pick<MessageFile, 'variables'>): ReadonlyMap<string, VariableNode> {
  const known = byName.get(variables);
  if (known) return known;
  const nodes = new Map<string, VariableNode>();
  for (const node of variables) if (!nodes.has(node.name)) nodes.set(node.name, node);
  byName.set(variables, nodes);
  return nodes;
}

function unresolved(reference: Reference, message: string): never {
  throw new UnresolvedReference('unknownVariable', reference, message);
}

function unknownVariable(name: string): string {
  return `There is no variable ${name}, in this file or in the chosen environment.`;
}

function cycle(names: readonly string[]): string {
  const [first = ''] = names;
  return names.length === 1
    ? `The variable ${first} uses itself, directly or through another.`
    : `These variables use each other: ${names.slice(0, 10).join(' → ')}.`;
}
