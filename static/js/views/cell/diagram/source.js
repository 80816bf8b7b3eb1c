/** Where the numbers of a strip are from, and what its colours span. */

import { widened } from "../../../model/scale.js";
import { vectorAt } from "../../../model/trace.js";

/** @import {PageTrace, Reference, Scale, Seen, StepFrame} from "../../../types.d.ts" */
/** @import {Strip} from "./sheet.js" */

const NONE = new Float32Array(0);
/** @type {Scale} */
const FIRST = { map: "states", low: -1, high: 1, grows: true };

/**
 * @param {Strip["source"]} source
 * @param {PageTrace} trace
 * @param {StepFrame | null} step of the step shown
 * @param {number} t
 * @returns {Float32Array} empty where it has not come yet
 */
export function vectorOf(source, trace, step, t) {
  if (source.kind === "value") return vectorAt(trace, source.name, t + source.step);
  if (source.kind === "input") return step?.arrays.x ?? NONE;
  const parts = source.keys.map((key) => step?.arrays[key] ?? NONE);
  if (parts.length === 1) return parts[0];
  return parts[0].map((first, i) => parts.reduce((sum, part, at) => (at ? sum + part[i] : first), first));
}

/**
 * How far a gate is open; NaN where it is not known. What it differs by, where a difference is shown.
 * @param {Seen} state
 * @param {Reference} gate a gate, or 1 less one
 */
export function opening({ trace, compare, selection: { t, unit } }, gate) {
  const value = trace ? vectorAt(trace, gate.name, t)[unit] ?? NaN : NaN;
  return gate.kind === "complement" ? Number(compare !== "difference") - value : value;
}

/** Scales of what has no plot: one for all summands of an equation, as wide as they have become. */
export function createScales() {
  /** @type {Record<string, Scale>} */
  let held = {};

  return {
    forget() {
      held = {};
    },

    /**
     * @param {Strip} strip
     * @param {Float32Array} values
     */
    widen({ of, source }, values) {
      if (source.kind !== "value") held[of] = widened(held[of] ?? FIRST, values);
    },

    /**
     * @param {Strip} strip
     * @param {PageTrace} trace
     * @returns {Scale}
     */
    of({ of, source }, trace) {
      if (source.kind === "value") return trace.scales[source.name] ?? FIRST;
      const { map } = Object.values(trace.scales)[0];
      return { ...(held[of] ?? FIRST), ...(map === "differences" && { map }) };
    },
  };
}
