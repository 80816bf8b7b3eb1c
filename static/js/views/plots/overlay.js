/** The cursor at t, the marked unit's cells and lines, and what is pointed at: over the drawings, moved without redrawing them. */

import { heightOf, valueAxis } from "./axes.js";
import { fitCanvas } from "../../lib/canvas.js";
import { lay, make, put } from "../../lib/dom.js";
import { inputLength } from "../../model/document.js";
import { plotBoxes } from "./plot-boxes.js";
import { drawLine, MARKED_WIDTH } from "./plot-canvas.js";
import { createPlotLabel } from "./plot-label.js";
import { hue } from "../../model/symbols.js";
import { edge } from "../../model/timeline.js";
import { valueAt } from "../../model/trace.js";

/** @import {Page} from "../../state/page.d.ts" */
/** @import {PageTrace, Quantity, Seen} from "../../types.d.ts" */
/** @import {Box} from "./plot-boxes.js" */
/** @import {Timeline} from "../../model/timeline.js" */

const SLOW_MS = 150;
/** px a marked cell is at least, and the dot on a line */
const SMALLEST = 6;
const DOT = 9;

/** @param {Page} page */
export function createOverlay(page) {
  const { byId, sizeOf, timeline, typeScale } = page;
  const strip = byId("strip");
  const plots = byId("plots");
  const cursors = [strip, plots].map((panel) => /** @type {HTMLElement} */ (panel.querySelector(".cursor")));
  const spots = /** @type {HTMLElement} */ (plots.querySelector(".spots"));
  const progress = /** @type {HTMLElement} */ (plots.querySelector(".progress"));
  const lines = byId("marked-lines", HTMLCanvasElement);
  const label = createPlotLabel(page);
  let complete = performance.now();
  /** @type {unknown[]} */
  let drawn = [];

  /** @param {Seen} state */
  function render(state) {
    const { selection, trace, preview } = state;
    const steps = inputLength(state.document.input);
    const line = timeline(sizeOf(plots).width, steps, state.zoom);
    const shown = selection.t >= line.from && selection.t < line.to;
    for (const cursor of cursors) {
      put(cursor, "hidden", !shown);
      cursor.classList.toggle("preview", preview !== null && preview.t !== state.held.t);
      lay(cursor, { left: edge(line, selection.t), top: 0, width: Math.max(3, line.column) });
    }
    placeSpots(state, line, shown);
    drawLines(state, line);
    if (trace) showProgress(trace.have, trace.steps);
  }

  /**
   * @param {Seen} state
   * @param {Timeline} line
   * @param {boolean} shown
   */
  function placeSpots(state, line, shown) {
    const { trace, selection, marked } = state;
    const visible = shown && trace !== null && marked;
    put(spots, "hidden", !visible);
    if (!visible) return label.render(state, null, 0);
    const { values } = trace;
    if (spots.childElementCount !== values.length) spots.replaceChildren(...values.map(() => make("i")));
    spots.classList.toggle("dots", state.view === "lines");
    const boxes = plotBoxes(typeScale(), line, sizeOf(plots).height, values.length);
    const found = boxes.map((box, i) => spotOf(state, trace, values[i], line, box));
    found.forEach((box, i) => {
      const spot = /** @type {HTMLElement} */ (spots.children[i]);
      lay(spot, box);
      spot.style.borderColor = values[i] === selection.quantity ? `var(--${hue(values[i]) || "ink"})` : "";
    });
    return label.render(state, found[values.indexOf(selection.quantity)] ?? null, sizeOf(plots).width);
  }

  /**
   * The marked unit's values as lines over all others.
   * @param {Seen} state
   * @param {Timeline} line
   */
  function drawLines({ trace, view, numbers, marked, selection: { unit }, zoom, theme }, line) {
    const visible = trace !== null && view === "lines" && !numbers && marked;
    put(lines, "hidden", !visible);
    if (!visible) return;
    const { width, height } = sizeOf(plots);
    const key = [trace, unit, zoom, theme, width, height];
    if (key.every((part, i) => part === drawn[i])) return;
    drawn = key;
    const context = fitCanvas(lines, width, height);
    const boxes = plotBoxes(typeScale(), line, height, trace.values.length);
    trace.values.forEach((quantity, i) => drawLine(page, context, trace, quantity, unit, line, boxes[i], MARKED_WIDTH));
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
 * Where a value stands: its cell of a heatmap, or a dot on its line.
 * @param {Seen} state
 * @param {PageTrace} trace
 * @param {Quantity} quantity
 * @param {Timeline} line
 * @param {Box} box
 * @returns {Box}
 */
function spotOf({ selection: { t, unit }, view }, trace, quantity, line, box) {
  const row = box.height / trace.hidden;
  const lines = view === "lines";
  const [width, height] = lines ? [DOT, DOT] : [Math.max(SMALLEST, line.column), Math.max(SMALLEST, row)];
  const middle = lines ? heightOf(valueAxis("lines", trace, quantity, box.height), box, valueAt(trace, quantity, t, unit)) : box.top + (unit + 0.5) * row;
  return { left: edge(line, t + 0.5) - width / 2, top: middle - height / 2, width, height };
}
