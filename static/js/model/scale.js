/** The range of values that a plot's colours and axis span: what the equations bound, or as far as values went. */

import { niceCeiling } from "../lib/round-numbers.js";

/** @import {Model, Scale} from "../types.d.ts" */

/** What a value without bounds spans at first, up and down. */
const FIRST = 1;

/**
 * @param {Model} model
 * @param {string} value
 * @returns {Scale}
 */
export function scaleOf(model, value) {
  const bounds = model.equations.find((equation) => equation.value === value)?.bounds ?? null;
  if (bounds === null) return { map: "states", low: -FIRST, high: FIRST, grows: true };
  return { map: bounds[0] < 0 ? "states" : "gates", low: bounds[0], high: bounds[1], grows: false };
}

/**
 * The scale, widened to a round number where values have left it. It does not shrink: what is compared with one another
 * while it moves keeps its colours.
 * @param {Scale} scale
 * @param {ArrayLike<number>} values
 * @returns {Scale}
 */
export function widened(scale, values) {
  if (!scale.grows) return scale;
  let most = scale.high;
  for (let i = 0; i < values.length; i += 1) {
    const size = Math.abs(values[i]);
    if (size > most && size < Infinity) most = size;
  }
  if (most === scale.high) return scale;
  const high = niceCeiling(most);
  return { ...scale, low: -high, high };
}
