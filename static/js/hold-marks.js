/** Marks on the heatmaps where values are held: a dot at a timestep, a line throughout. */

import { byId, make } from "./dom.js";
import { STATE, isOfWeights, isOn } from "./edits.js";
import { plotBoxes } from "./plot-boxes.js";
import { sizeOf } from "./size.js";
import { edge, timeline } from "./timeline.js";

/** @import {Edit, PageTrace, Quantity, Seen} from "./types.d.ts" */
/** @import {Timeline} from "./timeline.js" */

/** More would hide what they mark. */
const MOST = 400;

/** @typedef {{quantity: Quantity, unit: number, t: number | null}} Held */

export function createHoldMarks() {
  const plots = byId("plots");
  const layer = make("div", "holds");
  layer.setAttribute("aria-hidden", "true");
  plots.append(layer);
  /** @type {unknown[]} */
  let drawn = [];

  /** @param {Seen} state */
  function render({ document: doc, trace, zoom, view, compare }) {
    const { width, height } = sizeOf(plots);
    const key = [doc.edits, trace?.steps, trace?.hidden, trace?.values.join(), zoom, view, compare, width, height];
    if (key.every((part, i) => part === drawn[i])) return;
    drawn = key;
    const hidden = trace === null || view !== "heatmap" || compare === "before";
    layer.replaceChildren(...(hidden ? [] : marks(doc.edits, trace, timeline(width, trace.steps, zoom), height)));
  }

  return { render };
}

/**
 * @param {readonly Edit[]} edits
 * @param {PageTrace} trace
 * @param {Timeline} line
 * @param {number} height px of the panel
 */
function marks(edits, { values, hidden, steps }, line, height) {
  const boxes = plotBoxes(line, height, values.length);
  const held = heldBy(edits).filter(({ quantity, unit, t }) => values.includes(quantity) && unit < hidden && (t ?? 0) < steps);
  return held.slice(-MOST).flatMap(({ quantity, unit, t }) => {
    if (t !== null && (t < line.from || t >= line.to)) return [];
    const box = boxes[values.indexOf(quantity)];
    const mark = make("i", t === null ? "always" : "");
    const left = t === null ? box.left : edge(line, t) + line.column / 2;
    mark.style.transform = `translate(${left}px, ${box.top + (unit + 0.5) * (box.height / hidden)}px)`;
    if (t === null) mark.style.width = `${box.width}px`;
    return [mark];
  });
}

/**
 * @param {readonly Edit[]} edits
 * @returns {Held[]}
 */
function heldBy(edits) {
  return edits.flatMap((edit) => {
    if (!isOn(edit) || isOfWeights(edit) || edit.op === "start") return [];
    return [edit.op === "ablate" ? { quantity: STATE, unit: edit.unit, t: null } : { ...edit, t: edit.t ?? null }];
  });
}
