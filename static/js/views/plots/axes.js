/** The plots' axes, for Plotly, and drawn on a canvas until Plotly has loaded. */

import { short } from "../../lib/format.js";
import { landmarks, positionOf } from "../../lib/span.js";

/** @import {Span} from "../../lib/span.js" */
/** @import {Page} from "../../state/page.d.ts" */
/** @import {PageTrace, Quantity, State} from "../../types.d.ts" */
/** @import {Timeline} from "../../model/timeline.js" */

const TICK = 4;
/** The minimum distance between ticks, in px, so that their numbers do not overlap. */
const NARROWEST_TICK = 16;
const MARGIN = 0.04;

/**
 * @typedef {object} Axis
 * @property {string} title
 * @property {number} low the value at the left or bottom end
 * @property {number} high the value at the other end
 * @property {number} step the distance between ticks
 * @property {Span} [span] the scale of a logarithmic axis, which itself runs from 0 to 1
 */

/** The largest type in px, because the room beside and under the plots is fixed. */
const LARGEST = 14;

/**
 * The size of the axes' type, in px.
 * @param {Pick<Page, "typeScale">} page
 */
export function axisFont({ typeScale }) {
  return Math.min(LARGEST, 11 * typeScale());
}

/**
 * Timesteps, counted from 1, with one column each.
 * @param {Timeline} line
 * @returns {Axis}
 */
export function timeAxis(line) {
  const step = niceStep((line.to - line.from) / Math.max(4, line.width / 70));
  return { title: "timestep t", low: line.from + 0.5, high: line.to + 0.5, step };
}

/**
 * Units downwards in a heatmap, or values upwards in a plot of lines.
 * @param {State["view"]} view
 * @param {PageTrace} trace
 * @param {Quantity} quantity
 * @param {number} height px of the plot
 * @returns {Axis}
 */
export function valueAxis(view, trace, quantity, height) {
  if (view === "heatmap") {
    const most = Math.max(1, Math.min(4, height / NARROWEST_TICK));
    return { title: "unit", low: trace.hidden - 0.5, high: -0.5, step: niceStep(trace.hidden / most) };
  }
  const { low, high, linear } = trace.scales[quantity];
  if (linear !== null) return { title: "value, log", low: -MARGIN, high: 1 + MARGIN, step: 1, span: { low, high, linear } };
  const margin = (high - low) * MARGIN;
  return { title: "value", low: low - margin, high: high + margin, step: (high - low) / 2 };
}

/**
 * @param {Page} page
 * @param {Axis} axis
 * @returns {object} in Plotly's format
 */
export function plotlyAxis(page, axis) {
  const { title, low, high, step, span } = axis;
  const named = span && { tickmode: "array", tickvals: ticks(axis).map(({ at }) => at), ticktext: ticks(axis).map(({ text }) => text) };
  return {
    title: { text: title, standoff: TICK, font: { size: axisFont(page) } },
    range: [low, high],
    tick0: 0,
    dtick: step,
    ticks: "outside",
    ticklen: TICK,
    tickcolor: page.cssColour("--line-strong"),
    linecolor: page.cssColour("--line"),
    showgrid: false,
    zeroline: false,
    ...named,
  };
}

/**
 * @param {Page} page
 * @param {CanvasRenderingContext2D} context
 * @param {Axis} axis
 * @param {{left: number, top: number, width: number, height: number}} box of the plot
 * @param {"below" | "beside"} side
 */
export function drawAxis(page, context, axis, box, side) {
  const across = side === "below";
  const { cssColour } = page;
  context.font = `${axisFont(page)}px ${cssColour("--sans")}`;
  context.fillStyle = cssColour("--quiet");
  context.strokeStyle = cssColour("--line-strong");
  context.textAlign = across ? "center" : "right";
  context.textBaseline = across ? "top" : "middle";
  for (const { at, text } of ticks(axis)) {
    const part = (at - axis.low) / (axis.high - axis.low);
    const [x, y] = across ? [box.left + part * box.width, box.top + box.height] : [box.left, box.top + (1 - part) * box.height];
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(across ? x : x - TICK, across ? y + TICK : y);
    context.stroke();
    context.fillText(text, across ? x : x - TICK - 2, across ? y + TICK + 2 : y);
  }
  if (across) context.fillText(axis.title, box.left + box.width / 2, box.top + box.height + 21);
  else drawUpright(context, axis.title, box.left - 30, box.top + box.height / 2);
}

/**
 * The vertical position of a value in a plot.
 * @param {Axis} axis
 * @param {{top: number, height: number}} box
 * @param {number} value
 * @returns {number} px
 */
export function heightOf(axis, { top, height }, value) {
  const { low, high } = axis;
  return top + ((high - placeOn(axis, value)) / (high - low)) * height;
}

/**
 * A value's position in Plotly's coordinates.
 * @param {Axis} axis
 * @param {number} value
 */
export function placeOn({ span }, value) {
  return span ? positionOf(span, value) : value;
}

/**
 * @param {Axis} axis
 * @returns {{at: number, text: string}[]}
 */
function ticks({ low, high, step, span }) {
  if (span) return landmarks(span).map((value) => ({ at: positionOf(span, value), text: short(value) }));
  const [least, most] = [Math.min(low, high), Math.max(low, high)];
  const first = Math.ceil(least / step);
  const count = Math.floor(most / step) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, i) => ({ at: (first + i) * step, text: short((first + i) * step) }));
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {number} x
 * @param {number} y
 */
function drawUpright(context, text, x, y) {
  context.save();
  context.translate(x, y);
  context.rotate(-Math.PI / 2);
  context.textAlign = "center";
  context.fillText(text, 0, 0);
  context.restore();
}

/** @param {number} least */
function niceStep(least) {
  for (let scale = 1; ; scale *= 10) {
    for (const factor of [1, 2, 5]) if (factor * scale >= least) return factor * scale;
  }
}
