/** The fixed range of the weights' colours. */

/** @import {MapName, State} from "../../types.d.ts" */

/**
 * The largest magnitude of the unedited weights, rounded up. It stays the same while weights are edited.
 * @returns {(state: Pick<State, "original">) => number}
 */
export function createWeightScale() {
  /** @type {WeakMap<State["original"], number>} finding the largest of a million weights takes long */
  const known = new WeakMap();
  return ({ original }) => {
    const scale = known.get(original) ?? roundedLargest(original);
    known.set(original, scale);
    return scale;
  };
}

/** @param {State["original"]} original */
function roundedLargest(original) {
  let most = 0;
  for (const { data, block } of Object.values(original)) {
    if (block) most = Math.max(most, block.most);
    else for (const value of data) most = Math.max(most, Math.abs(value));
  }
  if (most === 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 3, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= most * 0.999) ?? most;
}

/**
 * @param {Pick<State, "compare">} state
 * @returns {MapName}
 */
export function weightMap({ compare }) {
  return compare === "difference" ? "differences" : "weights";
}
