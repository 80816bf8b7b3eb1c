/** Marks on the diagram's strips for held units: a dot for a hold at the visible step, a bar for one at every step. */

import { heldIn, unitsHeld } from "../../../model/edits/clamps.js";
import { stepBefore } from "../../../model/trace.js";
import { unitsShown } from "./strips.js";
import { draw } from "./svg.js";

/** @import {PageTrace, Seen} from "../../../types.d.ts" */
/** @import {Strip} from "./sheet.js" */

/** px */
const RADIUS = 3;
const BAR = 2;
const GAP = 2;
const NARROWEST = 5;

/**
 * The positions of units along one edge of a strip.
 * @typedef {{from: number, to: number, edge: number}} Row
 */

/** @param {SVGElement} marks the layer to draw on */
export function createHolds(marks) {
  const layer = draw("g", { class: "held-units" });

  /**
   * @param {Pick<Seen, "document" | "baseline" | "compare" | "selection">} state
   * @param {PageTrace} trace
   * @param {readonly {strip: Strip}[]} strips
   * @param {(of: string) => boolean} isLater whether a value is computed after the visible sub-step
   */
  function render(state, trace, strips, isLater) {
    if (layer.parentNode !== marks) marks.append(layer);
    const { hidden } = trace;
    const held = heldIn(state);
    const { t, unit } = state.selection;
    if (held.length === 0) return layer.replaceChildren();
    return layer.replaceChildren(...strips.flatMap(({ strip }) => {
      if (strip.source.kind !== "value") return [];
      const units = unitsHeld(held, strip.source.name, strip.source.step < 0 ? stepBefore(trace, t) : t);
      const found = rowsOf(strip, hidden, unit).flatMap((row) => marksOf(strip, row, units));
      for (const mark of found) mark.classList.toggle("later", isLater(strip.of));
      return found;
    }));
  }

  return { render };
}

/**
 * All units along the lower edge. If there are too many, the enlarged units are along the lower edge, and all units along the upper one.
 * @param {Strip} strip
 * @param {number} hidden
 * @param {number} unit
 * @returns {Row[]}
 */
function rowsOf({ box: { top, height } }, hidden, unit) {
  const below = { ...unitsShown(hidden, unit), edge: top + height };
  return below.to - below.from === hidden ? [below] : [{ from: 0, to: hidden, edge: top }, below];
}

/**
 * @param {Strip} strip
 * @param {Row} row
 * @param {ReadonlyMap<number, boolean>} units held units, and whether each is held at every step
 */
function marksOf({ id, box: { left, width } }, { from, to, edge }, units) {
  const column = width / (to - from);
  return [...units].flatMap(([unit, always]) => {
    if (unit < from || unit >= to) return [];
    const x = left + (unit - from + 0.5) * column;
    const shared = { class: `held${always ? " always" : ""}`, "data-held": id, "data-unit": unit };
    const across = Math.max(NARROWEST, column - GAP);
    return [always
      ? draw("rect", { ...shared, x: x - across / 2, y: edge - BAR / 2, width: across, height: BAR })
      : draw("circle", { ...shared, cx: x, cy: edge, r: RADIUS })];
  });
}
