/** The network's answer and the map of its layers, as their frames arrive. */

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
