/** All weight arrays of the cell, a row of grids per gate. */

import { gradient } from "./colour.js";
import { byId, make, put } from "./dom.js";
import { short } from "./format.js";
import { createGrid } from "./grid.js";
import { weightScale } from "./weight-scale.js";
import { sizeOf } from "./size.js";

/** @import {ArrayName, State} from "./types.d.ts" */
/** @import {GridActions, GridSize} from "./grid.js" */

/** @type {readonly (readonly ArrayName[])[]} */
const GATES = [
  ["W_z", "U_z", "b_z"],
  ["W_r", "U_r", "b_r"],
  ["W_n", "U_n", "b_n", "b_hn"],
];
/** What a matrix is multiplied with, and the plain names under which the candidate's are also known. */
const HINTS = /** @type {Record<string, string>} */ ({
  W_z: "from x", U_z: "from hₜ₋₁",
  W_r: "from x", U_r: "from hₜ₋₁",
  W_n: "(W) from x", U_n: "(U) from hₜ₋₁",
});

const GAP = 8;
const LABEL = 18;
const BIAS = 36;
const SMALLEST = 6;
const WIDEST = 48;
const TALLEST = 30;
/** px a gate's row may take */
const TALL = 130;
const NARROWEST_VIEW = 36;

/** @param {GridActions} actions */
export function createWeights(actions) {
  const root = byId("grids");
  const grids = new Map(GATES.flat().map((name) => [name, createGrid(name, HINTS[name] ?? "", actions)]));
  /** @type {State | null} */
  let shown = null;
  /** @type {number | null} */
  let scaleShown = null;
  /** @type {unknown} */
  let originalShown = null;
  for (const names of GATES) {
    const row = make("div", "gate-row");
    row.append(...names.map((name) => /** @type {HTMLElement} */ (grids.get(name)?.root)));
    root.append(row);
  }

  /** @param {State} state */
  function render(state) {
    shown = state;
    const there = state.weights.W_z !== undefined;
    root.classList.toggle("absent", !there);
    if (!there) return;
    const sizes = layOut(state, sizeOf(root).width, TALL);
    for (const [name, grid] of grids) {
      const present = state.weights[name] !== undefined;
      put(grid.root, "hidden", !present);
      if (present) grid.render(state, sizes(name));
    }
    if (originalShown === state.original) return;
    originalShown = state.original;
    showScale(weightScale(state));
  }

  /** @param {ArrayName} name */
  function focus(name) {
    grids.get(name)?.view.focus();
  }

  /**
   * On to the array beside, above or below, entered where the keyboard left the other.
   * @param {import("./types.d.ts").Cell} cell
   * @param {number} down
   * @param {number} right
   */
  function leave(cell, down, right) {
    const gate = GATES.findIndex((names) => names.includes(cell.array));
    const place = GATES[gate].indexOf(cell.array);
    const name = GATES[gate + down]?.[place + right];
    const tensor = name && shown?.weights[name];
    if (!name || !tensor) return;
    const [rows, columns = 1] = tensor.shape;
    const row = down === 0 ? cell.row : down > 0 ? 0 : rows - 1;
    const column = right === 0 ? Math.min(cell.column, columns - 1) : right > 0 ? 0 : columns - 1;
    actions.choose({ array: name, row, column });
    focus(name);
  }

  /** @param {number} most */
  function showScale(most) {
    if (most === scaleShown) return;
    scaleShown = most;
    byId("weight-low").textContent = short(-most);
    byId("weight-high").textContent = short(most);
  }

  return { render, focus, leave };
}

/**
 * Cell and view sizes: cells as large as fit, not below what a pointer can hit; larger arrays scroll.
 * @param {State} state
 * @param {number} width px of the panel
 * @param {number} tall px a gate's row may take
 * @returns {(name: ArrayName) => GridSize}
 */
function layOut({ network, weights }, width, tall) {
  const { inputSize, hiddenSize } = network;
  const biases = weights.b_n === undefined ? 0 : weights.b_hn === undefined ? 1 : 2;
  const room = width - 2 * GAP - biases * (BIAS + GAP);
  const height = Math.max(SMALLEST, Math.min(TALLEST, (tall - LABEL) / hiddenSize));
  const viewHeight = Math.min(tall - LABEL + 16, hiddenSize * height);
  const share = (room * inputSize) / (inputSize + hiddenSize);
  const forInput = Math.max(NARROWEST_VIEW, Math.min(room - NARROWEST_VIEW, share));
  return (name) => {
    if (name.startsWith("b")) return { height, width: BIAS, viewWidth: BIAS, viewHeight };
    const [view, count] = name.startsWith("W") ? [forInput, inputSize] : [room - forInput, hiddenSize];
    const width = Math.max(SMALLEST, Math.min(WIDEST, view / count));
    return { height, width, viewWidth: Math.min(view, count * width), viewHeight };
  };
}

/** @type {string | null} */
let legendTheme = null;

/**
 * Show the maps of the theme in the legends.
 * @param {State} state
 * @param {(selector: string) => HTMLElement | null} find
 */
export function paintLegend(state, find) {
  if (state.theme === legendTheme) return;
  legendTheme = state.theme;
  for (const [selector, map] of /** @type {const} */ ([[".ramp.gates", "gates"], [".ramp.states", "states"], [".ramp.weights-ramp", "weights"]])) {
    const ramp = find(selector);
    if (ramp) ramp.style.background = gradient(map, state.theme);
  }
}
