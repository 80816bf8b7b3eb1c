/** The page's one clock: it draws at most once a frame while something is dirty, and stops by itself. */

/** Frames left out in a row, at most. */
const MOST_WAITS = 3;

/**
 * @typedef {object} Scheduler
 * @property {() => void} invalidate draw in the next frame
 * @property {() => void} hasten draw at once, where this frame has not been drawn yet: the browser shows it in the next
 *   one, with the work already done
 */

/**
 * @param {() => void} draw
 * @param {() => boolean} wait whether to leave a frame out, as what it should show is about to come
 * @returns {Scheduler}
 */
export function createScheduler(draw, wait) {
  let dirty = false;
  let scheduled = false;
  let hastened = false;
  let waits = 0;

  function schedule() {
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(frame);
  }

  function frame() {
    scheduled = false;
    hastened = false;
    if (!dirty) return;
    waits = waits < MOST_WAITS && wait() ? waits + 1 : 0;
    if (waits > 0) schedule();
    else drawClean();
  }

  function drawClean() {
    dirty = false;
    draw();
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
      drawClean();
    },
  };
}
