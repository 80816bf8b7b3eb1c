/**
 * A slider that edits. A finger that comes down on it may be about to scroll the page: it sets nothing before it moves along the slider or is lifted,
 * and nothing at all when the page takes the swipe.
 */

import { put } from "./dom.js";

/** px along the slider from which a swipe is meant for it */
const MEANT_PX = 6;

/**
 * @param {HTMLInputElement} slider
 * @param {object} actions
 * @param {() => void} actions.begin a gesture begins
 * @param {(value: number) => void} actions.set
 */
export function createSlider(slider, { begin, set }) {
  /** @type {{from: number | null} | null} from: px, while it is not yet known what a finger wants */
  let press = null;
  let shown = NaN;

  slider.addEventListener("focus", () => press === null && begin());
  slider.addEventListener("pointerdown", ({ pointerType, clientX }) => {
    press = { from: pointerType === "touch" ? clientX : null };
    begin();
  });
  slider.addEventListener("pointermove", ({ clientX }) => {
    if (press?.from == null || Math.abs(clientX - press.from) < MEANT_PX) return;
    press.from = null;
    set(Number(slider.value));
  });
  slider.addEventListener("pointerup", () => {
    const waits = press?.from != null;
    press = null;
    if (waits) set(Number(slider.value));
  });
  slider.addEventListener("pointercancel", () => {
    press = null;
    put(slider, "value", String(shown));
  });
  slider.addEventListener("input", () => press?.from == null && set(Number(slider.value)));

  return {
    value: () => Number(slider.value),

    /**
     * @param {number} value
     * @param {{low: number, high: number, step: number}} range
     */
    show(value, { low, high, step }) {
      put(slider, "min", String(low));
      put(slider, "max", String(high));
      put(slider, "step", String(step));
      if (Number.isNaN(value)) return;
      shown = value;
      if (press === null) put(slider, "value", String(value));
    },
  };
}
