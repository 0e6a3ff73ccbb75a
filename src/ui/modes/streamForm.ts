import type { StreamOptions } from '../../broker/consume/stream/streamOptions.ts';
import type { Session } from '../../broker/session.ts';
import { visibleName } from '../../common/visibleText.ts';
import { streamPageSize } from '../config.ts';
import { runSteps } from '../picks/multiStep.ts';
import type { QueueFacts } from './queueFacts.ts';
import { firstAnswers, hasFilters, startOf, streamSteps, type StreamAnswers } from './streamSteps.ts';

/** What was answered last, by queue. */
const lastAnswers = new WeakMap<Session, Map<string, StreamAnswers>>();

/** Asks from where and how a stream is to be read; undefined when the person escaped. */
export async function askStream({ queue, buffer }: QueueFacts, session: Session): Promise<StreamOptions | undefined> {
  const known = lastAnswers.get(session) ?? new Map<string, StreamAnswers>();
  lastAnswers.set(session, known);
  // What does not fit into the buffer could not be shown.
  const pageSize = Math.min(streamPageSize(), buffer.messages);
  const canFilter = hasFilters(session.server?.version);
  const answer = await runSteps({
    title: `Read ${visibleName(queue)} on ${session.profile.name}`,
    steps: streamSteps(pageSize, () => new Date()),
    state: known.get(queue) ?? firstAnswers,
    more: (answers) => (canFilter && !answers.asksFilter ? { ...answers, asksFilter: true } : undefined),
  });
  if (answer.kind !== 'done') return undefined;
  const answers = answer.state;
  known.set(queue, answers);
  const filter = canFilter && answers.filter !== '' ? { filter: answers.filter } : {};
  return { queue, start: startOf(answers, new Date()), reading: answers.reading, pageSize, buffer, ...filter };
}
