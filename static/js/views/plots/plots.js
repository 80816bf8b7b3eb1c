/**
 * The plots over time, one for each value that the cell plots. Plotly draws the axes and handles zoom. During edits, a canvas that is aligned
 * with its axes draws the values immediately, and Plotly draws them when the edits stop. The place under the pointer is found by geometry, so
 * that all views share one selection and its label is never older than the values.
 */

import { fitCanvas } from "../../lib/canvas.js";
import { make, put } from "../../lib/dom.js";
import { equationOf } from "../../model/cell/equations.js";
import { placeAt, plotBoxes, tallest, titleRoom } from "./plot-boxes.js";
import { closestLine, drawPlots } from "./plot-canvas.js";
import { listenToPointer } from "./plot-pointer.js";
import { isDense, plotLayout, plotTraces } from "./plot-traces.js";
import { symbol, symbolNode } from "../../model/cell/symbols.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {Size} from "../../lib/size.js" */
/** @import {Model, PageTrace, Seen, Selection} from "../../types.d.ts" */

/** How long after a change Plotly draws, and after one of several in quick succession: its work would delay the next one's picture. */
const SETTLE_MS = 160;
const SETTLE_MS_IN_SERIES = 300;
/** px of the panel's head above the plots */
const HEAD = 40;

const CONFIG = {
  displaylogo: false,
  displayModeBar: false,
  showSendToCloud: false,
  showTips: false,
  doubleClick: false,
  responsive: false,
};

/** @typedef {Pick<Seen, "model" | "trace" | "zoom" | "theme" | "view"> & {hidden: number, size: Size, scale: number}} Inputs */

/**
 * @param {Page} page
 * @returns {View<Inputs>}
 */
export function createPlots(page) {
  const { store, actions, byId, after, cancel, sizeOf, timeline, typeScale } = page;
  const { select, point, unmark, zoom } = actions;
  const root = byId("plots");
  const panel = /** @type {HTMLElement} */ (root.parentElement);
  const host = byId("plotly");
  const canvas = byId("plots-canvas", HTMLCanvasElement);
  /** @type {HTMLElement[]} */
  let titles = [];
  /** @type {Model | null} */
  let named = null;
  let timer = 0;
  let listening = false;
  /** the trace that Plotly has drawn @type {PageTrace | null} */
  let drawn = null;
  /** the newest run that was drawn, when it was, and how long Plotly waits after it */
  let latest = { run: -1, at: -Infinity, wait: SETTLE_MS };

  // Plotly’s script loads late, but has run before the window's load event.
  page.listen(window, "load", () => settle());

  /** @param {Inputs} inputs */
  function render(inputs) {
    const { model, hidden, trace, view } = inputs;
    if (model !== named) name(model);
    if (titles.length > 0) limit(titles.length, hidden);
    put(host, "hidden", trace === null);
    put(canvas, "hidden", trace === null);
    if (trace === null) return;
    const other = drawn !== null && !isAlike(drawn, trace);
    root.classList.toggle("other", other);
    drawCanvas(inputs, trace, other);
    root.classList.add("live");
    root.classList.toggle("dense", view !== "lines" && isDense(trace));
    if (trace.run !== latest.run) latest = following(latest.at, trace.run);
    settleSoon();
  }

  /**
   * Set the plots' titles, from their equations.
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
   * Limit the panel's height, because plots of few units need not fill the page.
   * @param {number} count
   * @param {number} hidden
   */
  function limit(count, hidden) {
    const most = `${tallest(typeScale(), count, hidden) + HEAD}px`;
    if (panel.style.getPropertyValue("--tallest") === most) return;
    panel.style.setProperty("--tallest", most);
    panel.style.setProperty("--plots", String(count));
  }

  function settleSoon() {
    cancel(timer);
    timer = after(settle, latest.wait);
  }

  /**
   * @param {Inputs} inputs
   * @param {PageTrace} trace
   * @param {boolean} other whether the axes that Plotly has drawn are those of another network
   */
  function drawCanvas(inputs, trace, other) {
    const { width, height } = inputs.size;
    const line = timeline(width, trace.steps, inputs.zoom);
    const count = trace.values.length;
    plotBoxes(typeScale(), line, height, count).forEach(({ top }, i) => { titles[i].style.top = `${top - titleRoom(typeScale(), count) + (titleRoom(typeScale(), count) - 18 * typeScale()) / 2}px`; });
    drawPlots(page, fitCanvas(canvas, width, height), inputs, trace, line, height, !listening || other);
    root.dataset.painted = String(trace.complete);
  }

  /** Draw the newest run with Plotly. */
  function settle() {
    const state = page.seen();
    if (state.trace === null || !("Plotly" in window)) return;
    const { trace } = state;
    if (trace.have < trace.steps) {
      settleSoon();
      return;
    }
    const { data, layout } = figure(state, trace);
    Plotly.react(host, data, layout, CONFIG);
    if (!listening) listenToPlotly();
    drawn = trace;
    root.classList.remove("live", "other");
    root.dataset.settled = String(trace.run);
  }

  /**
   * @param {Seen} state
   * @param {PageTrace} trace
   */
  function figure(state, trace) {
    const line = timeline(sizeOf(root).width, trace.steps, state.zoom);
    return { data: plotTraces(page, state, trace, line), layout: plotLayout(page, state, trace, line, sizeOf(root)) };
  }

  function listenToPlotly() {
    listening = true;
    const plot = /** @type {any} */ (host);
    plot.on("plotly_relayout", (/** @type {any} */ event) => {
      const [from, to] = [event["xaxis.range[0]"], event["xaxis.range[1]"]];
      if (typeof from === "number" && typeof to === "number") zoom({ from: from - 0.5, to: to - 0.5 });
      else if (event["xaxis.autorange"]) zoom(null);
      // Plotly has already moved its axis, perhaps beyond the run, so it must draw again.
      settleSoon();
    });
    plot.on("plotly_doubleclick", () => zoom(null));
  }

  /**
   * @param {{clientX: number, clientY: number}} event
   * @returns {Selection | null} null between the plots
   */
  function placeUnder({ clientX, clientY }) {
    const { trace, zoom: shown, view } = page.seen();
    if (trace === null) return null;
    const { left, top } = root.getBoundingClientRect();
    const { width, height } = sizeOf(root);
    const line = timeline(width, trace.steps, shown);
    const found = placeAt(typeScale(), line, height, trace, clientX - left, clientY - top);
    if (found === null) return null;
    const place = { layer: trace.layer, direction: trace.direction, ...found };
    if (view === "heatmap") return place;
    const box = plotBoxes(typeScale(), line, height, trace.values.length)[trace.values.indexOf(place.quantity)];
    return { ...place, unit: closestLine(trace, place.quantity, place.t, box, clientY - top) };
  }

  /** @param {Selection} place */
  function tap(place) {
    const { held, pinned } = page.seen();
    const same = pinned && held.t === place.t && held.unit === place.unit && held.quantity === place.quantity;
    if (same) unmark();
    else select(place);
  }

  /**
   * @param {number} px to the right
   * @returns {number} the px that make up whole timesteps
   */
  function pan(px) {
    const { trace, zoom: shown } = store.get();
    if (trace === null || shown === null) return px;
    const { from, to, column } = timeline(sizeOf(root).width, trace.steps, shown);
    const steps = Math.trunc(px / column);
    if (steps !== 0) zoom({ from: from - steps, to: to - steps });
    return steps * column;
  }

  listenToPointer(root, page.listen, { placeAt: placeUnder, point, pin: select, tap, pan });
  // Plotly would treat a swipe as a zoom and keep it from scrolling the page.
  root.addEventListener("touchstart", (event) => event.stopPropagation(), { capture: true, passive: true });

  return {
    root,
    inputs: ({ model, network, trace, zoom, theme, view }) =>
      ({ model, hidden: network.hiddenSize, trace, zoom, theme, view, size: sizeOf(root), scale: typeScale() }),
    render,
  };
}

/**
 * @param {number} before when the run before was drawn
 * @param {number} run that is drawn now
 */
function following(before, run) {
  const at = performance.now();
  return { run, at, wait: at - before < SETTLE_MS_IN_SERIES ? SETTLE_MS_IN_SERIES : SETTLE_MS };
}

/** @param {import("../../types.d.ts").Equation} equation */
function titleElement({ value, title }) {
  const element = make("p", "plot-title");
  element.append(symbolNode(value), ` ${title}`);
  if (symbol(value) !== value) element.append(" ", make("small", "", `(${value})`));
  return element;
}

/** An input may grow or shrink by so many steps under axes that are a moment late. */
const FEW = 8;

/**
 * Whether the axes of one trace fit the other for a moment.
 * @param {PageTrace} drawn
 * @param {PageTrace} trace
 */
function isAlike(drawn, trace) {
  return drawn.hidden === trace.hidden && drawn.values.join() === trace.values.join() && Math.abs(drawn.steps - trace.steps) <= FEW;
}
