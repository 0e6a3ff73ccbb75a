import assert from 'node:assert/strict';
import { Caller } from '../../../src/protocol/caller.ts';
import { fromHost } from '../../../src/protocol/messages.ts';
import { Notices } from '../../../src/ui/output/notices.ts';
import type { TailOutput } from '../../../src/ui/output/tailOutput.ts';
import { MessagesPanel } from '../../../src/ui/panel/messagesPanel.ts';
import { PanelModel } from '../../../src/webview/model.ts';
import { plainBodies } from '../../support/bodies.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { Random } from '../../support/random.ts';
import { FakeTail } from './fakeTail.ts';

const rowsInView = 10;

/** The script in the webview, as far as it is without a page. */
class Script {
  readonly model: PanelModel;
  readonly #caller: Caller;
  #isDrawn = true;

  constructor(clock: FakeClock, post: (message: object) => void) {
    this.#caller = new Caller(post, clock, () => this.model.tails?.current);
    const ask = this.#caller.ask.bind(this.#caller);
    this.model = new PanelModel({ ask, post, kept: undefined, keep: () => undefined }, undefined);
    this.model.onDidChange(() => (this.#isDrawn = false));
    post({ kind: 'ready' });
  }

  received(data: unknown): void {
    const message = fromHost(data);
    if (message?.kind === 'reply') this.#caller.settle(message);
    else if (message) this.model.received(message);
  }

  /** The places that are in view. */
  get places(): number[] {
    const { count, view } = this.model;
    const first = Math.max(0, count - rowsInView);
    return Array.from({ length: count - first }, (_, index) => (view?.low ?? 0) + first + index);
  }

  /** Draws what has changed, if anything has, and asks for the rows that are missing. */
  draw(): void {
    if (this.#isDrawn) return;
    this.#isDrawn = true;
    this.model.rowsInView = rowsInView;
    this.model.firstInView = Math.max(0, this.model.count - rowsInView);
    const [first = 0] = this.places;
    this.model.want(first, first + this.places.length);
  }
}

/** The panel with a webview, and all that is on its way between them. */
class Stage {
  readonly clock = new FakeClock();
  readonly tails: { readonly fake: FakeTail; readonly output: TailOutput }[] = [];
  readonly ran: unknown[][] = [];
  readonly panel: MessagesPanel;
  script: Script;
  #toHost: unknown[] = [];
  #toScript: unknown[] = [];
  #received: (message: unknown) => void = () => undefined;

  constructor() {
    this.panel = new MessagesPanel({
      webview: {
        postMessage: (message: unknown) => {
          this.#toScript.push(message);
          return Promise.resolve(true);
        },
        onDidReceiveMessage: (listener: (message: unknown) => void) => {
          this.#received = listener;
          return { dispose: () => undefined };
        },
      },
      tails: {
        all: () => this.tails.map(({ output }) => output),
        get: (id) => this.tails.find(({ output }) => output.id === id)?.output,
      },
      hasConnections: () => true,
      clock: this.clock,
      layout: { get: () => '', set: () => undefined },
      run: (...args) => {
        this.ran.push(args);
        return Promise.resolve();
      },
      copy: () => Promise.resolve(),
      showed: () => undefined,
    });
    this.script = this.#newScript();
  }

  /** A tail starts, and is shown. */
  open(): FakeTail {
    const fake = new FakeTail();
    const id = `tail-${this.tails.length + 1}`;
    const session = { profile: { name: 'local' } };
    const notices = new Notices(this.clock);
    const output = { id, subject: id, session, tail: fake.tail, bodies: plainBodies, notices } as unknown as TailOutput;
    this.tails.push({ fake, output });
    this.panel.show(output);
    return fake;
  }

  /** VS Code makes the webview anew, and what was on its way to the one before comes to this one. */
  reopen(): void {
    this.script = this.#newScript();
  }

  deliverToHost(): void {
    if (this.#toHost.length > 0) this.#received(this.#toHost.shift());
  }

  deliverToScript(): void {
    // As a message that is posted: a copy.
    if (this.#toScript.length > 0) this.script.received(structuredClone(this.#toScript.shift()));
  }

  /** Everything arrives, and is drawn. */
  async settle(): Promise<void> {
    for (let round = 0; round < 40; round++) {
      while (this.#toHost.length > 0) this.deliverToHost();
      await turn();
      while (this.#toScript.length > 0) this.deliverToScript();
      await turn();
      this.script.draw();
      this.clock.pass(50);
    }
  }

  #newScript(): Script {
    return new Script(this.clock, (message) => this.#toHost.push(message));
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('the Messages panel', () => {
  it('settles nothing of the tail that is shown for a button that was pressed on another', async () => {
    const stage = new Stage();
    stage.open().receive(3, true);
    await stage.settle();
    stage.script.model.selectNumber(2, 'only');
    stage.script.model.settle('acked');
    stage.script.model.step();
    stage.open().receive(3, true);
    await stage.settle();
    assert.deepEqual(stage.ran, []);
    assert.equal(stage.script.model.problem, undefined);
    stage.script.model.step();
    await stage.settle();
    assert.deepEqual(stage.ran, [['message.ack', 'tail-2', 1]]);
  });

  it('filters no tail by what was typed for another', async () => {
    const stage = new Stage();
    stage.open().receive(4);
    await stage.settle();
    void stage.script.model.filter.set('nowhere');
    stage.open().receive(4);
    await stage.settle();
    assert.deepEqual([stage.script.model.view?.filter, stage.script.model.count], ['', 4]);
  });

  // The first three found rows that nobody asked for again: a reply came that was meant for the script before.
  for (const seed of [675, 5_674, 5_903, ...Array.from({ length: 20 }, (_, index) => index)]) {
    it(`shows its rows in the end, whatever comes in between (${seed})`, async () => {
      const source = new Random(seed);
      const random = (): number => source.next();
      const stage = new Stage();
      let fake = stage.open();
      const actions: readonly (() => unknown)[] = [
        () => fake.receive(1 + Math.floor(random() * 4), random() < 0.5),
        () => (fake = stage.open()),
        () => stage.reopen(),
        () => stage.panel.view?.clear(),
        () => void stage.script.model.filter.set(random() < 0.5 ? 'body' : ''),
        () => stage.script.model.setFollowing(random() < 0.5),
        () => stage.script.model.selectNumber(1, 'only'),
        () => stage.script.model.step(),
      ];
      const often: readonly (() => unknown)[] = [
        () => stage.deliverToHost(),
        () => stage.deliverToScript(),
        () => stage.script.draw(),
        () => stage.clock.pass(Math.floor(random() * 60)),
        turn,
      ];
      for (let step = 0; step < 400; step++) {
        const from = random() < 0.12 ? actions : often;
        await from[Math.floor(random() * from.length)]?.();
      }
      await stage.settle();
      const { script, panel } = stage;
      assert.equal(script.model.tails?.current, panel.current?.id);
      const { places } = script;
      const shown = places.map((place) => script.model.rowAt(place)?.number);
      assert.deepEqual(
        shown.map((number) => (number === undefined ? undefined : panel.view?.placeOf(number))),
        places,
      );
    });
  }
});
