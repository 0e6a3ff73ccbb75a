import assert from 'node:assert/strict';
import type { Row, ViewPush } from '../../../src/protocol/messages.ts';
import type { Host } from '../../../src/webview/hostApi.ts';
import { PanelModel } from '../../../src/webview/model.ts';

const row = (number: number): Row => ({
  number,
  time: '',
  exchange: '',
  key: '',
  type: '',
  size: '',
  flags: '',
  state: '',
  preview: '',
});

/** A model over 100,000 rows, and what it asks the host for. */
function panel(): { model: PanelModel; asked: { from: number; to: number }[] } {
  const asked: { from: number; to: number }[] = [];
  const ask = async (name: string, args: { epoch: number; from: number; to: number }): Promise<unknown> => {
    if (name !== 'rows') return undefined;
    const { epoch, from, to } = args;
    asked.push({ from, to });
    return { epoch, from, rows: Array.from({ length: to - from }, (_, index) => row(from + index)) };
  };
  const host = { ask, post: () => {} } as unknown as Host;
  const model = new PanelModel(host, undefined);
  const view = { kind: 'view', seq: 1, epoch: 1, low: 1, high: 100_001, aside: 0, kept: 100_000, changed: [] };
  model.received(view as unknown as ViewPush);
  return { model, asked };
}

const answered = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('rows that are scrolled through', () => {
  it('are there before they come into view, at three rows a frame and an answer after each', async () => {
    const { model, asked } = panel();
    model.setFollowing(false);
    model.want(50_000, 50_030);
    await answered();
    asked.length = 0;
    for (let first = 50_003; first < 50_600; first += 3) {
      for (let place = first; place < first + 30; place++) assert.equal(model.rowAt(place)?.number, place);
      model.want(first, first + 30);
      await answered();
    }
    // Not a question for each frame.
    assert.ok(asked.length <= 200 / 15, String(asked.length));
  });

  it('are not asked for beyond what is in view while the end is followed: these are pushed', async () => {
    const { model, asked } = panel();
    model.want(99_971, 100_001);
    await answered();
    asked.length = 0;
    model.want(99_971, 100_001);
    await answered();
    assert.deepEqual(asked, []);
  });
});
