import { checkQueueName, type QueueDeclaration } from '../broker/admin.ts';
import type { Session } from '../broker/session.ts';
import { runSteps } from './picks/multiStep.ts';
import { refusal } from './picks/refusal.ts';
import type { Choice, Step } from './picks/steps.ts';

type QueueKind = 'classic' | 'quorum' | 'stream';

/** The answers of the form. */
interface State {
  readonly name: string;
  readonly kind: QueueKind;
  readonly durable: boolean;
  /** Optional arguments as JSON, as typed. */
  readonly arguments: string;
}

const kinds: readonly { kind: QueueKind; detail: string }[] = [
  { kind: 'classic', detail: 'One copy, on one node. What the tutorials use.' },
  { kind: 'quorum', detail: 'Replicated. For messages that must survive the loss of a node.' },
  { kind: 'stream', detail: 'An append-only log: reading does not take messages away.' },
];

const steps: readonly Step<State>[] = [
  {
    kind: 'text',
    id: 'name',
    prompt: () => 'Name of the queue. Declaring one that exists with the same properties changes nothing.',
    value: ({ name }) => name,
    check: checkName,
    apply: (state, name) => ({ ...state, name }),
  },
  {
    kind: 'choice',
    id: 'type',
    placeholder: 'Type',
    choices: (state) =>
      kinds.map(({ kind, detail }) => ({
        label: kind,
        detail,
        current: kind === state.kind,
        state: { ...state, kind, durable: kind === 'classic' ? state.durable : true },
      })),
  },
  {
    kind: 'choice',
    id: 'durable',
    placeholder: 'Does the queue survive a restart of the broker?',
    // Quorum queues and streams are always durable.
    when: ({ kind }) => kind === 'classic',
    choices: durableChoices,
  },
  {
    kind: 'text',
    id: 'arguments',
    prompt: () => 'Optional arguments as JSON; Enter for none',
    placeholder: '{ "x-message-ttl": 60000, "x-dead-letter-exchange": "dlx" }',
    value: (state) => state.arguments,
    check: checkArguments,
    apply: (state, text) => ({ ...state, arguments: text }),
  },
];

/** Asks what queue to declare; undefined when the person escaped. */
export async function askDeclaration(session: Session, name: string): Promise<QueueDeclaration | undefined> {
  const answer = await runSteps({
    title: `Declare Queue on ${session.profile.name}`,
    steps,
    state: { name, kind: 'classic', durable: true, arguments: '' },
  });
  if (answer.kind !== 'done') return undefined;
  const { state } = answer;
  return {
    name: state.name,
    durable: state.durable,
    // A classic queue without the argument equals what other clients declare; with it, it would be another queue.
    arguments: { ...(state.kind !== 'classic' && { 'x-queue-type': state.kind }), ...parseArguments(state.arguments) },
  };
}

function durableChoices(state: State): Choice<State>[] {
  const choice = (durable: boolean, label: string, detail: string): Choice<State> => ({
    label,
    detail,
    current: durable === state.durable,
    state: { ...state, durable },
  });
  return [
    choice(true, 'Durable', 'Survives a restart, and so do its persistent messages.'),
    choice(false, 'Not durable', "Gone with a restart. The tutorials' hello queue is like this."),
  ];
}

function checkName(name: string): string | undefined {
  if (name.startsWith('amq.')) return 'Names that start with "amq." are reserved for the broker.';
  return refusal(() => checkQueueName(name));
}

function checkArguments(text: string): string | undefined {
  try {
    parseArguments(text);
    return undefined;
  } catch {
    return 'Arguments are a JSON object, such as { "x-message-ttl": 60000 }.';
  }
}

function parseArguments(text: string): Record<string, unknown> {
  if (text.trim() === '') return {};
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new SyntaxError('not an object');
  return { ...value };
}
