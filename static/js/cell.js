/** Inside the cell at t: its vectors as strips, one column per unit, and what the selected unit does in words. */

import { drawRaster, fitCanvas } from "./canvas.js";
import { cssColour, inkOn, valueScale } from "./colour.js";
import { byId, make, put } from "./dom.js";
import { fixed, SYMBOLS } from "./format.js";
import { sizeOf } from "./size.js";
import { gutters } from "./timeline.js";
import { valueAt, vectorAt } from "./trace.js";

/** @import {Actions} from "./actions.js" */
/** @import {PageTrace, Quantity, State} from "./types.d.ts" */

/** @typedef {{label: string, quantity: Quantity, step: number}} Strip */

/** @type {readonly Strip[]} */
const STRIPS = [
  { label: "hₜ₋₁", quantity: "h", step: -1 },
  { label: "r", quantity: "r", step: 0 },
  { label: "z", quantity: "z", step: 0 },
  { label: "h̃", quantity: "n", step: 0 },
  { label: "h", quantity: "h", step: 0 },
];
const GAP = 3;
const NUMBER_WIDTH = 34;
const HAIRLINES_FROM = 6;

/** @param {Actions} actions */
export function createCell(actions) {
  const root = byId("vectors");
  const canvas = byId("vectors-canvas", HTMLCanvasElement);
  /** @type {State | null} */
  let latest = null;
  /** @type {unknown[]} */
  let drawn = [];

  canvas.addEventListener("click", (event) => {
    if (latest?.trace == null) return;
    const box = layOut(root, latest.trace.hidden);
    const unit = Math.floor((event.offsetX - box.left) / box.column);
    const strip = STRIPS[Math.max(0, Math.min(STRIPS.length - 1, Math.floor(event.offsetY / (box.row + GAP))))];
    actions.select({ unit, quantity: strip.quantity, t: latest.selection.t + strip.step });
  });

  /** @param {State} state */
  function render(state) {
    latest = state;
    const { trace, selection, theme } = state;
    put(canvas, "hidden", trace === null);
    if (trace === null) return byId("cell-sentence").replaceChildren();
    const key = [trace, selection, theme, state.playing, sizeOf(root).width, sizeOf(root).height];
    if (key.every((part, i) => part === drawn[i])) return undefined;
    drawn = key;
    put(byId("cell-t"), "textContent", `t = ${selection.t + 1}`);
    draw(state, trace);
    byId("cell-sentence").setAttribute("aria-live", state.playing ? "off" : "polite");
    return sayWhatHappens(trace, selection);
  }

  /**
   * @param {State} state
   * @param {PageTrace} trace
   */
  function draw(state, trace) {
    const context = fitCanvas(canvas, sizeOf(root).width, sizeOf(root).height);
    const box = layOut(root, trace.hidden);
    STRIPS.forEach((strip, i) => {
      const top = i * (box.row + GAP);
      drawStrip(context, state, trace, strip, { ...box, top });
    });
    const { unit } = state.selection;
    const width = Math.max(4, box.column);
    context.strokeStyle = cssColour("--ink");
    context.lineWidth = 1.5;
    context.strokeRect(box.left + (unit + 0.5) * box.column - width / 2, 0.75, width, STRIPS.length * (box.row + GAP) - GAP - 1.5);
  }

  return { render };
}

/**
 * @param {HTMLElement} root
 * @param {number} hidden
 */
function layOut(root, hidden) {
  const { left, right } = gutters();
  return {
    left,
    column: (sizeOf(root).width - left - right) / hidden,
    row: (sizeOf(root).height + GAP) / STRIPS.length - GAP,
  };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {State} state
 * @param {PageTrace} trace
 * @param {Strip} strip
 * @param {{left: number, top: number, column: number, row: number}} box
 */
function drawStrip(context, state, trace, { label, quantity, step }, { left, top, column, row }) {
  const { map, low, high } = valueScale(quantity);
  const values = vectorAt(trace, quantity, state.selection.t + step);
  const size = { rows: 1, columns: values.length, rowStride: 0, columnStride: 1 };
  const box = { left, top, width: values.length * column, height: row };
  drawRaster(context, { data: values, offset: 0, ...size }, { map, theme: state.theme, low, high }, box);
  context.textBaseline = "middle";
  context.textAlign = "right";
  context.font = `600 13px ${cssColour("--mono")}`;
  context.fillStyle = cssColour(`--${quantity}`);
  context.fillText(label, left - 10, top + row / 2);
  if (column > HAIRLINES_FROM) drawHairlines(context, values.length, { left, top, column, row });
  if (column < NUMBER_WIDTH) return;
  context.textAlign = "center";
  context.font = `11px ${cssColour("--mono")}`;
  values.forEach((value, unit) => {
    context.fillStyle = inkOn(map, state.theme, value, low, high);
    context.fillText(fixed(value, 2), left + (unit + 0.5) * column, top + row / 2 + 0.5);
  });
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} count
 * @param {{left: number, top: number, column: number, row: number}} box
 */
function drawHairlines(context, count, { left, top, column, row }) {
  context.fillStyle = cssColour("--paper");
  for (let unit = 1; unit < count; unit += 1) context.fillRect(left + unit * column - 1, top, 1, row);
}

/**
 * @param {PageTrace} trace
 * @param {State["selection"]} selection
 */
function sayWhatHappens(trace, { t, unit }) {
  const [z, n, h] = /** @type {const} */ (["z", "n", "h"]).map((quantity) => valueAt(trace, quantity, t, unit));
  const before = valueAt(trace, "h", t - 1, unit);
  const kept = Math.round(z * 100);
  const bold = (/** @type {string} */ text) => make("b", "", text);
  byId("cell-sentence").replaceChildren(
    `Unit ${unit} keeps `, bold(`${kept} %`), ` of ${fixed(before, 2)} and takes `, bold(`${100 - kept} %`),
    ` of ${SYMBOLS.n} = ${fixed(n, 2)}: h = `, bold(fixed(h, 2)),
  );
}
