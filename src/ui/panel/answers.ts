import type { Answers } from '../../protocol/answer.ts';
import type { Settlement } from '../../broker/consume/ackState.ts';
import type { CommandId } from '../commands/ids.ts';
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
      const tail = panel.current?.tail;
      const read = readFilter(text, tail ? { stateOf: (number) => tail.stateOf(number) } : {});
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
    body: ({ number, form }) => {
      const message = messageOf(number);
      return message && bodyText(message, form);
    },
    copy: async ({ number, what, path }) => {
      const message = messageOf(number);
      if (message) await parts.copy(copyText(message, what, path));
      return undefined;
    },
    open: async ({ number }) => {
      await parts.run('message.open', panel.current?.id, number);
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
