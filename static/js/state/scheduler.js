/**
 * The page's only clock. It draws at most once a frame, and only views with changed inputs, and stops when nothing changes. The views over time draw
 * values as soon as they arrive, and have that frame to themselves. All other views follow when no values are about to arrive.
 */

/** @import {Seen, State} from "../types.d.ts" */
/** @import {View} from "./page.d.ts" */

/** The most frames in a row in which the other views are put off. */
const MOST_PUT_OFF = 3;

/**
 * @typedef {object} Scheduler
 * @property {() => void} invalidate draw in the next frame
 * @property {() => void} hasten draw the views over time now, if this frame has not been drawn yet, so that the browser can show them in the
 *   next frame
 */

/**
 * @param {object} options
 * @param {() => {seen: Seen, state: State}} options.look the state to show
 * @param {readonly View[]} options.first
 * @param {readonly View[]} options.rest
 * @param {() => boolean} options.tick advances playback; returns whether it needs another frame
 * @param {() => boolean} options.wait whether values are about to arrive, so that it is worth putting off a frame
 * @param {() => void} options.drawn called when all views are drawn
 * @param {AbortSignal} options.signal stops the scheduler
 * @returns {Scheduler}
 */
export function createScheduler({ look, first, rest, tick, wait, drawn, signal }) {
  /** @type {Map<View, Record<string, unknown>>} */
  const shown = new Map();
  let dirty = false;
  let frame = 0;
  let hastened = false;
  /** the frames in a row in which the other views were put off */
  let putOff = 0;
  signal.addEventListener("abort", () => cancelAnimationFrame(frame));

  function schedule() {
    if (frame === 0 && !signal.aborted) frame = requestAnimationFrame(draw);
  }

  function invalidate() {
    dirty = true;
    schedule();
  }

  /** @param {readonly View[]} views */
  function render(views) {
    const { seen, state } = look();
    for (const view of views) {
      const inputs = /** @type {Record<string, unknown>} */ (view.inputs(seen, state));
      if (isSame(inputs, shown.get(view))) continue;
      shown.set(view, inputs);
      view.render(inputs, view.root);
    }
  }

  function drawFirst() {
    const again = tick();
    render(first);
    if (again) invalidate();
  }

  function draw() {
    frame = 0;
    const shows = hastened;
    hastened = false;
    if (!dirty) return;
    putOff = (shows || wait()) && putOff < MOST_PUT_OFF ? putOff + 1 : 0;
    if (putOff > 0) {
      if (shows) render(first); // more may have arrived since
      schedule();
      return;
    }
    dirty = false;
    drawFirst();
    render(rest);
    drawn();
  }

  return {
    invalidate,
    hasten() {
      if (!dirty || hastened) return;
      hastened = true;
      schedule();
      drawFirst();
    },
  };
}

/**
 * @param {Record<string, unknown>} now
 * @param {Record<string, unknown> | undefined} before
 */
function isSame(now, before) {
  return before !== undefined && Object.keys(now).every((name) => Object.is(now[name], before[name]));
}
