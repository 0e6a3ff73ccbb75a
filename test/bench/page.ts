/**
 * What runs in the workbench's page, as text, since it belongs to a browser. Times are milliseconds since the epoch, to be
 * compared with the extension host's.
 */
export const pageScript = String.raw`
window.warrenBench = (() => {
  const now = () => performance.timeOrigin + performance.now();
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => resolve()));
  /** Waits frame by frame until something is drawn; returns when the frame that has it began. */
  const drawn = async (condition) => {
    while (!condition()) await frame();
    await frame();
    return now();
  };
  /** The same over a long time, by looking now and then: asking for each frame would make the browser draw them all. */
  const drawnLater = async (condition) => {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
    await frame();
    return now();
  };
  const treeRow = (name) => [...document.querySelectorAll('.part.sidebar .monaco-list-row')]
    .find((each) => each.querySelector('.label-name')?.textContent === name);
  /** The number of the newest message that is drawn in the Messages panel; 0 without one. */
  const newestRow = () => {
    const numbers = document.querySelectorAll('.rows [role=row] .number');
    return Number(numbers[numbers.length - 1]?.textContent ?? 0);
  };
  let beat;
  let pressed;
  let seeing;
  return {
    /** Begins to note the longest time in which the page's thread did not get to a timer of 4 ms. */
    startBeat() {
      clearInterval(beat?.timer);
      const state = { last: performance.now(), longest: 0 };
      state.timer = setInterval(() => {
        const at = performance.now();
        state.longest = Math.max(state.longest, at - state.last - 4);
        state.last = at;
      }, 4);
      beat = state;
    },
    stopBeat() {
      clearInterval(beat.timer);
      return beat.longest;
    },
    /** When the Output panel shows a text. */
    outputShows(text) {
      return drawnLater(() => document.querySelector('.part.panel .view-lines')?.textContent.includes(text));
    },
    /** When the Messages panel shows the message with a number as its newest. */
    messageShows(number) {
      return drawnLater(() => newestRow() === number);
    },
    /** Begins to note when each message was drawn in the Messages panel: by the frame after the one that drew it. */
    startSeeing() {
      const state = { seen: [], isOver: false };
      seeing = state;
      let drawn = 0;
      const look = () => {
        if (state.isOver) return;
        const at = now();
        for (; (state.seen.at(-1)?.number ?? 0) < drawn;) state.seen.push({ number: drawn, at });
        drawn = newestRow();
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    },
    /** Which number was the newest that was drawn, and from when on. */
    async stopSeeing(last) {
      while ((seeing.seen.at(-1)?.number ?? 0) < last) await frame();
      seeing.isOver = true;
      return seeing.seen;
    },
    /**
     * Scrolls the Messages panel through so many frames, so many pixels each, from its middle; or from top to end, or not at all.
     * Returns how many frames of 60 a second were left out, and in how many a row in view was not there yet.
     */
    async scroll(frames, step) {
      const grid = document.querySelector('[role=grid]');
      const whole = grid.scrollHeight - grid.clientHeight;
      const pixels = step === 'whole' ? whole / frames : step;
      const from = step === 'whole' ? 0 : Math.round(whole / 2);
      grid.scrollTop = from;
      for (let i = 0; i < 30; i++) await frame();
      let dropped = 0;
      let blank = 0;
      let before = await new Promise((resolve) => requestAnimationFrame(resolve));
      for (let i = 1; i <= frames; i++) {
        if (pixels > 0) grid.scrollTop = from + pixels * i;
        const at = await new Promise((resolve) => requestAnimationFrame(resolve));
        dropped += Math.max(0, Math.round((at - before) / (1000 / 60)) - 1);
        before = at;
        const numbers = [...grid.querySelectorAll('.rows [role=row] .number')];
        const missing = numbers.filter((each) => each.textContent === '');
        const { top, bottom } = grid.getBoundingClientRect();
        if (numbers.length === 0 || missing.some((each) => {
          const row = each.getBoundingClientRect();
          return row.bottom > top && row.top < bottom;
        })) blank++;
      }
      return { dropped, blank };
    },
    /** How many elements this document has, and the heap of its scripts in MB. */
    webviewSize() {
      return { elements: document.querySelectorAll('*').length, heap: performance.memory.usedJSHeapSize / 1e6 };
    },
    /** Takes note of when the next key is pressed. */
    awaitKey() {
      pressed = undefined;
      addEventListener('keydown', (event) => { pressed = performance.timeOrigin + event.timeStamp; }, { capture: true, once: true });
    },
    /** Milliseconds from that key to the command palette with entries in it. */
    async paletteOpens() {
      const shown = await drawn(() => {
        const widget = document.querySelector('.quick-input-widget');
        return widget?.checkVisibility() && widget.querySelector('.monaco-list-row');
      });
      return shown - pressed;
    },
    /** Settles when the palette is closed. */
    paletteCloses() {
      return drawn(() => !document.querySelector('.quick-input-widget')?.checkVisibility());
    },
    /** Opens the branch of a connection when it is there. */
    async openBranch(connection) {
      while (!treeRow(connection)) await frame();
      // One click: a second one, before the first has had its effect, would close it again.
      if (treeRow(connection).getAttribute('aria-expanded') !== 'true') treeRow(connection).querySelector('.monaco-tl-twistie').click();
      await drawn(() => treeRow(connection)?.getAttribute('aria-expanded') === 'true');
    },
    /** When the row of the tree is drawn. */
    rowShows(label) {
      return drawn(() => treeRow(label));
    },
  };
})();
`;
