/** The newest run as the page holds it: arrays that fill up while steps arrive. */

/** @import {Frame, PageTrace, Quantity} from "./types.d.ts" */

/** @type {readonly Quantity[]} */
export const QUANTITIES = ["z", "r", "n", "h"];

/**
 * A trace for a new run that keeps the leading steps of an older one. Rows after those stay as they were until the
 * run brings its own, so that nothing blinks; rows that never had a value are NaN.
 * @param {PageTrace | null} before
 * @param {number} run
 * @param {number} steps
 * @param {number} hidden
 * @param {number} keep
 * @returns {PageTrace}
 */
export function startTrace(before, run, steps, hidden, keep) {
  const old = before?.hidden === hidden ? before : null;
  const arrays = /** @type {PageTrace["arrays"]} */ ({});
  for (const quantity of QUANTITIES) arrays[quantity] = resized(old?.arrays[quantity], steps * hidden);
  const have = old ? Math.min(keep, old.have, steps) : 0;
  return { run, complete: old?.complete ?? 0, steps, hidden, have, arrays };
}

/**
 * @param {Float32Array | undefined} array
 * @param {number} length
 */
function resized(array, length) {
  if (array?.length === length) return array;
  const next = new Float32Array(length).fill(NaN);
  if (array) next.set(array.subarray(0, length));
  return next;
}

/**
 * The trace with a `steps` frame laid in.
 * @param {PageTrace} trace
 * @param {Frame} frame
 * @returns {PageTrace}
 */
export function mergeSteps(trace, frame) {
  const start = Number(frame.metadata.start);
  const stop = Number(frame.metadata.stop);
  for (const quantity of QUANTITIES) trace.arrays[quantity].set(frame.arrays[quantity].data, start * trace.hidden);
  return { ...trace, have: stop, complete: stop === trace.steps ? trace.run : trace.complete };
}

/**
 * One value; NaN where there is none.
 * @param {PageTrace | null} trace
 * @param {Quantity} quantity
 * @param {number} t from 0; −1 is the initial state, zero
 * @param {number} unit
 */
export function valueAt(trace, quantity, t, unit) {
  if (trace === null) return NaN;
  if (t < 0) return quantity === "h" ? 0 : NaN;
  return trace.arrays[quantity][t * trace.hidden + unit] ?? NaN;
}

/**
 * Every unit's value at one step.
 * @param {PageTrace | null} trace
 * @param {Quantity} quantity
 * @param {number} t
 * @returns {Float32Array}
 */
export function vectorAt(trace, quantity, t) {
  if (trace === null) return new Float32Array(0);
  if (t < 0) return new Float32Array(trace.hidden).fill(quantity === "h" ? 0 : NaN);
  return trace.arrays[quantity].subarray(t * trace.hidden, (t + 1) * trace.hidden);
}
