/** The cell at step t: its vectors as strips with one column per unit, and a sentence about the selected unit. */

import { fitCanvas } from "../../lib/canvas.js";
import { rowsOf } from "./cell-rows.js";
import { signed } from "../../model/edits/changes.js";
import { sentenceOf } from "./cell-sentence.js";
import { make, press, put } from "../../lib/dom.js";
import { fixed } from "../../lib/format.js";
import { heldIn, unitsHeld } from "../../model/edits/clamps.js";
import { stageSentence } from "./stage-sentence.js";
import { hue, symbol } from "../../model/cell/symbols.js";
import { stepBefore, valueAt, vectorAt } from "../../model/trace.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {Size} from "../../lib/size.js" */
/** @import {Model, PageTrace, Seen, State} from "../../types.d.ts" */
/** @import {Row} from "./cell-rows.js" */

const WAYS = /** @type {const} */ (["diagram", "vectors", "units"]);
const GAP = 3;
/** px of a row, for few and for many rows */
const ROW = 27;
const CLOSE_ROW = 20;
const MANY = 7;
/** Whether the equations are above the strips instead of beside them. */
const isStacked = () => matchMedia("(max-width: 1023px)").matches;
const NUMBER_WIDTH = 34;
const HAIRLINES_FROM = 6;

/**
 * @typedef {Pick<Seen, "trace" | "model" | "selection" | "held" | "marked" | "theme" | "inside" | "lens" | "stage" | "step" | "preview" | "playing" | "compare" |
 *   "document" | "baseline"> & {size: Size}} Inputs
 */

/**
 * @param {Page} page
 * @returns {View<Inputs>}
 */
export function createCell(page) {
  const { store, actions, byId, sizeOf, cssColour } = page;
  const root = byId("vectors");
  const canvas = byId("vectors-canvas", HTMLCanvasElement);
  const isTold = createListening();
  /** @type {Inputs | null} */
  let latest = null;
  /** @type {Model | null} */
  let model = null;
  /** @type {Row[]} */
  let rows = [];

  byId("lens-toggle").addEventListener("click", () => actions.show({ lens: !store.get().lens }));
  for (const inside of WAYS) byId(`cell-${inside}`).addEventListener("click", () => choose(inside));
  canvas.addEventListener("click", (event) => {
    const found = placeAt(event);
    if (found !== null && latest !== null) actions.select({ unit: found.unit, quantity: found.quantity, t: latest.held.t + found.step });
  });
  // Preview a previous value at the current step, because moving to its step would move the vectors under the pointer.
  canvas.addEventListener("pointermove", (event) => {
    const found = event.pointerType === "touch" ? null : placeAt(event);
    actions.point(found && { unit: found.unit, quantity: found.quantity });
  });
  canvas.addEventListener("pointerleave", () => actions.point(null));

  /**
   * @param {MouseEvent} event
   * @returns {{unit: number, quantity: string, step: number} | null} null outside the vectors
   */
  function placeAt({ offsetX, offsetY }) {
    if (latest?.trace == null) return null;
    const { hidden } = latest.trace;
    const box = layOut(page, root, hidden, rows.length);
    const unit = Math.floor((offsetX - box.left) / box.column);
    const row = rows[Math.max(0, Math.min(rows.length - 1, Math.floor(offsetY / (box.row + GAP))))];
    return unit < 0 || unit >= hidden ? null : { unit, quantity: row.quantity, step: row.step };
  }

  /** @param {Inputs} state */
  function render(state) {
    latest = state;
    const { trace, selection, inside } = state;
    put(canvas, "hidden", trace === null);
    show(inside);
    byId("cell-panel").classList.toggle("folded", !state.lens);
    put(byId("lens-toggle"), "ariaExpanded", String(state.lens));
    if (state.model !== model) takeRows(state.model);
    if (trace === null || model === null) return byId("cell-sentence").replaceChildren();
    const aloud = isTold(state) ? "polite" : "off";
    put(byId("cell-t"), "textContent", `t = ${selection.t + 1}`);
    if (inside === "vectors") draw(state, trace);
    const line = make("span");
    line.append(...tell(state, model, trace));
    const sentence = byId("cell-sentence");
    const begins = aloud === "polite" && sentence.getAttribute("aria-live") === "off";
    sentence.setAttribute("aria-live", aloud);
    // An unchanged sentence must not be announced again.
    if (begins || sentence.innerHTML !== line.outerHTML) sentence.replaceChildren(line);
    return undefined;
  }

  /** @param {State["inside"]} inside */
  function choose(inside) {
    actions.show({ inside });
    if (inside === "units" && store.get().ablation === null) actions.measureUnits();
  }

  /** @param {State["inside"]} inside */
  function show(inside) {
    put(byId("diagram"), "hidden", inside !== "diagram");
    put(byId("cell-body"), "hidden", inside !== "vectors");
    put(byId("units"), "hidden", inside !== "units");
    for (const way of WAYS) press(byId(`cell-${way}`), way === inside);
  }

  /** @param {Model | null} other */
  function takeRows(other) {
    model = other;
    rows = model === null ? [] : rowsOf(model);
    const row = rows.length < MANY ? ROW : CLOSE_ROW;
    const { style } = /** @type {HTMLElement} */ (root.parentElement);
    style.setProperty("--row", `${row}px`);
    style.setProperty("--rows", String(rows.length));
  }

  /**
   * @param {Inputs} state
   * @param {PageTrace} trace
   */
  function draw(state, trace) {
    const context = fitCanvas(canvas, sizeOf(root).width, sizeOf(root).height);
    const box = layOut(page, root, trace.hidden, rows.length);
    rows.forEach((row, i) => drawStrip(page, context, state, trace, row, { ...box, top: i * (box.row + GAP) }));
    if (!state.marked) return;
    const { unit } = state.selection;
    const width = Math.max(4, box.column);
    context.strokeStyle = cssColour("--ink");
    context.lineWidth = 1.5;
    context.strokeRect(box.left + (unit + 0.5) * box.column - width / 2, 0.75, width, rows.length * (box.row + GAP) - GAP - 1.5);
  }

  return {
    root,
    inputs: ({ trace, model, selection, held, marked, theme, inside, lens, stage, step, preview, playing, compare, document, baseline }) =>
      ({ trace, model, selection, held, marked, theme, inside, lens, stage, step, preview, playing, compare, document, baseline, size: sizeOf(root) }),
    render,
  };
}

/** Announce selections and the results of edits, but not pointing or playback. */
function createListening() {
  /** @type {State["preview"]} */
  let pointed = null;
  /** @type {unknown[]} */
  let gone = [];
  let pointing = false;

  /**
   * Whether the latest change is worth announcing.
   * @param {Inputs} state
   */
  return ({ preview, playing, trace, held, stage }) => {
    if (preview !== pointed) pointing = preview !== null;
    const goes = [trace, stage, held.t, held.unit, held.quantity];
    if (goes.some((part, i) => part !== gone[i])) pointing = false;
    pointed = preview;
    gone = goes;
    return !playing && !pointing;
  };
}

/**
 * The difference of two runs in words. It names no shares, because a difference of gates is not a share.
 * @param {Model} model
 * @param {PageTrace} trace of differences
 * @param {State["selection"]} selection
 */
function differenceWords({ values }, trace, { t, unit }) {
  const parts = values.map((value) => `${symbol(value)} ${signed(valueAt(trace, value, t, unit))}`);
  return [`Unit ${unit}, now − before: ${parts.join(", ")}`];
}

/**
 * @param {Inputs} state
 * @param {Model} model
 * @param {PageTrace} trace
 */
function tell(state, model, trace) {
  const { selection, stage, step, compare } = state;
  if (compare === "difference") return differenceWords(model, trace, selection);
  const held = heldIn(state);
  const told = {
    model, trace, selection,
    step: step?.t === selection.t ? step : null,
    isHeld: (/** @type {string} */ value) => unitsHeld(held, value, selection.t).has(selection.unit),
  };
  return stage === null ? sentenceOf(told) : stageSentence(told, stage);
}

/**
 * @param {Page} page
 * @param {HTMLElement} root
 * @param {number} hidden
 * @param {number} rows
 */
function layOut({ sizeOf, gutters }, root, hidden, rows) {
  const { left: label, right } = gutters();
  const left = isStacked() ? label : 1;
  return {
    left,
    column: (sizeOf(root).width - left - right) / hidden,
    row: (sizeOf(root).height + GAP) / rows - GAP,
  };
}

/**
 * @param {Page} page
 * @param {CanvasRenderingContext2D} context
 * @param {Inputs} state
 * @param {PageTrace} trace
 * @param {Row} row
 * @param {{left: number, top: number, column: number, row: number}} box
 */
function drawStrip({ cssColour, inkOn, drawRaster }, context, state, trace, { label, quantity, step }, { left, top, column, row }) {
  const scale = trace.scales[quantity];
  const values = vectorAt(trace, quantity, step < 0 && trace !== null ? stepBefore(trace, state.selection.t) : state.selection.t);
  const size = { rows: 1, columns: values.length, rowStride: 0, columnStride: 1 };
  const box = { left, top, width: values.length * column, height: row };
  drawRaster(context, { data: values, offset: 0, ...size }, { ...scale, theme: state.theme }, box);
  context.textBaseline = "middle";
  if (isStacked()) {
    context.textAlign = "right";
    context.font = `600 13px ${cssColour("--mono")}`;
    context.fillStyle = cssColour(`--${hue(quantity) || "ink"}`);
    context.fillText(label, left - 10, top + row / 2);
  }
  if (column > HAIRLINES_FROM) drawHairlines(context, cssColour("--paper"), values.length, { left, top, column, row });
  if (column < NUMBER_WIDTH) return;
  context.textAlign = "center";
  context.font = `11px ${cssColour("--mono")}`;
  values.forEach((value, unit) => {
    context.fillStyle = inkOn(scale.map, state.theme, value, scale);
    context.fillText(fixed(value, 2), left + (unit + 0.5) * column, top + row / 2 + 0.5);
  });
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} colour
 * @param {number} count
 * @param {{left: number, top: number, column: number, row: number}} box
 */
function drawHairlines(context, colour, count, { left, top, column, row }) {
  context.fillStyle = colour;
  for (let unit = 1; unit < count; unit += 1) context.fillRect(left + unit * column - 1, top, 1, row);
}
