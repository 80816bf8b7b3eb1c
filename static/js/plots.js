/**
 * The four plots over time. Plotly draws axes, hover, zoom and export; while edits flow a canvas behind it, aligned
 * with its axes, draws the values at once, and Plotly settles when they stop. Nothing else touches Plotly.
 */

import { fitCanvas } from "./canvas.js";
import { byId, put } from "./dom.js";
import { placeAt, plotBoxes, TITLE } from "./plot-boxes.js";
import { drawPlots } from "./plot-canvas.js";
import { listenToTouch } from "./plot-touch.js";
import { isDense, plotLayout, plotTraces } from "./plot-traces.js";
import { sizeOf } from "./size.js";
import { timeline } from "./timeline.js";
import { QUANTITIES } from "./trace.js";

/** @import {PageTrace, Selection, State, TimeWindow} from "./types.d.ts" */

const SETTLE_MS = 160;

const TOUCH = matchMedia("(hover: none)").matches;
const PICTURE = { format: "png", filename: "gruscope", scale: 2 };
const CONFIG = {
  displaylogo: false,
  displayModeBar: false,
  showSendToCloud: false,
  showTips: false,
  doubleClick: false,
  responsive: false,
};

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
  byId("picture").addEventListener("click", () => {
    if (listening) Plotly.downloadImage(host, { ...PICTURE, ...sizeOf(root) });
  });

  /** @param {State} state */
  function render(state) {
    latest = state;
    put(host, "hidden", state.trace === null);
    put(canvas, "hidden", state.trace === null);
    if (state.trace === null) return;
    const { width, height } = sizeOf(root);
    const lines = state.view === "lines";
    const key = [state.trace, state.zoom, state.theme, state.view, width, height, lines && state.selection.unit];
    if (key.every((part, i) => part === drawn[i])) return;
    drawn = key;
    drawCanvas(state, state.trace);
    root.classList.add("live");
    root.classList.toggle("dense", !lines && isDense(state.trace));
    settleSoon();
  }

  function settleSoon() {
    clearTimeout(timer);
    timer = setTimeout(settle, SETTLE_MS);
  }

  /**
   * @param {State} state
   * @param {PageTrace} trace
   */
  function drawCanvas(state, trace) {
    const { width, height } = sizeOf(root);
    const line = timeline(width, trace.steps, state.zoom);
    plotBoxes(line, height).forEach((box, i) => { titles[i].style.top = `${box.top - TITLE + 3}px`; });
    drawPlots(fitCanvas(canvas, width, height), state, trace, line, height, !listening);
    root.dataset.painted = String(trace.complete);
  }

  /** Hand the newest run to Plotly. */
  function settle() {
    const state = latest;
    if (state?.trace == null || !("Plotly" in window)) return;
    const { trace } = state;
    if (trace.have < trace.steps) {
      settleSoon();
      return;
    }
    const line = timeline(sizeOf(root).width, trace.steps, state.zoom);
    Plotly.react(host, plotTraces(state, trace, line), plotLayout(state, trace, line, sizeOf(root)), CONFIG);
    if (!listening) listen();
    root.classList.remove("live");
    root.dataset.settled = String(trace.run);
  }

  function listen() {
    listening = true;
    const plot = /** @type {any} */ (host);
    plot.on("plotly_click", (/** @type {any} */ { event, points: [point] }) => {
      if (latest?.view === "heatmap") selectAt(event);
      else select({ t: Math.round(point.x) - 1, unit: point.customdata, quantity: QUANTITIES[point.data.meta.index] });
    });
    plot.on("plotly_relayout", (/** @type {any} */ event) => {
      const [from, to] = [event["xaxis.range[0]"], event["xaxis.range[1]"]];
      if (typeof from === "number" && typeof to === "number") zoom({ from: from - 0.5, to: to - 0.5 });
      else if (event["xaxis.autorange"]) zoom(null);
      // Plotly has moved its axis already, perhaps to where there is nothing.
      settleSoon();
    });
    plot.on("plotly_doubleclick", () => zoom(null));
  }

  /** @param {{clientX: number, clientY: number}} event */
  function selectAt(event) {
    if (latest?.trace == null) return;
    const { left, top } = root.getBoundingClientRect();
    const { width, height } = sizeOf(root);
    const line = timeline(width, latest.trace.steps, latest.zoom);
    const place = placeAt(line, height, latest.trace.hidden, event.clientX - left, event.clientY - top);
    if (place) select(place);
  }

  /** @param {number} px to the right */
  function pan(px) {
    if (latest?.trace == null || latest.zoom === null) return;
    const { from, to, column } = timeline(sizeOf(root).width, latest.trace.steps, latest.zoom);
    const steps = Math.round(px / column);
    zoom({ from: from - steps, to: to - steps });
  }

  if (TOUCH) listenToTouch(root, { tap: selectAt, pan });

  return { render };
}
