/**
 * The four plots over time. Plotly draws axes, hover, zoom and export; while edits flow a canvas behind it, aligned
 * with its axes, draws the values at once, and Plotly settles when they stop. Nothing else touches Plotly.
 */

import { drawAxis, plotlyAxis, timeAxis, valueAxis } from "./axes.js";
import { drawRaster, fitCanvas } from "./canvas.js";
import { colourScale, cssColour, valueScale } from "./colour.js";
import { byId } from "./dom.js";
import { NAMES, SYMBOLS } from "./format.js";
import { sizeOf } from "./size.js";
import { timeline } from "./timeline.js";
import { QUANTITIES } from "./trace.js";

/** @import {PageTrace, Quantity, Selection, State, TimeWindow} from "./types.d.ts" */
/** @import {Timeline} from "./timeline.js" */

const TITLE = 24;
const AXIS = 38;
const SETTLE_MS = 160;
const MOST_POINTS = 60000;

/**
 * @typedef {{left: number, top: number, width: number, height: number}} Box
 */

/**
 * The plots' boxes, top to bottom.
 * @param {Timeline} line
 * @param {number} height px of the panel
 * @returns {Box[]}
 */
export function plotBoxes(line, height) {
  const each = Math.max(8, (height - AXIS) / QUANTITIES.length - TITLE);
  return QUANTITIES.map((_, i) => ({
    left: line.left,
    top: TITLE + i * (each + TITLE),
    width: line.width,
    height: each,
  }));
}

/**
 * Units whose lines are drawn: all, or as many as a drawing stays quick with, the selected one among them.
 * @param {PageTrace} trace
 * @param {number} unit
 */
export function linesShown(trace, unit) {
  const most = Math.max(4, Math.floor(MOST_POINTS / trace.steps / 4));
  const units = Array.from({ length: Math.min(trace.hidden, most) }, (_, i) => i);
  return units.includes(unit) ? units : [...units.slice(1), unit];
}

/**
 * @param {object} actions
 * @param {(selection: Partial<Selection>) => void} actions.select
 * @param {(zoom: TimeWindow | null) => void} actions.zoom
 */
export function createPlots({ select, zoom }) {
  const root = byId("plots");
  const host = byId("plotly");
  const canvas = byId("plots-canvas", HTMLCanvasElement);
  const titles = /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(".plot-title"));
  /** @type {State | null} */
  let latest = null;
  /** @type {unknown[]} */
  let drawn = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let listening = false;

  byId("plotly-script").addEventListener("load", () => latest && settle());

  /** @param {State} state */
  function render(state) {
    latest = state;
    if (state.trace === null) return;
    const lines = state.view === "lines";
    const key = [
      state.trace, state.zoom, state.theme, state.view, sizeOf(root).width, sizeOf(root).height,
      lines ? state.selection.unit : null,
    ];
    if (key.every((part, i) => part === drawn[i])) return;
    drawn = key;
    drawCanvas(state, state.trace);
    root.classList.add("live");
    clearTimeout(timer);
    timer = setTimeout(settle, SETTLE_MS);
  }

  /**
   * @param {State} state
   * @param {PageTrace} trace
   */
  function drawCanvas(state, trace) {
    const context = fitCanvas(canvas, sizeOf(root).width, sizeOf(root).height);
    const line = timeline(sizeOf(root).width, trace.steps, state.zoom);
    const boxes = plotBoxes(line, sizeOf(root).height);
    boxes.forEach((box, i) => {
      titles[i].style.top = `${box.top - TITLE + 3}px`;
      if (state.view === "lines") drawLines(context, state, trace, QUANTITIES[i], line, box);
      else drawHeatmap(context, state, trace, QUANTITIES[i], line, box);
      if (!listening) drawAxis(context, valueAxis(state.view, trace, QUANTITIES[i]), box, "beside");
    });
    if (!listening) drawAxis(context, timeAxis(line), boxes[boxes.length - 1], "below");
    root.dataset.painted = String(trace.complete);
  }

  /** Hand the newest run to Plotly. */
  function settle() {
    const state = latest;
    if (state?.trace == null || !("Plotly" in window)) return;
    if (state.trace.have < state.trace.steps || state.playing && root.matches(":active")) {
      timer = setTimeout(settle, SETTLE_MS);
      return;
    }
    const { trace } = state;
    const line = timeline(sizeOf(root).width, trace.steps, state.zoom);
    const traces = QUANTITIES.flatMap((quantity, i) => plotTraces(state, trace, quantity, axisName("y", i)));
    Plotly.react(host, traces, layout(state, trace, line, root), CONFIG);
    if (!listening) listen();
    root.classList.remove("live");
    root.dataset.settled = String(trace.run);
  }

  function listen() {
    listening = true;
    const plot = /** @type {any} */ (host);
    plot.on("plotly_click", (/** @type {any} */ event) => {
      const [point] = event.points;
      const quantity = QUANTITIES[point.data.meta.index];
      select({ t: Math.round(point.x) - 1, unit: Math.round(point.customdata ?? point.y), quantity });
    });
    plot.on("plotly_relayout", (/** @type {any} */ event) => {
      const [from, to] = [event["xaxis.range[0]"], event["xaxis.range[1]"]];
      if (typeof from === "number" && typeof to === "number") zoom({ from: from - 0.5, to: to - 0.5 });
      else if (event["xaxis.autorange"]) zoom(null);
    });
    plot.on("plotly_doubleclick", () => zoom(null));
  }

  return { render };
}

const CONFIG = {
  displaylogo: false,
  // Where there is no hovering Plotly would show its bar for good, over the first plot.
  displayModeBar: matchMedia("(hover: none)").matches ? false : "hover",
  showSendToCloud: false,
  doubleClick: false,
  responsive: false,
  modeBarButtons: [["toImage", "zoomIn2d", "zoomOut2d"]],
  toImageButtonOptions: { filename: "gruscope", scale: 2 },
};

/**
 * @param {CanvasRenderingContext2D} context
 * @param {State} state
 * @param {PageTrace} trace
 * @param {Quantity} quantity
 * @param {Timeline} line
 * @param {Box} box
 */
function drawHeatmap(context, state, trace, quantity, line, box) {
  const { hidden } = trace;
  const data = trace.arrays[quantity];
  const size = { rows: hidden, columns: line.to - line.from, rowStride: 1, columnStride: hidden };
  drawRaster(context, { data, offset: line.from * hidden, ...size }, { ...valueScale(quantity), theme: state.theme }, box);
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
  const { low, high } = valueAxis("lines", trace, quantity);
  const y = (/** @type {number} */ value) => box.top + ((high - value) / (high - low)) * box.height;
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  context.strokeStyle = cssColour(`--${quantity}`);
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

const FAINT = 0.35;

/**
 * @param {State} state
 * @param {PageTrace} trace
 * @param {Quantity} quantity
 * @param {string} axis
 * @returns {object[]}
 */
function plotTraces(state, trace, quantity, axis) {
  const index = QUANTITIES.indexOf(quantity);
  return state.view === "lines"
    ? lineTraces(trace, quantity, axis, index, state.selection.unit)
    : [heatmapTrace(state, trace, quantity, axis, index)];
}

/**
 * @param {State} state
 * @param {PageTrace} trace
 * @param {Quantity} quantity
 * @param {string} axis
 * @param {number} index
 */
function heatmapTrace(state, trace, quantity, axis, index) {
  const { map, low, high } = valueScale(quantity);
  const columns = Array.from({ length: trace.steps }, (_, t) => t + 1);
  return {
    type: "heatmap",
    name: NAMES[quantity],
    meta: { index },
    x: columns,
    y: Array.from({ length: trace.hidden }, (_, unit) => unit),
    z: Array.from({ length: trace.hidden }, (_, unit) => unitValues(trace, quantity, unit)),
    xaxis: "x",
    yaxis: axis,
    zauto: false,
    zmin: low,
    zmax: high,
    colorscale: colourScale(map, state.theme),
    showscale: false,
    hovertemplate: `unit %{y} · t %{x}<br>${SYMBOLS[quantity]} = %{z:.4f}<extra></extra>`,
  };
}

/**
 * All units as one faint polyline with gaps, the selected one over it.
 * @param {PageTrace} trace
 * @param {Quantity} quantity
 * @param {string} axis
 * @param {number} index
 * @param {number} selected
 */
function lineTraces(trace, quantity, axis, index, selected) {
  const others = linesShown(trace, selected).filter((unit) => unit !== selected);
  return [
    lineTrace(trace, quantity, axis, index, others, { width: 1 }, FAINT),
    lineTrace(trace, quantity, axis, index, [selected], { width: 2.5 }, 1),
  ];
}

/**
 * @param {PageTrace} trace
 * @param {Quantity} quantity
 * @param {string} axis
 * @param {number} index
 * @param {number[]} units
 * @param {{width: number}} line
 * @param {number} opacity
 */
function lineTrace(trace, quantity, axis, index, units, line, opacity) {
  /** @type {(number | null)[]} */ const x = [];
  /** @type {(number | null)[]} */ const y = [];
  /** @type {(number | null)[]} */ const customdata = [];
  for (const unit of units) {
    for (let t = 0; t < trace.steps; t += 1) {
      x.push(t + 1);
      y.push(trace.arrays[quantity][t * trace.hidden + unit]);
      customdata.push(unit);
    }
    x.push(null);
    y.push(null);
    customdata.push(null);
  }
  return {
    type: "scatter",
    mode: "lines",
    name: NAMES[quantity],
    meta: { index },
    x, y, customdata, opacity,
    xaxis: "x",
    yaxis: axis,
    line: { ...line, color: cssColour(`--${quantity}`) },
    hovertemplate: `unit %{customdata} · t %{x}<br>${SYMBOLS[quantity]} = %{y:.4f}<extra></extra>`,
  };
}

/**
 * @param {PageTrace} trace
 * @param {Quantity} quantity
 * @param {number} unit
 */
function unitValues(trace, quantity, unit) {
  const values = trace.arrays[quantity];
  return Float32Array.from({ length: trace.steps }, (_, t) => values[t * trace.hidden + unit]);
}

/**
 * @param {string} letter
 * @param {number} index
 */
function axisName(letter, index) {
  return index === 0 ? letter : `${letter}${index + 1}`;
}

/**
 * @param {State} state
 * @param {PageTrace} trace
 * @param {Timeline} line
 * @param {HTMLElement} root
 */
function layout(state, trace, line, root) {
  const [width, height] = [sizeOf(root).width, sizeOf(root).height];
  const area = height - AXIS;
  /** @type {Record<string, unknown>} */
  const axes = {};
  plotBoxes(line, height).forEach((box, i) => {
    const domain = [Math.max(0, 1 - (box.top + box.height) / area), 1 - box.top / area];
    const axis = plotlyAxis(valueAxis(state.view, trace, QUANTITIES[i]));
    axes[i === 0 ? "yaxis" : `yaxis${i + 1}`] = { ...axis, domain, fixedrange: true };
  });
  return {
    width,
    height,
    margin: { l: line.left, r: width - line.left - line.width, t: 0, b: AXIS, pad: 0 },
    paper_bgcolor: "transparent",
    plot_bgcolor: "transparent",
    font: { family: cssColour("--sans"), size: 11, color: cssColour("--quiet") },
    hoverlabel: { font: { family: cssColour("--mono"), size: 12 } },
    modebar: { bgcolor: "transparent", color: cssColour("--quiet"), activecolor: cssColour("--accent") },
    showlegend: false,
    hovermode: "closest",
    dragmode: "zoom",
    xaxis: { ...plotlyAxis(timeAxis(line)), anchor: axisName("y", QUANTITIES.length - 1) },
    ...axes,
  };
}
