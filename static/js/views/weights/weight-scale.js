/** The fixed range of the weights' colours. */

/** @import {MapName, State} from "../../types.d.ts" */

/** @type {WeakMap<State["original"], number>} */
const scales = new WeakMap();

/**
 * The network's own largest magnitude, rounded up: it holds still while weights are edited.
 * @param {State} state
 */
export function weightScale({ original }) {
  const scale = scales.get(original) ?? roundedLargest(original);
  scales.set(original, scale);
  return scale;
}

/**
 * @param {Pick<State, "compare">} state
 * @returns {MapName}
 */
export function weightMap({ compare }) {
  return compare === "difference" ? "differences" : "weights";
}

/** @param {State["original"]} arrays */
function roundedLargest(arrays) {
  let most = 0;
  for (const { data } of Object.values(arrays)) for (const value of data) most = Math.max(most, Math.abs(value));
  if (most === 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 3, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= most * 0.999) ?? most;
}
