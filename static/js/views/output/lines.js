/** Numbers over time as lines. */

import { niceCeiling } from "../../lib/round-numbers.js";
import { edge } from "../../model/timeline.js";
import { LINES } from "./words.js";

/** @import {Answer, Channel} from "../../types.d.ts" */
/** @import {Timeline} from "../../model/timeline.js" */

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Timeline} line
 * @param {number} y
 */
export function strokeLevel(context, line, y) {
  context.beginPath();
  context.moveTo(line.left, y);
  context.lineTo(line.left + line.width, y);
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Pick<Answer, "size" | "values" | "have">} answer
 * @param {Timeline} line
 * @param {(value: number) => number} y
 * @param {number} alpha
 */
export function strokeOutputs(context, { size, values, have }, line, y, alpha) {
  context.globalAlpha = alpha;
  for (let unit = 0; unit < Math.min(size, LINES); unit += 1) {
    context.beginPath();
    for (let t = line.from; t < Math.min(line.to, have); t += 1) context.lineTo(edge(line, t + 0.5), y(values[t * size + unit]));
    context.stroke();
  }
  context.globalAlpha = 1;
}

/**
 * Mark the values without a neighbour, which no line shows.
 * @param {CanvasRenderingContext2D} context
 * @param {Float32Array} values NaN where there is none
 * @param {Timeline} line
 * @param {(value: number) => number} y
 */
export function markLone(context, values, line, y) {
  for (let t = line.from; t < Math.min(line.to, values.length); t += 1) {
    if (Number.isNaN(values[t]) || [values[t - 1], values[t + 1]].some((other) => other !== undefined && !Number.isNaN(other))) continue;
    context.beginPath();
    context.arc(edge(line, t + 0.5), y(values[t]), 3.5, 0, 2 * Math.PI);
    context.stroke();
  }
}

/**
 * Whether outputs have the same units, so that one axis can be written in them.
 * @param {readonly Channel[]} outputs
 */
export function isAlike(outputs) {
  return outputs.every(({ mean, scale, unit }) => mean === outputs[0].mean && scale === outputs[0].scale && unit === outputs[0].unit);
}

/** @param {readonly Float32Array[]} lines */
export function rangeOf(lines) {
  let [low, high] = [0, 0];
  for (const value of lines.flatMap((values) => [...values])) {
    if (value < low) low = value;
    else if (value > high) high = value;
  }
  const most = Math.max(-low, high);
  const ceiling = most === 0 ? 1 : niceCeiling(most);
  return { low: low < 0 ? -ceiling : 0, high: ceiling };
}
