/**
 * The page's one clock: it draws at most once a frame while something is dirty, and stops by itself. Values that just came are drawn at once, and
 * the frame that shows them is left to them: all else follows in the next.
 */

/** Frames left out in a row, at most. */
const MOST_WAITS = 3;

/**
 * @typedef {object} Scheduler
 * @property {() => void} invalidate draw in the next frame
 * @property {() => void} hasten draw what comes first at once, where this frame has not been drawn yet: the browser shows it in the next one,
 *   with the work already done
 */

/**
 * @param {() => void} drawFirst
 * @param {() => void} drawRest
 * @param {() => boolean} wait whether to leave a frame out, as what it should show is about to come
 * @returns {Scheduler}
 */
export function createScheduler(drawFirst, drawRest, wait) {
  let dirty = false;
  let scheduled = false;
  let hastened = false;
  /** whether the rest was left to this frame */
  let putOff = false;
  let waits = 0;

  function schedule() {
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(frame);
  }

  function frame() {
    scheduled = false;
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
    drawRest();
  }

  return {
    invalidate() {
      dirty = true;
      schedule();
    },
    hasten() {
      if (!dirty || hastened) return;
      hastened = true;
      schedule();
      drawFirst();
    },
  };
}
