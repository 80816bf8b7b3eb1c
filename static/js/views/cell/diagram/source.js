/** The values of a strip, and the scale of its colours. */

import { fitted, widened } from "../../../model/scale.js";
import { stepBefore, vectorAt } from "../../../model/trace.js";

/** @import {PageTrace, Reference, Scale, Seen, StepFrame} from "../../../types.d.ts" */
/** @import {Strip} from "./sheet.js" */

const NONE = new Float32Array(0);
/** @type {Scale} */
const FIRST = { map: "states", low: -1, high: 1, linear: null, follows: true };

/**
 * @param {Strip["source"]} source
 * @param {PageTrace} trace
 * @param {StepFrame | null} step the frame of the visible step
 * @param {number} t
 * @returns {Float32Array} empty until the values arrive
 */
export function vectorOf(source, trace, step, t) {
  if (source.kind === "value") return vectorAt(trace, source.name, source.step < 0 ? stepBefore(trace, t) : t);
  if (source.kind === "input") return step?.arrays.x ?? NONE;
  const parts = source.keys.map((key) => step?.arrays[key] ?? NONE);
  if (parts.length === 1) return parts[0];
  return parts[0].map((first, i) => parts.reduce((sum, part, at) => (at ? sum + part[i] : first), first));
}

/**
 * How far a gate is open, or the difference between two runs if that is shown; NaN if unknown.
 * @param {Pick<Seen, "trace" | "compare" | "selection">} state
 * @param {Reference} gate a gate, or 1 − a gate
 */
export function opening({ trace, compare, selection: { t, unit } }, gate) {
  const value = trace ? vectorAt(trace, gate.name, t)[unit] ?? NaN : NaN;
  return gate.kind === "complement" ? Number(compare !== "difference") - value : value;
}

/**
 * Scales of the strips that have no plot, one for all summands of an equation. During a run they only widen, so that a colour keeps its
 * meaning from step to step; a new run starts again from its values.
 */
export function createScales() {
  /** @type {Record<string, Scale>} */
  let held = {};
  /** @type {number | null} */
  let run = null;

  return {
    forget() {
      held = {};
    },

    /**
     * @param {readonly Strip[]} strips
     * @param {readonly Float32Array[]} vectors the strips' values
     * @param {StepFrame | null} step the frame of these values
     */
    widen(strips, vectors, step) {
      if (step === null) return;
      if (step.run !== run) held = {};
      run = step.run;
      for (const [of, arrays] of summands(strips, vectors)) {
        held[of] = held[of] ? widened(held[of], arrays, arrays[0].length) : fitted(FIRST, arrays, arrays[0].length);
      }
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

/**
 * @param {readonly Strip[]} strips
 * @param {readonly Float32Array[]} vectors
 * @returns {Map<string, Float32Array[]>} by equation
 */
function summands(strips, vectors) {
  /** @type {Map<string, Float32Array[]>} */
  const found = new Map();
  strips.forEach(({ of, source }, i) => {
    if (source.kind !== "value" && vectors[i].length > 0) found.set(of, [...(found.get(of) ?? []), vectors[i]]);
  });
  return found;
}
