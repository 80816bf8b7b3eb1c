/** A note under the picture of a large network: which units its strips enlarge, and a summary of all units. */

import { fixed } from "../../../lib/format.js";
import { symbol } from "../../../model/cell/symbols.js";
import { vectorAt } from "../../../model/trace.js";
import { MOST, unitsShown } from "./strips.js";

/** @import {PageTrace, Seen} from "../../../types.d.ts" */

/** px */
const LINE = 16;

/**
 * px of the note.
 * @param {number} hidden
 */
export function noteHeight(hidden) {
  return hidden > MOST ? LINE : 0;
}

/**
 * @param {Pick<Seen, "marked" | "compare" | "selection">} state
 * @param {PageTrace} trace
 */
export function noteOn(state, trace) {
  const { hidden } = trace;
  if (hidden <= MOST) return "";
  const { from, to } = unitsShown(hidden, state.selection.unit);
  return [`in each strip: above all ${hidden} units, below units ${from} to ${to - 1}`, ...summary(state, trace)].join("; ");
}

/**
 * Minimum, mean and maximum of the selected quantity; empty until all units have values.
 * @param {Pick<Seen, "marked" | "compare" | "selection">} state
 * @param {PageTrace} trace
 */
function summary({ marked, compare, selection: { t, quantity } }, trace) {
  const values = vectorAt(trace, quantity, t);
  if (!marked || values.length === 0 || values.some(Number.isNaN)) return [];
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const [least, middle, most] = [Math.min(...values), mean, Math.max(...values)].map((value) => fixed(value, 2));
  const what = `${symbol(quantity)}${compare === "difference" ? ", now − before," : ""}`;
  return [`${what} of all ${values.length} units: ${least} least, ${middle} mean, ${most} most`];
}
