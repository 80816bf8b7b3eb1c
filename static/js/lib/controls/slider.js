/**
 * A slider that edits. A touch on it may be the start of a scroll, so it has no effect until the finger moves along the slider or is lifted without
 * moving, and none if the page scrolls.
 */

import { put } from "../dom.js";

/** px along the slider that make a touch a drag, and px that a tap may move */
const MEANT_PX = 6;
const STILL_PX = 10;

/**
 * @param {HTMLInputElement} slider
 * @param {object} actions
 * @param {() => void} actions.begin a gesture begins
 * @param {(value: number) => boolean} actions.set returns false if the value is refused
 */
export function createSlider(slider, { begin, set }) {
  /** @type {{pointer: number, x: number, y: number, value: string, meant: boolean} | null} */
  let press = null;
  let shown = NaN;
  let refused = false;

  function take() {
    refused = !set(Number(slider.value));
    restore();
  }

  /** Puts back the value that is shown, where another one was refused. While the slider is held, it stays under the pointer. */
  function restore() {
    if (refused && press === null) put(slider, "value", String(shown));
  }

  slider.addEventListener("focus", () => press === null && begin());
  slider.addEventListener("pointerdown", ({ button, isPrimary, pointerId: pointer, pointerType, clientX: x, clientY: y }) => {
    if (button !== 0 || !isPrimary) return;
    press = { pointer, x, y, value: slider.value, meant: pointerType !== "touch" };
    begin();
  });
  slider.addEventListener("pointermove", ({ pointerId, clientX, clientY }) => {
    if (press?.pointer !== pointerId || press.meant) return;
    const [along, across] = [Math.abs(clientX - press.x), Math.abs(clientY - press.y)];
    if (along < MEANT_PX || along <= across) return;
    press.meant = true;
    if (slider.value !== press.value) take();
  });
  slider.addEventListener("pointerup", ({ pointerId, clientX, clientY }) => {
    if (press?.pointer !== pointerId) return;
    const { x, y, value, meant } = press;
    press = null;
    if (meant) restore();
    else if (Math.hypot(clientX - x, clientY - y) > STILL_PX) put(slider, "value", String(shown));
    else if (slider.value !== value) take();
  });
  slider.addEventListener("pointercancel", ({ pointerId }) => {
    if (press?.pointer !== pointerId) return;
    press = null;
    put(slider, "value", String(shown));
  });
  slider.addEventListener("blur", () => { press = null; });
  slider.addEventListener("input", () => (press === null || press.meant) && take());

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
