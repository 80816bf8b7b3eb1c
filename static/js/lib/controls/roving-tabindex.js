/** One tab stop for a group of buttons: Tab enters and leaves the group, and the arrow keys move within it. */

import { put } from "../dom.js";

/** @type {Record<string, (at: number, count: number) => number>} */
const MOVES = {
  ArrowLeft: (at, count) => (at + count - 1) % count,
  ArrowRight: (at, count) => (at + 1) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/**
 * @param {HTMLElement} group
 * @returns {() => void} to be called when the buttons have been replaced
 */
export function rove(group) {
  const stops = () => [...group.querySelectorAll("button")];

  /** @param {Element | undefined} chosen */
  function mark(chosen) {
    for (const stop of stops()) put(stop, "tabIndex", stop === chosen ? 0 : -1);
  }

  group.addEventListener("focusin", (event) => mark(/** @type {Element} */ (event.target)));
  group.addEventListener("keydown", (event) => {
    const move = MOVES[event.key];
    const all = stops();
    const at = all.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    if (!move || at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    all[move(at, all.length)].focus();
  });
  return () => mark(stops().find((stop) => stop.tabIndex === 0) ?? stops()[0]);
}
