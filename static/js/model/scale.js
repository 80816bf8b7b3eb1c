/** The range of a plot's colours and axis: the bounds of the equation, or else the range of the values. */

import { niceCeiling } from "../lib/round-numbers.js";

/** @import {Model, Scale} from "../types.d.ts" */

/** The range of an unbounded value before there are values. */
const FIRST = 1;
/** Smaller values are rounding errors, so they must not fill the range of colours. */
const SMALLEST = 1e-6;
/** If the largest value is this many times the usual one, usual values would be invisible on a linear scale. */
const OUTLIER = 10;

/**
 * @param {Model} model
 * @param {string} value
 * @returns {Scale}
 */
export function scaleOf(model, value) {
  const bounds = model.equations.find((equation) => equation.value === value)?.bounds ?? null;
  if (bounds === null) return { map: "states", low: -FIRST, high: FIRST, linear: null, follows: true };
  return { map: bounds[0] < 0 ? "states" : "gates", low: bounds[0], high: bounds[1], linear: null, follows: false };
}

/**
 * A scale that fits the values, in round numbers. If a few units or steps are far larger than the rest, it is logarithmic beyond the
 * usual size, so that the rest remain distinguishable.
 * @param {Scale} scale a scale with bounds is returned unchanged
 * @param {readonly ArrayLike<number>[]} arrays each (steps, hidden)
 * @param {number} hidden
 * @returns {Scale}
 */
export function fitted(scale, arrays, hidden) {
  if (!scale.follows) return scale;
  const { most, usual } = sizes(arrays, hidden);
  const high = most < SMALLEST ? FIRST : niceCeiling(most);
  const linear = usual * OUTLIER < most && most >= SMALLEST ? niceCeiling(usual) : null;
  return high === scale.high && linear === scale.linear ? scale : { ...scale, low: -high, high, linear };
}

/**
 * The scale during a gesture: it stays the same, so that colours keep their meaning, until values leave it.
 * @param {Scale} scale
 * @param {readonly ArrayLike<number>[]} arrays
 * @param {number} hidden
 * @returns {Scale}
 */
export function widened(scale, arrays, hidden) {
  const wanted = fitted(scale, arrays, hidden);
  return wanted.high > scale.high ? joined(scale, wanted) : scale;
}

/**
 * One scale that fits two others, so that both can be compared.
 * @param {Scale} one
 * @param {Scale} other
 * @returns {Scale}
 */
export function joined(one, other) {
  if (!one.follows || !other.follows) return one;
  const high = Math.max(one.high, other.high);
  const usual = Math.min(one.linear ?? one.high, other.linear ?? other.high);
  const linear = usual * OUTLIER < high ? usual : null;
  return high === one.high && linear === one.linear ? one : { ...one, low: -high, high, linear };
}

/**
 * The largest absolute value, and the usual one: of the largest in each unit and the largest at each step, the smaller median.
 * @param {readonly ArrayLike<number>[]} arrays each (steps, hidden)
 * @param {number} hidden
 */
function sizes(arrays, hidden) {
  const steps = Math.max(0, ...arrays.map(({ length }) => Math.ceil(length / hidden)));
  const [ofUnits, ofSteps] = [new Float64Array(hidden), new Float64Array(steps)];
  for (const values of arrays) {
    for (let i = 0, t = 0; t < steps && i < values.length; t += 1) {
      let largest = ofSteps[t];
      for (let unit = 0; unit < hidden && i < values.length; unit += 1, i += 1) {
        const size = Math.abs(values[i]);
        // Also false for NaN, which marks a missing value.
        if (!(size < Infinity)) continue;
        if (size > ofUnits[unit]) ofUnits[unit] = size;
        if (size > largest) largest = size;
      }
      ofSteps[t] = largest;
    }
  }
  return { most: ofUnits.reduce((most, size) => Math.max(most, size), 0), usual: Math.min(median(ofUnits), median(ofSteps)) };
}

/**
 * The lower median of the nonzero values, because zeros are drawn correctly on any scale.
 * @param {Float64Array} values
 */
function median(values) {
  const sorted = values.filter((value) => value >= SMALLEST).sort();
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
