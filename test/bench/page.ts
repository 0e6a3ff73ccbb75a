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
  let beat;
  let pressed;
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
