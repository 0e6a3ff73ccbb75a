/** What is wrong with a text: a string stops, the milder kinds only say so. */
export type Problem = string | { readonly severity: 'warning' | 'info'; readonly message: string };

interface StepBase<S> {
  /** Names the step, so that a form can be opened at it. */
  readonly id: string;
  /** Whether it is asked; may depend on the answers of earlier steps only. Always, when left out. */
  when?(state: S): boolean;
}

/** How files are asked for. */
export interface Browse {
  readonly title: string;
  readonly several?: true;
}

/** A question that is answered by a text. */
export interface TextStep<S> extends StepBase<S> {
  readonly kind: 'text';
  prompt(state: S): string;
  readonly placeholder?: string;
  /** The text is a file's path, or several: they can be browsed for. */
  readonly browse?: Browse;
  /** What is typed is not shown. */
  readonly masked?: true;
  /** The text it starts with. */
  value(state: S): string;
  /** Asked as the person types. */
  check?(text: string, state: S): Problem | undefined;
  /** The state with this answer, which `check` has let through. */
  apply(state: S, text: string): S;
}

/** One of the answers of a choice. */
export interface Choice<S> {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  /** It stands in the state already, and so is proposed. */
  readonly current: boolean;
  /** The state with this answer. */
  readonly state: S;
}

/** A question that is answered by choosing from a list. */
export interface ChoiceStep<S> extends StepBase<S> {
  readonly kind: 'choice';
  readonly placeholder: string;
  choices(state: S): readonly Choice<S>[];
}

/** One question of a form whose answers make up `S`. */
export type Step<S> = TextStep<S> | ChoiceStep<S>;

/** What a person did with a step, and with a whole form. */
export type Answer<S> =
  | { readonly kind: 'done'; readonly state: S }
  /** With what had been entered before going back. */
  | { readonly kind: 'back'; readonly state: S }
  /** More questions are wanted; the same one comes again. */
  | { readonly kind: 'more'; readonly state: S }
  | { readonly kind: 'escaped' };

/** Where a step stands among those that are asked. */
export interface Position {
  /** From 1. */
  readonly number: number;
  readonly total: number;
  readonly canGoBack: boolean;
  /** Whether there are more questions to ask for. */
  readonly hasMore: boolean;
}

/** How a form begins. */
export interface FormStart<S> {
  readonly steps: readonly Step<S>[];
  readonly state: S;
  /** The id of the first step shown; the first of all when left out. */
  readonly startAt?: string | undefined;
  /** Asks for more than is usually needed: the state with more questions, where there are any. */
  more?(state: S): S | undefined;
  /** Going back from the first step ends the form with `back`. */
  readonly canLeaveBackwards?: boolean;
}

/**
 * Leads through the steps, forwards and back, until the last is answered. The shell asks.
 * @param ask shows one step
 */
export async function walkSteps<S>(
  form: FormStart<S>,
  ask: (step: Step<S>, state: S, position: Position) => Promise<Answer<S>>,
): Promise<Answer<S>> {
  const { canLeaveBackwards = false } = form;
  let { state } = form;
  let at = Math.max(
    0,
    asked(form.steps, state).findIndex(({ id }) => id === form.startAt),
  );
  for (;;) {
    const steps = asked(form.steps, state);
    const step = steps[at];
    if (!step) return { kind: 'done', state };
    const position = {
      number: at + 1,
      total: steps.length,
      canGoBack: at > 0 || canLeaveBackwards,
      hasMore: form.more?.(state) !== undefined,
    };
    // One question after the other is the point.
    // oxlint-disable-next-line no-await-in-loop
    const answer = await ask(step, state, position);
    if (answer.kind === 'escaped') return answer;
    if (answer.kind === 'back' && at === 0) return answer;
    state = answer.kind === 'more' ? (form.more?.(answer.state) ?? answer.state) : answer.state;
    // There may be other questions before it now.
    at = Math.max(
      0,
      asked(form.steps, state).findIndex(({ id }) => id === step.id),
    );
    if (answer.kind !== 'more') at += answer.kind === 'back' ? -1 : 1;
  }
}

/** Whether the problem keeps the text from being accepted. */
export function isBlocking(problem: Problem | undefined): boolean {
  return typeof problem === 'string';
}

function asked<S>(steps: readonly Step<S>[], state: S): readonly Step<S>[] {
  return steps.filter((step) => step.when?.(state) ?? true);
}
