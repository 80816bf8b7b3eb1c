/** The run to show while another is pinned: the present run, the pinned run, or their difference. */

import { equationOf } from "./cell/equations.js";
import { fitted, joined } from "./scale.js";

/** @import {Ends, Model, Network, PageTrace, Scale, Selection, State, StepFrame, Tensor, Weights} from "../types.d.ts" */

/**
 * The span of differences before any is known.
 * @type {Scale}
 */
const DIFFERENCES = { map: "differences", low: -1, high: 1, linear: null, follows: true };

/**
 * The reason why two runs cannot be compared, or null if they can.
 * @param {Pick<State, "baseline" | "model" | "network">} state
 * @returns {string | null}
 */
export function apart({ baseline, model, network }) {
  if (baseline === null) return "nothing is pinned";
  if (model?.cell !== baseline.model?.cell) return "the pinned run is of another cell";
  const [now, then] = [network.hiddenSize, baseline.network.hiddenSize];
  return now === then ? null : `the pinned run has ${then} hidden units, this one ${now}`;
}

/**
 * The state with the pinned run or the difference in place of the present run. Equal inputs give identical objects, so that views are not redrawn.
 * @returns {(state: State) => State}
 */
export function createComparison() {
  const scaled = memoised(onCommonScales);
  const before = memoised(traceBefore);
  const less = { trace: memoised(traceLess), step: memoised(stepLess), weights: memoised(weightsLess), ends: memoised(endsLess) };
  return (state) => {
    const { baseline, compare } = state;
    if (baseline === null) return compare === "now" ? state : { ...state, compare: "now" };
    if (compare === "now" || (compare === "difference" && apart(state) !== null)) {
      return { ...state, compare: "now", trace: scaled(state.trace, baseline.trace) };
    }
    if (compare === "before") {
      const { document: _, trace, ...others } = baseline;
      return { ...state, ...others, trace: before(state.trace, trace) };
    }
    // The number's terms stay those of the present run: a difference of activations is not a sum of differences.
    const weights = less.weights(state.weights, baseline.weights);
    const ends = less.ends(state.ends, baseline.ends);
    return { ...state, weights, original: weights, ends, trace: less.trace(state.trace, baseline.trace), step: less.step(state.step, baseline.step) };
  };
}

/**
 * A selection, clamped to a network's values and units.
 * @param {Selection} selection
 * @param {{network: Network, model: Model | null}} of
 * @returns {Selection}
 */
export function within(selection, { network, model }) {
  const unit = Math.min(selection.unit, network.hiddenSize - 1);
  const quantity = model === null || equationOf(model, selection.quantity) ? selection.quantity : model.values[model.values.length - 1];
  return unit === selection.unit && quantity === selection.quantity ? selection : { ...selection, unit, quantity };
}

/**
 * The present run, on scales that fit both runs.
 * @param {PageTrace | null} now
 * @param {PageTrace | null} old
 */
function onCommonScales(now, old) {
  if (now === null || old === null) return now;
  const scales = commonScales(now, old);
  return Object.entries(scales).every(([name, scale]) => scale === now.scales[name]) ? now : { ...now, scales };
}

/**
 * The pinned run over the present timesteps.
 * @param {PageTrace | null} now
 * @param {PageTrace | null} old
 */
function traceBefore(now, old) {
  if (now === null || old === null) return null;
  const { run, complete, steps } = now;
  const arrays = mapped(old.arrays, (array) => resized(array, steps * old.hidden));
  return { ...old, run, complete, steps, have: haveBoth(now, old), arrays, scales: commonScales(old, now) };
}

/**
 * The difference, present − pinned, on the steps that both have, with one scale for all values.
 * @param {PageTrace | null} now
 * @param {PageTrace | null} old
 */
function traceLess(now, old) {
  if (now === null || old === null) return null;
  const arrays = mapped(now.arrays, (array, name) => less(array, old.arrays[name]));
  const scale = { ...fitted(DIFFERENCES, now.values.map((value) => arrays[value]), now.hidden), follows: false };
  const initial = mapped(now.initial, (array, name) => less(array, old.initial[name]));
  return { ...now, have: haveBoth(now, old), arrays, initial, scales: mapped(now.scales, () => scale) };
}

/**
 * @param {StepFrame | null} now
 * @param {StepFrame | null} old
 */
function stepLess(now, old) {
  if (now === null || old === null || now.t !== old.t) return null;
  return { ...now, arrays: mapped(now.arrays, (array, name) => less(array, old.arrays[name])) };
}

/**
 * @param {Weights} now
 * @param {Weights} old
 * @returns {Weights}
 */
function weightsLess(now, old) {
  return mapped(now, (tensor, name) => ({ ...tensor, data: less(tensor.data, sameBlock(tensor, old[name]) ? old[name].data : undefined) }));
}

/**
 * The differences of the arrays of an end, in the block that both have.
 * @param {Ends} now
 * @param {Ends} old
 * @returns {Ends}
 */
function endsLess(now, old) {
  const weights = mapped(weightsLess(now.weights, old.weights), (tensor) => (tensor.block ? { ...tensor, block: { ...tensor.block, most: largest(tensor.data), edited: 0 } } : tensor));
  return { original: weights, weights };
}

/**
 * @param {Tensor} now
 * @param {Tensor | undefined} old
 */
function sameBlock({ data, block }, old) {
  return old?.data.length === data.length && block?.row === old.block?.row && block?.column === old.block?.column;
}

/** @param {Float32Array} data */
function largest(data) {
  return data.reduce((most, value) => (Math.abs(value) > most ? Math.abs(value) : most), 0);
}

/**
 * @param {PageTrace} now
 * @param {PageTrace} old
 */
function haveBoth(now, old) {
  return old.have < old.steps ? Math.min(now.have, old.have) : now.have;
}

/**
 * @param {Float32Array} array
 * @param {number} length
 */
function resized(array, length) {
  if (array.length >= length) return array.subarray(0, length);
  const longer = new Float32Array(length).fill(NaN);
  longer.set(array);
  return longer;
}

/**
 * @param {Float32Array} now
 * @param {Float32Array | undefined} old
 * @returns {Float32Array} NaN if only one has a value
 */
function less(now, old) {
  const result = new Float32Array(now.length);
  for (let i = 0; i < now.length; i += 1) result[i] = now[i] - (old?.[i] ?? NaN);
  return result;
}

/**
 * The first run's scales, widened to fit the second run's values.
 * @param {PageTrace} one
 * @param {PageTrace} other
 */
function commonScales(one, other) {
  return mapped(one.scales, (scale, name) => (other.scales[name] ? joined(scale, other.scales[name]) : scale));
}

/**
 * @template T, R
 * @param {Record<string, T>} record
 * @param {(value: T, name: string) => R} change
 * @returns {Record<string, R>}
 */
function mapped(record, change) {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]));
}

/**
 * Remember a function's last result for the same two arguments.
 * @template A, B, R
 * @param {(a: A, b: B) => R} compute
 * @returns {(a: A, b: B) => R}
 */
function memoised(compute) {
  /** @type {{a: A, b: B, result: R} | null} */
  let last = null;
  return (a, b) => {
    if (last === null || last.a !== a || last.b !== b) last = { a, b, result: compute(a, b) };
    return last.result;
  };
}
