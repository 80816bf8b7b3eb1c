/** One tab stop for a group of buttons: Tab enters and leaves the group, and the arrow keys move within it. */

import { put } from "../dom.js";

/** @type {Record<string, (at: number, count: number, columns: number) => number>} */
const MOVES = {
  ArrowLeft: (at, count) => (at + count - 1) % count,
  ArrowRight: (at, count) => (at + 1) % count,
  ArrowUp: (at, _, columns) => Math.max(at - columns, at % columns),
  ArrowDown: (at, count, columns) => (at + columns < count ? at + columns : at),
  Home: () => 0,
  End: (_, count) => count - 1,
};

/**
 * @param {HTMLElement} group
 * @param {() => number} [columns] the number of buttons in a row, if there are several rows
 * @returns {() => void} to be called when the buttons have been replaced or hidden
 */
export function rove(group, columns) {
  const stops = () => [...group.querySelectorAll("button")].filter(isThere);

  /** @param {Element} button */
  function isThere(button) {
    const hidden = button.closest("[hidden]");
    return hidden === null || hidden.contains(group);
  }

  /** @param {Element | undefined} chosen */
  function mark(chosen) {
    for (const stop of stops()) put(stop, "tabIndex", stop === chosen ? 0 : -1);
  }

  group.addEventListener("focusin", (event) => mark(/** @type {Element} */ (event.target)));
  group.addEventListener("keydown", (event) => {
    const move = columns || !/Up|Down/.test(event.key) ? MOVES[event.key] : undefined;
    const all = stops();
    const at = all.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    if (!move || at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    all[move(at, all.length, columns?.() ?? 1)].focus();
  });
  return () => mark(stops().find((stop) => stop.tabIndex === 0) ?? stops()[0]);
}
