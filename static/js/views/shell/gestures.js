/** Tracks whether a gesture is under way, that is, whether a pointer is down or a key repeats. */

/** @import {Lifetime} from "../../lib/lifetime.js" */

/**
 * @param {HTMLElement} root the element to listen on
 * @param {Lifetime["listen"]} listen
 * @param {() => void} ended called when a gesture ends
 * @returns {() => boolean} whether a gesture is under way
 */
export function createGestures(root, listen, ended) {
  let active = false;
  const begin = () => { active = true; };
  const end = () => {
    if (!active) return;
    active = false;
    ended();
  };
  // Capture the events, because views may stop them. Listen on the window for the end, because a pointer may be released outside the page.
  const early = { capture: true };
  listen(root, "pointerdown", begin, early);
  listen(root, "keydown", ({ repeat }) => { if (repeat) begin(); }, early);
  for (const type of ["pointerup", "pointercancel", "keyup"]) listen(window, type, end, early);
  listen(window, "blur", end);
  return () => active;
}
