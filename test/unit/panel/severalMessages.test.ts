import assert from 'node:assert/strict';
import type { Output } from '../../../src/ui/output/output.ts';
import type { TailOutput } from '../../../src/ui/output/tailOutput.ts';
import { severalMessages } from '../../../src/ui/commands/severalMessages.ts';
import { menuContext } from '../../../src/webview/menuContext.ts';

const orders = { id: 'tail-1' } as TailOutput;
const bills = { id: 'tail-2' } as TailOutput;

/** What a command is about that was chosen in the panel's context menu. */
function chosen({ opened, shown, isKept = true }: { opened: object; shown: TailOutput; isKept?: boolean }) {
  const parts = {
    outputs: { get: (id: unknown) => (isKept ? [orders, bills] : [bills]).find((each) => each.id === id) },
    messages: { current: shown, panel: { view: { selected: () => [1, 2] } } },
  } as unknown as Pick<Output, 'outputs' | 'messages'>;
  const found = severalMessages(parts, [{ webview: 'warren.messages', ...opened }]);
  return found && [found.output.id, found.numbers];
}

/** As the webview gives it to VS Code, opened on a tail. */
function menu(number?: number): object {
  const subject = { tail: orders.id, selected: 1, isHeld: true, awaitsReply: false };
  return JSON.parse(menuContext({ ...subject, ...(number !== undefined && { number }) })) as object;
}

describe('what the context menu of the Messages panel is about', () => {
  it('is what is selected, or the one message that it was opened on', () => {
    assert.deepEqual(chosen({ opened: menu(), shown: orders }), ['tail-1', [1, 2]]);
    assert.deepEqual(chosen({ opened: menu(7), shown: orders }), ['tail-1', [7]]);
  });

  it('is of the tail that it was opened on, also where another has taken its place meanwhile', () => {
    assert.deepEqual(chosen({ opened: menu(7), shown: bills }), ['tail-1', [7]]);
    assert.deepEqual(chosen({ opened: menu(), shown: bills }), ['tail-1', []]);
    assert.deepEqual(chosen({ opened: menu(7), shown: bills, isKept: false }), ['tail-2', []]);
  });
});
