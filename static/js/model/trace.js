/** The newest run in the page: arrays that fill while steps arrive. */

import { nameOf, startRef } from "./cell/references.js";
import { fitted, widened } from "./scale.js";

/** @import {Frame, PageTrace, Quantity} from "../types.d.ts" */

/**
 * A trace for a new run that keeps the leading steps of an older one. The older rows after them stay until the new run replaces them,
 * so that nothing flickers; rows that never had a value are NaN.
 * @param {PageTrace | null} before
 * @param {number} run
 * @param {Pick<PageTrace, "layer" | "direction" | "values" | "scales" | "steps" | "hidden">} shape
 * @param {number} keep
 * @returns {PageTrace}
 */
export function startTrace(before, run, { layer, direction, values, scales, steps, hidden }, keep) {
  const old = before?.hidden === hidden && before.values.join() === values.join() ? before : null;
  /** @type {PageTrace["arrays"]} */
  const arrays = {};
  for (const quantity of Object.keys(scales)) arrays[quantity] = resized(old?.arrays[quantity], steps * hidden);
  const have = old ? Math.min(keep, old.have, steps) : 0;
  return { layer, direction, run, complete: old?.complete ?? 0, steps, hidden, have, values, scales, arrays, initial: old?.initial ?? {} };
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
 * Copy a `steps` frame into the trace. Its scales only widen while steps arrive, because rows of an older run are still visible, and fit the values
 * when the run is complete. If no scale changes, they stay the same object, so that nothing is redrawn.
 * @param {PageTrace} trace
 * @param {Frame} frame
 * @param {boolean} steady whether a gesture is in progress, during which scales only widen
 * @returns {PageTrace}
 */
export function mergeSteps(trace, frame, steady) {
  const start = Number(frame.metadata.start);
  const stop = Number(frame.metadata.stop);
  const whole = stop === trace.steps;
  /** @type {PageTrace["scales"]} */
  const scales = {};
  for (const quantity of Object.keys(trace.arrays)) {
    const { data } = frame.arrays[quantity];
    trace.arrays[quantity].set(data, start * trace.hidden);
    const shown = whole ? trace.arrays[quantity] : data;
    scales[quantity] = (whole && !steady ? fitted : widened)(trace.scales[quantity], [shown], trace.hidden);
  }
  const initial = start === 0 ? initialOf(frame, Object.keys(trace.arrays)) : trace.initial;
  return { ...withScales(trace, scales), initial, have: stop, complete: whole ? trace.run : trace.complete };
}

/**
 * The trace with scales that fit its values, after a gesture. An incomplete run fits its scales when it is complete.
 * @param {PageTrace} trace
 * @returns {PageTrace} the same trace if its scales already fit
 */
export function fitScales(trace) {
  if (trace.complete !== trace.run) return trace;
  const scales = Object.entries(trace.scales).map(([name, scale]) => [name, fitted(scale, [trace.arrays[name]], trace.hidden)]);
  return withScales(trace, Object.fromEntries(scales));
}

/**
 * @param {PageTrace} trace
 * @param {PageTrace["scales"]} scales of the same values
 * @returns {PageTrace} the same one where its scales are these already
 */
function withScales(trace, scales) {
  return Object.entries(scales).every(([name, scale]) => scale === trace.scales[name]) ? trace : { ...trace, scales };
}

/**
 * The states before the first step, h_0 and c_0 in the first frame of a run.
 * @param {Frame} frame
 * @param {readonly Quantity[]} quantities
 * @returns {PageTrace["initial"]}
 */
function initialOf({ arrays }, quantities) {
  const starts = quantities.flatMap((quantity) => {
    const tensor = arrays[nameOf(startRef(quantity))];
    return tensor ? [[quantity, tensor.data]] : [];
  });
  return Object.fromEntries(starts);
}

/**
 * One value, NaN if there is none.
 * @param {PageTrace | null} trace
 * @param {Quantity} quantity
 * @param {number} t from 0; −1 is the state before the first step
 * @param {number} unit
 */
export function valueAt(trace, quantity, t, unit) {
  if (trace === null) return NaN;
  return t < 0 ? trace.initial[quantity]?.[unit] ?? 0 : trace.arrays[quantity]?.[t * trace.hidden + unit] ?? NaN;
}

/**
 * The step that a layer reads before another: the one to the left, or to the right if it reads in reverse. −1 is the state before its first step.
 * @param {Pick<PageTrace, "direction" | "steps">} trace
 * @param {number} t
 */
export function stepBefore({ direction, steps }, t) {
  if (direction === "forward") return t - 1;
  return t + 1 < steps ? t + 1 : -1;
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
  if (t < 0) return trace.initial[quantity] ?? new Float32Array(trace.hidden);
  return trace.arrays[quantity]?.subarray(t * trace.hidden, (t + 1) * trace.hidden) ?? new Float32Array(0);
}
