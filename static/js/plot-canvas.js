/** The plots on a canvas: what is seen while values flow. */

import { drawAxis, timeAxis, valueAxis } from "./axes.js";
import { drawRaster } from "./canvas.js";
import { cssColour } from "./colour.js";
import { plotBoxes } from "./plot-boxes.js";
import { hue } from "./symbols.js";

/** @import {PageTrace, Quantity, State} from "./types.d.ts" */
/** @import {Timeline} from "./timeline.js" */
/** @import {Box} from "./plot-boxes.js" */

const MOST_POINTS = 60000;
/** Samples a px that a raster is drawn with, at most. */
const FINENESS = 2;

/** Opacity of the units that are not selected. */
export const FAINT = 0.35;

/**
 * Units whose lines are drawn: all, or as many as a drawing stays quick with, the selected one among them.
 * @param {PageTrace} trace
 * @param {number} unit
 */
export function linesShown(trace, unit) {
  const most = Math.max(4, Math.floor(MOST_POINTS / trace.steps / trace.values.length));
  const units = Array.from({ length: Math.min(trace.hidden, most) }, (_, i) => i);
  return units.includes(unit) ? units : [...units.slice(1), unit];
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {State} state
 * @param {PageTrace} trace
 * @param {Timeline} line
 * @param {number} height px of the panel
 * @param {boolean} axes whether to draw those too
 */
export function drawPlots(context, state, trace, line, height, axes) {
  const boxes = plotBoxes(line, height, trace.values.length);
  trace.values.forEach((quantity, i) => {
    const draw = state.view === "lines" ? drawLines : drawHeatmap;
    draw(context, state, trace, quantity, line, boxes[i]);
    if (axes) drawAxis(context, valueAxis(state.view, trace, quantity, boxes[i].height), boxes[i], "beside");
  });
  if (axes) drawAxis(context, timeAxis(line), boxes[boxes.length - 1], "below");
}

/**
 * Every value, or where they stand closer than the screen shows, every so many.
 * @param {CanvasRenderingContext2D} context
 * @param {State} state
 * @param {PageTrace} trace
 * @param {Quantity} quantity
 * @param {Timeline} line
 * @param {Box} box
 */
function drawHeatmap(context, state, trace, quantity, line, box) {
  const { hidden } = trace;
  const steps = line.to - line.from;
  const across = stride(steps, box.width);
  const down = stride(hidden, box.height);
  const matrix = {
    data: trace.arrays[quantity],
    offset: line.from * hidden,
    rows: Math.ceil(hidden / down),
    columns: Math.ceil(steps / across),
    rowStride: down,
    columnStride: across * hidden,
  };
  const width = (box.width * matrix.columns * across) / steps;
  const height = (box.height * matrix.rows * down) / hidden;
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  drawRaster(context, matrix, { ...trace.scales[quantity], theme: state.theme }, { ...box, width, height });
  context.restore();
}

/**
 * @param {number} count
 * @param {number} px
 */
function stride(count, px) {
  return Math.max(1, Math.floor(count / (px * FINENESS)));
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {State} state
 * @param {PageTrace} trace
 * @param {Quantity} quantity
 * @param {Timeline} line
 * @param {Box} box
 */
function drawLines(context, state, trace, quantity, line, box) {
  const { low, high } = valueAxis("lines", trace, quantity, box.height);
  const y = (/** @type {number} */ value) => box.top + ((high - value) / (high - low)) * box.height;
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  context.strokeStyle = cssColour(`--${hue(quantity) || "ink"}`);
  for (const unit of linesShown(trace, state.selection.unit)) {
    const chosen = unit === state.selection.unit;
    context.globalAlpha = chosen ? 1 : FAINT;
    context.lineWidth = chosen ? 2.5 : 1;
    context.beginPath();
    for (let t = line.from; t < line.to; t += 1) {
      context.lineTo(line.left + (t - line.from + 0.5) * line.column, y(trace.arrays[quantity][t * trace.hidden + unit]));
    }
    context.stroke();
  }
  context.restore();
}
