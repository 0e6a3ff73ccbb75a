import {
  requestShapes,
  type FromWebview,
  type Replies,
  type Reply,
  type RequestArgs,
  type RequestName,
} from './messages.ts';

/** What answers each request; one without an answer does not compile. */
export type Answers = {
  readonly [N in RequestName]: (args: RequestArgs<N>) => Replies[N] | Promise<Replies[N]>;
};

/**
 * Answers a request. Never throws: what goes wrong is said in the reply.
 * @param describe words an error for people
 */
export async function answer(
  answers: Answers,
  { id, name, args }: Extract<FromWebview, { kind: 'request' }>,
  describe: (error: unknown) => string,
): Promise<Reply> {
  try {
    if (!requestShapes[name](args)) return { kind: 'reply', id, error: `Not understood: ${name}.` };
    const run = answers[name] as (checked: unknown) => unknown;
    return { kind: 'reply', id, result: await run(args) };
  } catch (error) {
    return { kind: 'reply', id, error: describe(error) };
  }
}
