/** Whether a gesture is under way: a pointer is down, or a key repeats. */

/** @import {Lifetime} from "../../lib/lifetime.js" */

/**
 * @param {HTMLElement} root whose gestures count
 * @param {Lifetime["listen"]} listen
 * @param {() => void} ended called when one ends
 * @returns {() => boolean} whether one is under way
 */
export function createGestures(root, listen, ended) {
  let active = false;
  const begin = () => { active = true; };
  const end = () => {
    if (!active) return;
    active = false;
    ended();
  };
  // Views may stop an event on its way up, and a pointer may be let go outside the page.
  const early = { capture: true };
  listen(root, "pointerdown", begin, early);
  listen(root, "keydown", ({ repeat }) => { if (repeat) begin(); }, early);
  for (const type of ["pointerup", "pointercancel", "keyup"]) listen(window, type, end, early);
  listen(window, "blur", end);
  return () => active;
}
