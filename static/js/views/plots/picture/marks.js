/** Marks of a saved picture: the selected step and unit, and held values. */

import { heldIn } from "../../../model/edits/clamps.js";
import { valueAt } from "../../../model/trace.js";
import { placeOn, valueAxis } from "../axes.js";
import { linesShown } from "../plot-canvas.js";

/** @import {PageTrace, Quantity, Seen, TimeWindow} from "../../../types.d.ts" */
/** @import {Held} from "../../../model/edits/clamps.js" */
/** @import {Palette} from "./figure.js" */

/** The maximum number of marked holds. */
const MOST = 400;

/**
 * @param {Seen} state
 * @param {PageTrace} trace
 * @param {TimeWindow} shown
 * @param {Palette} palette
 */
export function marksOf(state, trace, shown, palette) {
  const { view, selection: { t, unit }, marked } = state;
  const lines = view === "lines";
  const units = lines ? linesShown(trace).length : trace.hidden;
  const held = heldIn(state).filter((one) => trace.values.includes(one.quantity) && one.unit < units && isIn(one.t, shown)).slice(-MOST);

  /**
   * @param {readonly number[][]} bands the input and each plot, each from bottom to top, in fractions of the picture
   */
  function shapes(bands) {
    const inside = t >= shown.from && t < shown.to;
    /** @type {object[]} */
    const found = inside ? bands.map(([y0, y1]) => frame({ xref: "x", yref: "paper", x0: t + 0.5, x1: t + 1.5, y0, y1 }, palette.ink, 1.2)) : [];
    trace.values.forEach((quantity, i) => {
      const yref = `y${i + 2}`;
      if (inside && marked && !lines) found.push(frame({ xref: "x", yref, x0: t + 0.5, x1: t + 1.5, y0: unit - 0.5, y1: unit + 0.5 }, palette.hue(quantity), 2));
      if (lines) return;
      for (const one of held.filter((other) => other.quantity === quantity && other.t === null)) {
        found.push({ type: "line", xref: "x", yref, x0: shown.from + 0.5, x1: shown.to + 0.5, y0: one.unit, y1: one.unit, line: { color: palette.warn, width: 2 } });
      }
    });
    return found;
  }

  /**
   * @param {Quantity} quantity
   * @param {string} axis
   * @returns {object[]}
   */
  function traces(quantity, axis) {
    const points = held.filter((one) => one.quantity === quantity && (lines || one.t !== null));
    if (points.length === 0) return [];
    return [{
      type: "scatter", mode: "markers", name: `held ${quantity}`, xaxis: "x", yaxis: axis, cliponaxis: false,
      x: points.map((one) => (one.t ?? shown.from) + 1),
      y: points.map((one) => (lines ? placeOn(valueAxis("lines", trace, quantity, 0), valueAt(trace, quantity, one.t ?? shown.from, one.unit)) : one.unit)),
      marker: { color: palette.warn, size: 8, symbol: points.map((one) => (one.t === null ? "triangle-right" : "circle")), line: { color: palette.paper, width: 1.5 } },
    }];
  }

  return { once: held.some((one) => one.t !== null), always: held.some((one) => one.t === null), shapes, traces };
}

/**
 * @param {Held["t"]} t
 * @param {TimeWindow} shown
 */
function isIn(t, { from, to }) {
  return t === null || (t >= from && t < to);
}

/**
 * @param {object} place
 * @param {string} color
 * @param {number} width
 */
function frame(place, color, width) {
  return { type: "rect", ...place, line: { color, width }, fillcolor: "rgba(0,0,0,0)" };
}
