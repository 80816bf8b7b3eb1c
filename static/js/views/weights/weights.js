/** All weight arrays of the cell, one row of grids per gate, or those of the embedding or the readout. */

import { make, put } from "../../lib/dom.js";
import { createGrid } from "./grid.js";
import { isShort } from "../../lib/breakpoints.js";
import { shownArrays } from "../../model/weights/ends.js";
import { isMatrix, isVector, sameRef } from "../../model/cell/references.js";
import { symbol } from "../../model/cell/symbols.js";

/** @import {Size} from "../../lib/size.js" */
/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {ArrayName, ArrayPart, Model, Seen} from "../../types.d.ts" */
/** @import {GridActions, GridSize, Hint, Shown} from "./grid.js" */

const GAP = 8;
const LABEL = 18;
const BIAS = 36;
const SMALLEST = 6;
const LOWEST = 5;
/** The equivalents in a short window, where showing all rows is more important than rows that are easy to hit. */
const TIGHT = 3;
const TIGHT_GAP = 4;
const LOWEST_VIEW = 36;
const WIDEST = 48;
const TALLEST = 30;
/** px: the maximum heights of all rows together, of many rows together, and of one row */
const TALL = 366;
const TALL_OF_MANY = 418;
const MANY = 4;
const TALLEST_ROW = 300;
const NARROWEST_VIEW = 36;
/** What the rows of each part's arrays are. */
const ROWS = { layer: "rows: units", readout: "readout · rows: outputs", embedding: "embedding · rows: tokens" };

/** @typedef {Shown & Pick<Seen, "network" | "part"> & {arrays: Readonly<Model["arrays"]>, size: Size, short: boolean}} Inputs `short`: whether the window is short */

/**
 * @param {Page} page
 * @param {GridActions} actions
 * @returns {{view: View<Inputs>, focus: (name: ArrayName) => void, leave: GridActions["leave"]}}
 */
export function createWeights(page, actions) {
  const { byId, sizeOf } = page;
  const root = byId("grids");
  /** @type {ArrayName[][]} */
  let rows = [];
  /** @type {Map<ArrayName, ReturnType<typeof createGrid>>} */
  let grids = new Map();
  /** The arrays and the model that the grids are of. @type {{arrays: Readonly<Model["arrays"]>, model: Model | null}} */
  let built = { arrays: {}, model: null };
  /** @type {Inputs | null} */
  let latest = null;

  /**
   * Make a grid for each array if the names have changed.
   * @param {Inputs} inputs
   */
  function build({ arrays, model, part }) {
    if (Object.keys(arrays).join() !== Object.keys(built.arrays).join()) {
      rows = gateRows(Object.values(arrays));
      grids = new Map(rows.flat().map((name) => [name, createGrid(page, arrays[name], actions)]));
      root.replaceChildren(...rows.map((row) => {
        const element = make("div", "gate-row");
        element.append(...row.map((name) => /** @type {HTMLElement} */ (grids.get(name)?.root)));
        return element;
      }));
    }
    built = { arrays, model };
    put(byId("weights-rows"), "textContent", ROWS[part]);
    for (const [name, grid] of grids) grid.say(part === "layer" ? hintOf(model, arrays[name]) : endHint(arrays[name]));
  }

  /** @param {Inputs} inputs */
  function render(inputs) {
    latest = inputs;
    const { model, arrays, weights, size: { width, height }, short } = inputs;
    if (Object.keys(arrays).length > 0 && (model !== built.model || arrays !== built.arrays)) build(inputs);
    const there = rows.flat().some((name) => weights[name] !== undefined);
    root.classList.toggle("absent", !there);
    if (!there || width === 0) return;
    const sizes = layOut(inputs, rows, width, short ? height : null);
    for (const [name, grid] of grids) {
      const present = weights[name] !== undefined;
      put(grid.root, "hidden", !present);
      if (present) grid.render(inputs, sizes(name));
    }
  }

  /** @param {ArrayName} name */
  function focus(name) {
    grids.get(name)?.view.focus();
  }

  /**
   * Move to the array beside, above or below, at the cell closest to the one that was left.
   * @param {import("../../types.d.ts").Cell} cell
   * @param {number} down
   * @param {number} right
   */
  function leave(cell, down, right) {
    const gate = rows.findIndex((names) => names.includes(cell.array));
    const place = rows[gate].indexOf(cell.array);
    const name = rows[gate + down]?.[place + right];
    const tensor = name && latest?.weights[name];
    if (!name || !tensor) return;
    const [height, columns = 1] = tensor.shape;
    const row = down === 0 ? cell.row : down > 0 ? 0 : height - 1;
    const column = right === 0 ? Math.min(cell.column, columns - 1) : right > 0 ? 0 : columns - 1;
    actions.choose({ array: name, row, column });
    focus(name);
  }

  /** @type {View<Inputs>} */
  const view = {
    root,
    inputs(seen) {
      const { network, part, model, compare, theme, cell, marked, selection: { unit, quantity }, held } = seen;
      const row = cell.row ?? held.unit;
      const shown = { network, part, model, compare, theme, cell, quantity, row, ...shownArrays(seen), size: sizeOf(root), short: isShort() };
      return part === "layer" ? { ...shown, unit, marked } : { ...shown, unit: row, marked: false };
    },
    render,
  };
  return { view, focus, leave };
}

/**
 * Arrays grouped by the value that they belong to, in the cell's order.
 * @param {readonly Pick<ArrayPart, "name" | "of">[]} arrays
 * @returns {ArrayName[][]}
 */
export function gateRows(arrays) {
  /** @type {Map<string, ArrayName[]>} */
  const gates = new Map();
  for (const { name, of } of arrays) gates.set(of, [...(gates.get(of) ?? []), name]);
  return [...gates.values()];
}

/**
 * The vector that an array multiplies, or a note that the form does not use the array.
 * @param {Model | null} model
 * @param {ArrayPart} array
 * @returns {Hint}
 */
function hintOf(model, array) {
  const products = model?.equations.flatMap((equation) => equation.products) ?? [];
  const factors = products.find((product) => product.factors.some((factor) => sameRef(factor, array)))?.factors;
  if (!factors) return { text: "unused", unused: true };
  return { text: isMatrix(array) ? `from ${symbol(factors[factors.length - 1])}` : "", unused: false };
}

/**
 * @param {ArrayPart} array of the embedding or the readout
 * @returns {Hint}
 */
function endHint({ kind }) {
  const text = { embedding: "embedding: a row for each token", readout_weights: "readout: a row for each output", readout_bias: "" };
  return { text: text[/** @type {keyof typeof text} */ (kind)], unused: false };
}

/**
 * The sizes of cells and views. Cells are as large as fits, but large enough to hit. Arrays that do not fit scroll.
 * @param {Pick<Inputs, "weights" | "arrays">} state
 * @param {ArrayName[][]} rows
 * @param {number} width px of the panel
 * @param {number | null} given the px of height available in a short window, otherwise null
 * @returns {(name: ArrayName) => GridSize}
 */
function layOut({ weights, arrays }, rows, width, given) {
  const matrices = Object.values(arrays).filter(isMatrix);
  const columns = (/** @type {ArrayPart | undefined} */ array) => array?.shape[1] ?? 0;
  const inputSize = columns(matrices.find(({ kind }) => kind === "input_weights"));
  const others = columns(matrices.find(({ kind }) => kind !== "input_weights"));
  const units = matrices[0]?.shape[0] ?? 1;
  const vectors = Math.max(...rows.map((row) => row.filter((name) => isVector(arrays[name]) && weights[name]).length));
  const room = width - 2 * GAP - vectors * (BIAS + GAP);
  const all = given ?? (rows.length < MANY ? TALL : TALL_OF_MANY);
  const gap = given === null ? GAP : TIGHT_GAP;
  const tall = Math.max(LABEL + LOWEST_VIEW, Math.min(TALLEST_ROW, (all + gap) / rows.length - gap));
  const fits = (tall - LABEL) / units;
  const height = fits >= (given === null ? LOWEST : TIGHT) ? Math.min(TALLEST, fits) : LOWEST;
  const viewHeight = Math.min(tall - LABEL, units * height);
  const share = (room * inputSize) / (inputSize + others);
  const forInput = inputSize === 0 ? 0 : Math.max(NARROWEST_VIEW, Math.min(room - NARROWEST_VIEW, share));
  return (name) => {
    if (isVector(arrays[name])) return { height, width: BIAS, viewWidth: BIAS, viewHeight };
    const [view, count] = arrays[name].kind === "input_weights" ? [forInput, inputSize] : [room - forInput, others];
    const width = Math.max(SMALLEST, Math.min(WIDEST, view / count));
    return { height, width, viewWidth: Math.min(view, count * width), viewHeight };
  };
}
