/** The cursor at t, the marks of the selected unit and the preview. They lie over the plots, so moving them does not redraw the plots. */

import { heightOf, valueAxis } from "./axes.js";
import { fitCanvas } from "../../lib/canvas.js";
import { lay, make, put } from "../../lib/dom.js";
import { inputLength } from "../../model/document.js";
import { runSteps } from "../../model/seq2seq/clock.js";
import { plotBoxes } from "./plot-boxes.js";
import { drawLine, MARKED_WIDTH } from "./plot-canvas.js";
import { createPlotLabel } from "./plot-label.js";
import { hue } from "../../model/cell/symbols.js";
import { edge } from "../../model/timeline.js";
import { valueAt } from "../../model/trace.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {Size} from "../../lib/size.js" */
/** @import {PageTrace, Quantity, Seen} from "../../types.d.ts" */
/** @import {Box} from "./plot-boxes.js" */
/** @import {Timeline} from "../../model/timeline.js" */

const SLOW_MS = 150;
/** px: the minimum size of a marked cell, and the size of a dot on a line */
const SMALLEST = 6;
const DOT = 9;

/** @typedef {{size: Size, scale: number}} Room the panel's size, and the scale of the page's type */

/**
 * The cursor over the input and the plots, the marked values, and the label of the previewed value.
 * @typedef {Pick<Seen, "selection" | "held" | "marked" | "preview" | "trace" | "view" | "zoom" | "document" | "network" | "answer"> & Room} OverlayInputs
 */

/**
 * @param {Page} page
 * @returns {View<OverlayInputs>}
 */
export function createOverlay(page) {
  const { byId, sizeOf, timeline, typeScale } = page;
  const plots = byId("plots");
  const cursors = [byId("strip"), byId("output-plot"), plots].map((panel) => /** @type {HTMLElement} */ (panel.querySelector(".cursor")));
  const dividers = [byId("strip"), byId("output-plot"), plots].map((panel) => /** @type {HTMLElement} */ (panel.querySelector(".divider")));
  const spots = /** @type {HTMLElement} */ (plots.querySelector(".spots"));
  const label = createPlotLabel(page);

  /** @param {OverlayInputs} inputs */
  function render(inputs) {
    const { selection, held, preview, size, zoom } = inputs;
    const line = timeline(size.width, runSteps(inputs.document, inputs.network.parts), zoom);
    const shown = selection.t >= line.from && selection.t < line.to;
    for (const cursor of cursors) {
      put(cursor, "hidden", !shown);
      cursor.classList.toggle("preview", preview !== null && preview.t !== held.t);
      lay(cursor, { left: edge(line, selection.t), top: 0, width: Math.max(3, line.column) });
    }
    placeSpots(inputs, line, shown);
    divide(inputs, line);
  }

  /**
   * Draw a line between the steps of an encoder and those of its decoder.
   * @param {OverlayInputs} inputs
   * @param {Timeline} line
   */
  function divide({ document, network }, line) {
    const t = inputLength(document.input);
    const shown = network.parts.decoder !== null && t > line.from && t < line.to;
    for (const divider of dividers) {
      put(divider, "hidden", !shown);
      if (shown) lay(divider, { left: edge(line, t) - 1, top: 0, width: 2 });
    }
  }

  /**
   * @param {OverlayInputs} inputs
   * @param {Timeline} line
   * @param {boolean} shown
   */
  function placeSpots(inputs, line, shown) {
    const { trace, selection, marked, view, size, scale } = inputs;
    const visible = shown && trace !== null && marked;
    put(spots, "hidden", !visible);
    if (!visible) return label.render(inputs, null, 0);
    const { values } = trace;
    if (spots.childElementCount !== values.length) spots.replaceChildren(...values.map(() => make("i")));
    spots.classList.toggle("dots", view === "lines");
    const boxes = plotBoxes(scale, line, size.height, values.length);
    const found = boxes.map((box, i) => spotOf(inputs, trace, values[i], line, box));
    found.forEach((box, i) => {
      const spot = /** @type {HTMLElement} */ (spots.children[i]);
      lay(spot, box);
      spot.style.borderColor = values[i] === selection.quantity ? `var(--${hue(values[i]) || "ink"})` : "";
    });
    return label.render(inputs, found[values.indexOf(selection.quantity)] ?? null, size.width);
  }

  return {
    root: plots,
    inputs: ({ selection, held, marked, preview, trace, view, zoom, document, network, answer }) =>
      ({ selection, held, marked, preview, trace, view, zoom, document, network, answer, size: sizeOf(plots), scale: typeScale() }),
    render,
  };
}

/**
 * The lines of the selected unit, above all others.
 * @typedef {Pick<Seen, "trace" | "zoom" | "theme"> & {visible: boolean, unit: number} & Room} MarkedLinesInputs
 */

/**
 * @param {Page} page
 * @returns {View<MarkedLinesInputs>}
 */
export function createMarkedLines(page) {
  const { byId, sizeOf, timeline, typeScale } = page;
  const plots = byId("plots");
  const canvas = byId("marked-lines", HTMLCanvasElement);
  return {
    root: canvas,
    inputs: ({ trace, view, numbers, marked, selection: { unit }, zoom, theme }) => {
      const visible = trace !== null && view === "lines" && !numbers && marked;
      return { trace, visible, unit, zoom, theme, size: sizeOf(plots), scale: typeScale() };
    },
    render({ trace, visible, unit, zoom, size, scale }) {
      put(canvas, "hidden", !visible);
      if (!visible || trace === null) return;
      const line = timeline(size.width, trace.steps, zoom);
      const context = fitCanvas(canvas, size.width, size.height);
      const boxes = plotBoxes(scale, line, size.height, trace.values.length);
      trace.values.forEach((quantity, i) => drawLine(page, context, trace, quantity, unit, line, boxes[i], MARKED_WIDTH));
    },
  };
}

/**
 * The progress of a run that takes long.
 * @param {Page} page
 * @returns {View<{have: number, steps: number}>}
 */
export function createProgress({ byId }) {
  const bar = /** @type {HTMLElement} */ (byId("plots").querySelector(".progress"));
  let complete = performance.now();
  return {
    root: bar,
    inputs: ({ trace }) => ({ have: trace?.have ?? 0, steps: trace?.steps ?? 0 }),
    render({ have, steps }) {
      if (have === steps) complete = performance.now();
      const slow = have < steps && performance.now() - complete > SLOW_MS;
      bar.classList.toggle("shown", slow);
      if (slow) bar.style.transform = `scaleX(${have / steps})`;
    },
  };
}

/**
 * The box of a value: its cell in a heatmap, or a dot on its line.
 * @param {Pick<Seen, "selection" | "view">} seen
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
