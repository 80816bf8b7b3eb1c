/** The plots' traces and layout for Plotly. */

import { axisFont, placeOn, plotlyAxis, timeAxis, valueAxis } from "./axes.js";
import { colourScaleOver } from "../../lib/colour.js";
import { AXIS, plotBoxes } from "./plot-boxes.js";
import { FAINT, linesShown, MARKED_WIDTH } from "./plot-canvas.js";
import { hue } from "../../model/cell/symbols.js";

/** @import {Page} from "../../state/page.d.ts" */
/** @import {PageTrace, Quantity, State} from "../../types.d.ts" */
/** @import {Size} from "../../lib/size.js" */
/** @import {Timeline} from "../../model/timeline.js" */

const MOST_COLUMNS = 640;
const MOST_ROWS = 64;

/**
 * @param {Page} page
 * @param {State} state
 * @param {PageTrace} trace
 * @param {Timeline} line
 * @returns {object[]}
 */
export function plotTraces(page, state, trace, line) {
  return trace.values.flatMap((quantity, i) => {
    const axis = axisName("y", i);
    /** @type {object[]} */
    const traces = state.view === "lines"
      ? lineTraces(trace, quantity, axis, i, null, page.cssColour(`--${hue(quantity) || "ink"}`))
      : [heatmapTrace(state, trace, quantity, line, axis, i)];
    return traces;
  });
}

/**
 * The columns and rows of a heatmap for Plotly: all, or if that would block the page, a sample of the visible columns and of the rows. In that
 * case the canvas stays visible.
 * @param {PageTrace} trace
 * @param {Timeline} line
 */
function sampled(trace, line) {
  if (!isDense(trace)) return { columns: every(0, trace.steps, 1), units: every(0, trace.hidden, 1) };
  return {
    columns: every(line.from, line.to, Math.ceil((line.to - line.from) / MOST_COLUMNS)),
    units: every(0, trace.hidden, Math.ceil(trace.hidden / MOST_ROWS)),
  };
}

/**
 * Whether a run has too many values for Plotly to draw quickly.
 * @param {PageTrace} trace
 */
export function isDense({ steps, hidden }) {
  return steps * hidden > MOST_COLUMNS * MOST_ROWS;
}

/**
 * @param {number} from
 * @param {number} to
 * @param {number} step
 */
function every(from, to, step) {
  return Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step);
}

/**
 * @param {State} state
 * @param {PageTrace} trace
 * @param {Quantity} quantity
 * @param {Timeline} line
 * @param {string} axis
 * @param {number} index
 */
function heatmapTrace(state, trace, quantity, line, axis, index) {
  const scale = trace.scales[quantity];
  const { columns, units } = sampled(trace, line);
  const values = trace.arrays[quantity];
  return {
    type: "heatmap",
    name: quantity,
    meta: { index },
    x: columns.map((t) => t + 1),
    y: units,
    z: units.map((unit) => Float32Array.from(columns, (t) => values[t * trace.hidden + unit])),
    xaxis: "x",
    yaxis: axis,
    zauto: false,
    zmin: scale.low,
    zmax: scale.high,
    colorscale: colourScaleOver(scale.map, state.theme, scale),
    showscale: false,
  };
}

/**
 * All units as one faint polyline with gaps, and the marked unit above it.
 * @param {PageTrace} trace
 * @param {Quantity} quantity
 * @param {string} axis
 * @param {number} index
 * @param {number | null} marked the unit to emphasise
 * @param {string} color
 * @returns {object[]}
 */
export function lineTraces(trace, quantity, axis, index, marked, color) {
  const all = lineTrace(trace, quantity, axis, index, linesShown(trace), { width: 1, color }, FAINT);
  return marked === null ? [all] : [all, lineTrace(trace, quantity, axis, index, [marked], { width: MARKED_WIDTH, color }, 1)];
}

/**
 * @param {PageTrace} trace
 * @param {Quantity} quantity
 * @param {string} axis
 * @param {number} index
 * @param {number[]} units
 * @param {{width: number, color: string}} line
 * @param {number} opacity
 */
function lineTrace(trace, quantity, axis, index, units, line, opacity) {
  /** @type {(number | null)[]} */ const x = [];
  /** @type {(number | null)[]} */ const y = [];
  const scaled = valueAxis("lines", trace, quantity, 0);
  for (const unit of units) {
    for (let t = 0; t < trace.steps; t += 1) {
      x.push(t + 1);
      y.push(placeOn(scaled, trace.arrays[quantity][t * trace.hidden + unit]));
    }
    x.push(null);
    y.push(null);
  }
  return {
    type: "scatter",
    mode: "lines",
    name: quantity,
    meta: { index },
    x, y, opacity,
    xaxis: "x",
    yaxis: axis,
    line,
  };
}

/**
 * @param {string} letter
 * @param {number} index
 */
function axisName(letter, index) {
  return index === 0 ? letter : `${letter}${index + 1}`;
}

/**
 * @param {Page} page
 * @param {State} state
 * @param {PageTrace} trace
 * @param {Timeline} line
 * @param {Size} size of the panel
 */
export function plotLayout(page, state, trace, line, { width, height }) {
  const { cssColour, typeScale } = page;
  const area = height - AXIS;
  /** @type {Record<string, unknown>} */
  const axes = {};
  plotBoxes(typeScale(), line, height, trace.values.length).forEach((box, i) => {
    const domain = [Math.max(0, 1 - (box.top + box.height) / area), 1 - box.top / area];
    const axis = plotlyAxis(page, valueAxis(state.view, trace, trace.values[i], box.height));
    axes[i === 0 ? "yaxis" : `yaxis${i + 1}`] = { ...axis, domain, fixedrange: true };
  });
  return {
    width,
    height,
    margin: { l: line.left, r: width - line.left - line.width, t: 0, b: AXIS, pad: 0 },
    paper_bgcolor: "transparent",
    plot_bgcolor: "transparent",
    font: { family: cssColour("--sans"), size: axisFont(page), color: cssColour("--quiet") },
    showlegend: false,
    hovermode: false,
    dragmode: "zoom",
    xaxis: { ...plotlyAxis(page, timeAxis(line)), anchor: axisName("y", trace.values.length - 1) },
    ...axes,
  };
}
