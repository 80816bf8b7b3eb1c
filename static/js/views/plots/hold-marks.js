/** Marks for held values: a dot for one timestep, and for every step a line along a heatmap's row or at the start of a unit's line. */

import { heightOf, valueAxis } from "./axes.js";
import { make } from "../../lib/dom.js";
import { heldIn } from "../../model/edits/clamps.js";
import { plotBoxes } from "./plot-boxes.js";
import { linesShown } from "./plot-canvas.js";
import { edge } from "../../model/timeline.js";
import { valueAt } from "../../model/trace.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {Size} from "../../lib/size.js" */
/** @import {PageTrace, Seen, State} from "../../types.d.ts" */
/** @import {Held} from "../../model/edits/clamps.js" */
/** @import {Box} from "./plot-boxes.js" */
/** @import {Timeline} from "../../model/timeline.js" */

/** The maximum number of marks; more would cover the values. */
const MOST = 400;
/** px of the mark at the start of a line */
const BEGINNING = 14;

/**
 * @typedef {Pick<Seen, "document" | "baseline" | "trace" | "zoom" | "view" | "compare"> & {size: Size}} Inputs
 */

/**
 * @param {Page} page
 * @returns {View<Inputs>}
 */
export function createHoldMarks(page) {
  const { byId, sizeOf, timeline, typeScale } = page;
  const plots = byId("plots");
  const layer = make("div", "holds");
  layer.setAttribute("aria-hidden", "true");
  plots.append(layer);

  /** @param {Inputs} inputs */
  function render(inputs) {
    const { trace, zoom, view, size } = inputs;
    layer.classList.toggle("dots", view === "lines");
    layer.replaceChildren(...(trace === null ? [] : marks(typeScale(), heldIn(inputs), view, trace, timeline(size.width, trace.steps, zoom), size.height)));
  }

  return {
    root: layer,
    inputs: ({ document, baseline, trace, zoom, view, compare }) => ({ document, baseline, trace, zoom, view, compare, size: sizeOf(plots) }),
    render,
  };
}

/**
 * @param {number} scale of the page's type
 * @param {readonly Held[]} all
 * @param {State["view"]} view
 * @param {PageTrace} trace
 * @param {Timeline} line
 * @param {number} height px of the panel
 */
function marks(scale, all, view, trace, line, height) {
  const { values, steps } = trace;
  const boxes = plotBoxes(scale, line, height, values.length);
  const units = view === "lines" ? linesShown(trace).length : trace.hidden;
  const held = all.filter(({ quantity, unit, t }) => values.includes(quantity) && unit < units && (t ?? 0) < steps);
  return held.slice(-MOST).flatMap((one) => {
    const { quantity, t } = one;
    if (t !== null && (t < line.from || t >= line.to)) return [];
    const box = boxes[values.indexOf(quantity)];
    const y = view === "lines" ? lineHeight(trace, one, line, box) : rowHeight(trace, one, box);
    return Number.isNaN(y) ? [] : [markElement(one, view, line, box, y)];
  });
}

/**
 * @param {PageTrace} trace
 * @param {Held} held
 * @param {Box} box
 */
function rowHeight({ hidden }, { unit }, box) {
  return box.top + (unit + 0.5) * (box.height / hidden);
}

/**
 * The height of a unit's line at the held step or the first visible one; NaN until that value arrives.
 * @param {PageTrace} trace
 * @param {Held} held
 * @param {Timeline} line
 * @param {Box} box
 */
function lineHeight(trace, { quantity, unit, t }, line, box) {
  return heightOf(valueAxis("lines", trace, quantity, box.height), box, valueAt(trace, quantity, t ?? line.from, unit));
}

/**
 * @param {Held} held
 * @param {State["view"]} view
 * @param {Timeline} line
 * @param {Box} box
 * @param {number} y
 */
function markElement({ quantity, unit, t }, view, line, box, y) {
  const mark = make("i", t === null ? "always" : "");
  const left = t === null ? box.left : edge(line, t) + line.column / 2;
  mark.dataset.held = `${quantity} ${unit}`;
  mark.style.transform = `translate(${left}px, ${y}px)`;
  if (t === null) mark.style.width = `${view === "lines" ? BEGINNING : box.width}px`;
  return mark;
}
