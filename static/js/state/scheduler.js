/**
 * The page's one clock. It draws at most once a frame, and only the views whose inputs changed; it stops by itself. Values that just arrived are
 * drawn at once by the views over time, and the frame that shows them is left to those: all other views follow in the next.
 */

/** @import {Seen, State} from "../types.d.ts" */
/** @import {View} from "./page.d.ts" */

/** Frames left out in a row, at most. */
const MOST_WAITS = 3;

/**
 * @typedef {object} Scheduler
 * @property {() => void} invalidate draw in the next frame
 * @property {() => void} hasten draw the first views now, if this frame has not been drawn yet: the browser shows them in the next one, with the
 *   work already done
 */

/**
 * @param {object} options
 * @param {() => {seen: Seen, state: State}} options.look what views are to show
 * @param {readonly View[]} options.first
 * @param {readonly View[]} options.rest
 * @param {() => boolean} options.tick moves on what plays; whether another frame is wanted
 * @param {() => boolean} options.wait whether to leave a frame out, as what it should show is about to come
 * @param {() => void} options.drawn all views are drawn
 * @param {AbortSignal} options.signal ends it
 * @returns {Scheduler}
 */
export function createScheduler({ look, first, rest, tick, wait, drawn, signal }) {
  /** @type {Map<View, Record<string, unknown>>} */
  const shown = new Map();
  let dirty = false;
  let frame = 0;
  let hastened = false;
  /** whether the other views were left to this frame */
  let putOff = false;
  let waits = 0;
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
    const [shows, late] = [hastened, putOff];
    hastened = false;
    if (!dirty) return;
    putOff = shows && !late;
    waits = !late && !putOff && waits < MOST_WAITS && wait() ? waits + 1 : 0;
    if (putOff || waits > 0) {
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
