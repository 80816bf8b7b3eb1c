/** The cursor at t and the outlined cells of the selected unit: DOM over the drawings, moved without redrawing them. */

import { byId, make, put } from "./dom.js";
import { inputLength } from "./document.js";
import { plotBoxes } from "./plot-boxes.js";
import { sizeOf } from "./size.js";
import { hue } from "./symbols.js";
import { edge, timeline } from "./timeline.js";

/** @import {State} from "./types.d.ts" */
/** @import {Timeline} from "./timeline.js" */

const SLOW_MS = 150;

export function createOverlay() {
  const strip = byId("strip");
  const plots = byId("plots");
  const cursors = [strip, plots].map((panel) => /** @type {HTMLElement} */ (panel.querySelector(".cursor")));
  const spots = /** @type {HTMLElement} */ (plots.querySelector(".spots"));
  const progress = /** @type {HTMLElement} */ (plots.querySelector(".progress"));
  let complete = performance.now();

  /** @param {State} state */
  function render(state) {
    const { selection, trace } = state;
    const steps = inputLength(state.document.input);
    const line = timeline(sizeOf(plots).width, steps, state.zoom);
    const shown = selection.t >= line.from && selection.t < line.to;
    for (const cursor of cursors) {
      put(cursor, "hidden", !shown);
      place(cursor, edge(line, selection.t), null, Math.max(3, line.column), null);
    }
    placeSpots(state, line, shown);
    if (trace) showProgress(trace.have, trace.steps);
  }

  /**
   * @param {State} state
   * @param {Timeline} line
   * @param {boolean} shown
   */
  function placeSpots({ trace, selection, view }, line, shown) {
    const visible = shown && trace !== null && view === "heatmap";
    put(spots, "hidden", !visible);
    if (!visible) return;
    const { values } = trace;
    if (spots.childElementCount !== values.length) spots.replaceChildren(...values.map(() => make("i")));
    plotBoxes(line, sizeOf(plots).height, values.length).forEach((box, i) => {
      const row = box.height / trace.hidden;
      const [width, height] = [Math.max(6, line.column), Math.max(6, row)];
      const left = edge(line, selection.t) - (width - line.column) / 2;
      const top = box.top + (selection.unit + 0.5) * row - height / 2;
      const spot = /** @type {HTMLElement} */ (spots.children[i]);
      place(spot, left, top, width, height);
      spot.style.borderColor = values[i] === selection.quantity ? `var(--${hue(values[i]) || "ink"})` : "";
    });
  }

  /**
   * A run that takes long says how far it is.
   * @param {number} have
   * @param {number} steps
   */
  function showProgress(have, steps) {
    if (have === steps) complete = performance.now();
    const slow = have < steps && performance.now() - complete > SLOW_MS;
    progress.classList.toggle("shown", slow);
    if (slow) progress.style.transform = `scaleX(${have / steps})`;
  }

  return { render };
}

/**
 * @param {HTMLElement} element
 * @param {number} left
 * @param {number | null} top
 * @param {number} width
 * @param {number | null} height
 */
function place(element, left, top, width, height) {
  const { style } = element;
  style.transform = `translate(${left}px, ${top ?? 0}px)`;
  style.width = `${width}px`;
  if (height !== null) style.height = `${height}px`;
}
