/** The newest run as the page holds it: arrays that fill up while steps arrive. */

import { nameOf, startRef } from "./cell/references.js";
import { fitted, widened } from "./scale.js";

/** @import {Frame, PageTrace, Quantity} from "../types.d.ts" */

/**
 * A trace for a new run that keeps the leading steps of an older one. Rows after those stay as they were until the
 * run brings its own, so that nothing blinks; rows that never had a value are NaN.
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
 * The trace with a `steps` frame laid in. Its scales widen while steps arrive, since rows of an older run are still on show, and fit the values
 * once the run is whole. Where none of them changes they stay the same object, so that nothing that shows them is drawn again.
 * @param {PageTrace} trace
 * @param {Frame} frame
 * @param {boolean} steady whether a gesture is under way, during which scales only widen
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
 * The trace on scales that fit its values, for when a gesture ends. A run still on its way fits them itself when it is whole.
 * @param {PageTrace} trace
 * @returns {PageTrace} the same one where its scales fit already
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
 * The states before the first step, which the first frame of a run brings as h_0 and c_0.
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
 * One value; NaN where there is none.
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
