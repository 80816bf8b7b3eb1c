/** The plots on a canvas, for values that are changing. */

import { drawAxis, heightOf, timeAxis, valueAxis } from "./axes.js";
import { plotBoxes } from "./plot-boxes.js";
import { hue } from "../../model/cell/symbols.js";
import { edge } from "../../model/timeline.js";

/** @import {Page} from "../../state/page.d.ts" */
/** @import {PageTrace, Quantity, State} from "../../types.d.ts" */
/** @import {Timeline} from "../../model/timeline.js" */
/** @import {Box} from "./plot-boxes.js" */

const MOST_POINTS = 60000;
/** The maximum number of samples of a raster in a px. */
const FINENESS = 2;

/** The opacity of lines under the marked unit's line. */
export const FAINT = 0.35;
/** px */
export const MARKED_WIDTH = 2.5;

/**
 * The units to draw as lines: all, or as many as can be drawn quickly.
 * @param {PageTrace} trace
 */
export function linesShown(trace) {
  const most = Math.max(4, Math.floor(MOST_POINTS / trace.steps / trace.values.length));
  return Array.from({ length: Math.min(trace.hidden, most) }, (_, i) => i);
}

/**
 * The unit whose line is closest to a point.
 * @param {PageTrace} trace
 * @param {Quantity} quantity
 * @param {number} t
 * @param {Box} box of the quantity's plot
 * @param {number} y px
 */
export function closestLine(trace, quantity, t, box, y) {
  const axis = valueAxis("lines", trace, quantity, box.height);
  const away = (/** @type {number} */ unit) => Math.abs(heightOf(axis, box, trace.arrays[quantity][t * trace.hidden + unit]) - y);
  return linesShown(trace).reduce((closest, unit) => (away(unit) < away(closest) ? unit : closest));
}

/**
 * @param {Page} page
 * @param {CanvasRenderingContext2D} context
 * @param {Pick<State, "view" | "theme">} state
 * @param {PageTrace} trace
 * @param {Timeline} line
 * @param {number} height px of the panel
 * @param {boolean} axes whether to draw the axes too
 */
export function drawPlots(page, context, state, trace, line, height, axes) {
  const boxes = plotBoxes(page.typeScale(), line, height, trace.values.length);
  trace.values.forEach((quantity, i) => {
    if (state.view === "lines") drawLines(page, context, trace, quantity, line, boxes[i]);
    else drawHeatmap(page, context, state, trace, quantity, line, boxes[i]);
    if (axes) drawAxis(page, context, valueAxis(state.view, trace, quantity, boxes[i].height), boxes[i], "beside");
  });
  if (axes) drawAxis(page, context, timeAxis(line), boxes[boxes.length - 1], "below");
}

/**
 * Draw every value, or every nth if values are denser than the screen's pixels.
 * @param {Page} page
 * @param {CanvasRenderingContext2D} context
 * @param {Pick<State, "view" | "theme">} state
 * @param {PageTrace} trace
 * @param {Quantity} quantity
 * @param {Timeline} line
 * @param {Box} box
 */
function drawHeatmap({ drawRaster }, context, state, trace, quantity, line, box) {
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
 * @param {Page} page
 * @param {CanvasRenderingContext2D} context
 * @param {PageTrace} trace
 * @param {Quantity} quantity
 * @param {Timeline} line
 * @param {Box} box
 */
function drawLines(page, context, trace, quantity, line, box) {
  context.globalAlpha = FAINT;
  for (const unit of linesShown(trace)) drawLine(page, context, trace, quantity, unit, line, box);
  context.globalAlpha = 1;
}

/**
 * One unit's values as a line.
 * @param {Page} page
 * @param {CanvasRenderingContext2D} context
 * @param {PageTrace} trace
 * @param {Quantity} quantity
 * @param {number} unit
 * @param {Timeline} line
 * @param {Box} box
 * @param {number} [width]
 */
export function drawLine({ cssColour }, context, trace, quantity, unit, line, box, width = 1) {
  const axis = valueAxis("lines", trace, quantity, box.height);
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  context.strokeStyle = cssColour(`--${hue(quantity) || "ink"}`);
  context.lineWidth = width;
  context.beginPath();
  for (let t = line.from; t < line.to; t += 1) {
    context.lineTo(edge(line, t + 0.5), heightOf(axis, box, trace.arrays[quantity][t * trace.hidden + unit]));
  }
  context.stroke();
  context.restore();
}
