/** The network's answer and the map of its layers, as their frames arrive. */

import { fixed } from "../lib/format.js";

/** @import {Answer, Frame, NetworkMap, NetworkPart} from "../types.d.ts" */

/**
 * @param {Answer | null} before
 * @param {readonly Frame[]} frames
 * @returns {Answer | null}
 */
export function answerFrom(before, frames) {
  return frames.filter(({ metadata }) => metadata.type === "output").reduce(merged, before);
}

/**
 * @param {NetworkMap | null} before
 * @param {readonly Frame[]} frames
 * @returns {NetworkMap | null}
 */
export function mapFrom(before, frames) {
  const last = frames.findLast(({ metadata }) => metadata.type === "map");
  return last ? { run: Number(last.metadata.run), blocks: last.arrays } : before;
}

/**
 * @param {Answer | null} before
 * @param {Frame} frame
 * @returns {Answer}
 */
function merged(before, { metadata, arrays }) {
  const [start, stop, steps] = [metadata.start, metadata.stop, metadata.total].map(Number);
  const size = arrays.answer.shape[1];
  const old = before?.size === size && (before.index === null) === !arrays.index ? before : null;
  const values = resized(old?.values, steps * size);
  values.set(arrays.answer.data, start * size);
  const index = arrays.index ? resized(old?.index ?? undefined, steps * size) : null;
  index?.set(arrays.index.data, start * size);
  return { run: Number(metadata.run), steps, have: stop, size, values, index };
}

/**
 * A copy of an array in another length; new numbers are NaN.
 * @param {Float32Array | undefined} array
 * @param {number} length
 */
function resized(array, length) {
  const next = new Float32Array(length).fill(NaN);
  if (array) next.set(array.subarray(0, length));
  return next;
}

/**
 * The outputs of one step with the largest values, in falling order.
 * @param {Answer} answer
 * @param {number} t
 * @param {number} count
 * @returns {{unit: number, value: number}[]}
 */
export function largest({ size, values, index }, t, count) {
  const row = Array.from(values.subarray(t * size, (t + 1) * size), (value, i) => ({ unit: index ? index[t * size + i] : i, value }));
  return row.sort((a, b) => b.value - a.value).slice(0, count);
}

/**
 * How an answer is shown: classes with probabilities, one probability with a threshold, or numbers over time.
 * @param {NonNullable<NetworkPart["readout"]>} readout
 * @returns {"classes" | "binary" | "numbers"}
 */
export function answerKind({ output_size: outputs, head }) {
  if (head === "softmax" && outputs > 1) return "classes";
  return head === "sigmoid" && outputs === 1 ? "binary" : "numbers";
}

/** The probability from which a binary answer is yes. */
export const THRESHOLD = 0.5;
/** A number that differs by less may be rounding in float32. */
const NEGLIGIBLE = 1e-5;

/**
 * What has become of an answer, in words: the steps at which another class comes first, or where a number differs.
 * @param {Answer | null} now
 * @param {Answer | null} old
 * @param {"classes" | "binary" | "numbers"} kind
 * @returns {string | null} null if one is not complete or they cannot be compared
 */
export function answerChange(now, old, kind) {
  if (now === null || old === null || now.size !== old.size || now.have < now.steps || old.have < old.steps) return null;
  const steps = Math.min(now.steps, old.steps);
  let [changed, most] = [0, 0];
  for (let t = 0; t < steps; t += 1) {
    if (kind === "classes") {
      const answered = [now, old].map(({ values }) => !Number.isNaN(values[t * now.size]));
      if (!answered[0] || !answered[1]) {
        changed += Number(answered[0] !== answered[1]);
        continue;
      }
      changed += Number(largest(now, t, 1)[0].unit !== largest(old, t, 1)[0].unit);
      continue;
    }
    for (let i = t * now.size; i < (t + 1) * now.size; i += 1) {
      if (kind === "binary") changed += Number((now.values[i] >= THRESHOLD) !== (old.values[i] >= THRESHOLD));
      most = Math.max(most, Math.abs(now.values[i] - old.values[i]));
    }
  }
  if (kind === "numbers") return most < NEGLIGIBLE ? "the answer is the same" : `the answer differs by up to ${fixed(most, 2)}`;
  return changed === 0 ? "the answer is the same" : `the answer changes at ${changed} of ${steps} steps`;
}
