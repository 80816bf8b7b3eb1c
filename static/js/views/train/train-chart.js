/** A small line chart of a training: its values over the steps, and where the snapshot on show is. */

import { fitCanvas } from "../../lib/canvas.js";

/** @import {Size} from "../../lib/size.js" */

const PAD = 3;

/**
 * @typedef {object} Chart
 * @property {readonly {step: number, value: number}[]} points in order
 * @property {number} steps the right edge
 * @property {number} low the bottom
 * @property {number} high the top
 * @property {readonly {value: number, name: string}[]} lines to compare with, such as chance
 * @property {number | null} at the step on show
 * @property {boolean} logarithmic
 */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Size} size
 * @param {Chart} chart
 * @param {{line: string, quiet: string, grid: string, mark: string, font: string}} look
 */
export function drawChart(canvas, { width, height }, { points, steps, low, high, lines, at, logarithmic }, look) {
  if (width === 0 || height === 0) return;
  const context = fitCanvas(canvas, width, height);
  const scaled = (/** @type {number} */ value) => (logarithmic ? Math.log(Math.max(value, 1e-12)) : value);
  const [bottom, top] = [scaled(low), scaled(high)];
  const across = (/** @type {number} */ step) => PAD + ((width - 2 * PAD) * step) / Math.max(1, steps);
  const down = (/** @type {number} */ value) => {
    const part = (scaled(value) - bottom) / (top - bottom || 1);
    return height - PAD - (height - 2 * PAD) * Math.max(0, Math.min(1, part));
  };
  context.strokeStyle = look.grid;
  context.lineWidth = 1;
  context.strokeRect(0.5, 0.5, width - 1, height - 1);
  context.font = look.font;
  context.fillStyle = look.quiet;
  for (const { value, name } of lines) {
    const y = Math.round(down(value)) + 0.5;
    context.setLineDash([3, 3]);
    stroke(context, look.quiet, 1, [[0, y], [width, y]]);
    context.setLineDash([]);
    context.fillText(name, width - PAD - context.measureText(name).width, y > 14 ? y - 3 : y + 11);
  }
  if (at !== null) stroke(context, look.mark, 1, [[across(at), 0], [across(at), height]]);
  stroke(context, look.line, 1.5, points.map(({ step, value }) => [across(step), down(value)]));
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} colour
 * @param {number} width
 * @param {readonly (readonly number[])[]} path
 */
function stroke(context, colour, width, path) {
  if (path.length === 0) return;
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.lineJoin = "round";
  context.beginPath();
  path.forEach(([x, y], i) => (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
  if (path.length === 1) context.lineTo(path[0][0] + 1, path[0][1]);
  context.stroke();
}
