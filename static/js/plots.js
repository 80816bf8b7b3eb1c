/**
 * The plots over time, one for each value that the cell shows. Plotly draws axes, hover, zoom and export; while edits flow a canvas behind it, aligned
 * with its axes, draws the values at once, and Plotly settles when they stop. Nothing else touches Plotly.
 */

import { fitCanvas } from "./canvas.js";
import { byId, make, put } from "./dom.js";
import { equationOf } from "./equations.js";
import { placeAt, plotBoxes, tallest, titleRoom } from "./plot-boxes.js";
import { drawPlots } from "./plot-canvas.js";
import { listenToTouch } from "./plot-touch.js";
import { isDense, plotLayout, plotTraces } from "./plot-traces.js";
import { sizeOf } from "./size.js";
import { symbol, symbolNode } from "./symbols.js";
import { timeline } from "./timeline.js";

/** @import {Model, PageTrace, Selection, State, TimeWindow} from "./types.d.ts" */

const SETTLE_MS = 160;
/** px over the plots, of the panel's own head */
const HEAD = 40;

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
  const panel = /** @type {HTMLElement} */ (root.parentElement);
  const host = byId("plotly");
  const canvas = byId("plots-canvas", HTMLCanvasElement);
  /** @type {HTMLElement[]} */
  let titles = [];
  /** @type {Model | null} */
  let named = null;
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
    if (state.model !== named) name(state.model);
    limit(titles.length, state.network.hiddenSize);
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

  /**
   * The plots' titles, from their equations.
   * @param {Model | null} model
   */
  function name(model) {
    named = model;
    const shown = (model?.values ?? []).map((value) => equationOf(model, value)).filter((found) => found !== undefined);
    for (const title of titles) title.remove();
    titles = shown.map(titleElement);
    root.append(...titles);
    host.setAttribute("aria-label", `${shown.map(({ title }) => title).join(", ")} over time`);
  }

  /**
   * Few units in one plot need not fill the page.
   * @param {number} count
   * @param {number} hidden
   */
  function limit(count, hidden) {
    const most = `${tallest(count, hidden) + HEAD}px`;
    if (panel.style.getPropertyValue("--tallest") === most) return;
    panel.style.setProperty("--tallest", most);
    panel.style.setProperty("--plots", String(count));
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
    const count = trace.values.length;
    plotBoxes(line, height, count).forEach(({ top }, i) => { titles[i].style.top = `${top - titleRoom(count) + (titleRoom(count) - 18) / 2}px`; });
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
      else select({ t: Math.round(point.x) - 1, unit: point.customdata, quantity: latest?.trace?.values[point.data.meta.index] });
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
    const place = placeAt(line, height, latest.trace, event.clientX - left, event.clientY - top);
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

/** @param {import("./types.d.ts").Equation} equation */
function titleElement({ value, title }) {
  const element = make("p", "plot-title");
  element.dataset.quantity = value;
  element.append(symbolNode(value), ` ${title}`);
  if (symbol(value) !== value) element.append(" ", make("small", "", `(${value})`));
  return element;
}
