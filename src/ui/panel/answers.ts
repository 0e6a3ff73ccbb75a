import type { Answers } from '../../protocol/answer.ts';
import type { Settlement } from '../../broker/consume/ackState.ts';
import type { FilterContext } from '../../broker/filter/filter.ts';
import type { CommandId } from '../commands/ids.ts';
import type { TailOutput } from '../output/tailOutput.ts';
import { bodyText } from './bodyText.ts';
import { copyText } from './copyText.ts';
import { detailOf } from './detail.ts';
import type { MessagesPanel, PanelParts } from './messagesPanel.ts';
import { readFilter } from './matcher.ts';
import { rowState } from './rowState.ts';

const settleCommands: Readonly<Record<Settlement, CommandId>> = {
  acked: 'message.ack',
  requeued: 'message.requeue',
  rejected: 'message.reject',
};

/** What the webview is answered. */
export function answers(panel: MessagesPanel, parts: PanelParts): Answers {
  const messageOf = (number: number) => panel.current?.tail.buffer.get(number);
  return {
    chooseTail: ({ tail }) => {
      const chosen = parts.tails.get(tail);
      if (chosen) panel.show(chosen);
      return undefined;
    },
    rows: (args) => panel.view?.rows(args),
    filter: ({ text }) => {
      const read = readFilter(text, panel.current ? contextOf(panel.current) : {});
      if ('error' in read) return { error: read.error };
      panel.view?.setFilter(text, read.matcher);
      return { error: undefined };
    },
    select: ({ intervals }) => panel.view?.select(intervals) ?? { count: 0, held: 0 },
    settle: async ({ settlement }) => {
      const numbers = panel.view?.selectedHeld() ?? [];
      await parts.run(settleCommands[settlement], panel.current?.id, numbers);
      return { settled: numbers.length };
    },
    step: async ({ number }) => ({ settled: await panel.step(number) }),
    find: ({ number }) => ({ place: panel.view?.placeOf(number) }),
    detail: ({ number }) => {
      const message = messageOf(number);
      return message && panel.current && detailOf(message, rowState(panel.current.tail, number));
    },
    body: async ({ number, form }) => {
      const message = messageOf(number);
      const bodies = panel.current?.bodies;
      if (!message || !bodies) return undefined;
      await bodies.prepare(message);
      return bodyText(message, form, bodies);
    },
    copy: async ({ number, ...wanted }) => {
      const message = messageOf(number);
      const bodies = panel.current?.bodies;
      if (!message || !bodies) return undefined;
      await bodies.prepare(message);
      await parts.copy(copyText(message, wanted, bodies));
      return undefined;
    },
    open: async ({ number }) => {
      await parts.run('message.open', panel.current?.id, number);
      return undefined;
    },
    readNotices: ({ upTo }) => {
      panel.current?.notices.read(upTo);
      return undefined;
    },
    remember: ({ layout }) => {
      parts.layout.set(layout);
      return undefined;
    },
    press: async ({ button }) => {
      await panel.press(button);
      return undefined;
    },
  };
}

/** What a filter asks of a tail: the states of its messages, and their bodies as they are read. */
function contextOf({ tail, bodies }: TailOutput): FilterContext {
  return { stateOf: (number) => tail.stateOf(number), bodyText: (message) => bodies.bodyText(message) };
}
