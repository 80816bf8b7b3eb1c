/** One weight array as a grid of cells, drawn on a canvas, scrolled if it is large, and edited in place. */

import { fitCanvas } from "../../lib/canvas.js";
import { lay, make, put } from "../../lib/dom.js";
import { valueNamed } from "../../model/cell/equations.js";
import { short } from "../../lib/format.js";
import { isVector } from "../../model/cell/references.js";
import { symbolNode } from "../../model/cell/symbols.js";
import { valueIn } from "../../model/weights/tensor.js";
import { drawGrid, isEdited, rangeIn } from "./grid-canvas.js";
import { handleKey, listenToPointer } from "./grid-input.js";

/** @import {Page} from "../../state/page.d.ts" */
/** @import {ArrayName, ArrayPart, Cell, Quantity, Seen} from "../../types.d.ts" */

/** The minimum width of a grid with a hint, in px. */
const HINT_FROM = 100;

/**
 * `unit` and `quantity`: of the visible place; `row`: the selected unit, which is also the row of the chosen cell.
 * @typedef {Pick<Seen, "weights" | "original" | "model" | "compare" | "theme" | "cell" | "marked"> & {unit: number, quantity: Quantity, row: number}} Shown
 */

/**
 * @typedef {object} GridActions
 * @property {(cell: Cell) => void} choose
 * @property {() => Cell} chosen the chosen cell, even before it is drawn
 * @property {(cell: Cell | null) => void} hover the cell under the pointer, or null
 * @property {(name: ArrayName) => void} enter the array received the keyboard's focus
 * @property {(name: ArrayName, cells: {row: number, column: number, rows: number, columns: number}) => void} scroll these cells came into view
 * @property {() => void} open go to the cell's number field
 * @property {(cell: Cell) => number} valueOf
 * @property {(cell: Cell, from: number, steps: number, gesture: string) => void} move
 * @property {(cell: Cell, steps: number, gesture: string) => void} nudge
 * @property {(cell: Cell, down: number, right: number) => void} leave the keyboard moved beyond the array's edge
 * @property {(cell: Cell) => void} restore
 *
 * @typedef {{text: string, unused: boolean}} Hint a text after the name if there is room
 *
 * @typedef {object} GridSize
 * @property {number} width px of a cell
 * @property {number} height px of a cell
 * @property {number} viewWidth px
 * @property {number} viewHeight px
 */

/**
 * @param {Page} page
 * @param {ArrayPart} array
 * @param {GridActions} actions
 */
export function createGrid(page, array, actions) {
  const { name } = array;
  const root = make("div", "array");
  const label = make("div", "array-label");
  const view = make("div", "array-view");
  const canvas = make("canvas");
  const space = make("div", "array-space");
  const said = make("span", "hint");
  const changed = make("span", "edited", "edited");
  label.append(symbolNode(array), changed, said);
  const row = make("i", "unit-row");
  const spot = make("i", "chosen-cell");
  space.append(row, spot);
  view.append(canvas, space);
  root.append(label, view);
  root.dataset.array = name;
  view.tabIndex = 0;
  view.setAttribute("role", "application");
  view.setAttribute("aria-roledescription", "weight grid");
  /** @type {{state: Shown, size: GridSize} | null} */
  let latest = null;
  /** Kept, because reading it while the page is drawn would force a layout. */
  let scroll = { top: 0, left: 0 };
  /** @type {unknown[]} the inputs of the last drawing, because most changes affect only one grid */
  let drawn = [];

  const shape = () => /** @type {[number, number]} */ (latest?.state.weights[name].shape.concat(1).slice(0, 2) ?? [1, 1]);

  /**
   * @param {{clientX: number, clientY: number}} event
   * @returns {Cell}
   */
  function cellAt(event) {
    const box = view.getBoundingClientRect();
    const [rows, columns] = shape();
    const { width, height } = latest?.size ?? { width: 1, height: 1 };
    const row = Math.floor((event.clientY - box.top + view.scrollTop) / height);
    const column = Math.floor((event.clientX - box.left + view.scrollLeft) / width);
    return { array: name, row: clamp(row, rows), column: isVector(array) ? 0 : clamp(column, columns) };
  }

  listenToPointer(view, cellAt, actions);
  view.addEventListener("scroll", () => {
    scroll = scrollOf(view);
    draw();
    lookAround();
  });
  view.addEventListener("focus", () => actions.enter(name));
  view.addEventListener("keydown", (event) => {
    const cell = actions.chosen();
    if (cell.array !== name || event.ctrlKey || event.metaKey) return;
    const [rows, columns] = shape();
    if (handleKey(event, cell, rows, columns, actions)) event.preventDefault();
  });

  /**
   * @param {Shown} state
   * @param {GridSize} size
   */
  function render(state, size) {
    latest = { state, size };
    const mine = state.cell.array === name;
    mark(state, size, mine);
    const key = [
      state.weights[name], state.original[name], state.theme, state.row, mine ? state.cell : null,
      ...Object.values(size),
    ];
    // All arrays share one Tab stop. An array that scrolls is a stop too, because the keyboard can only scroll it with the focus.
    const [down, across] = shape();
    const scrolls = down * size.height > size.viewHeight + 1 || across * size.width > size.viewWidth + 1;
    const stop = mine || scrolls ? 0 : -1;
    put(view, "tabIndex", stop);
    if (key.every((part, i) => part === drawn[i])) return;
    const moved = drawn[3] !== state.row || (mine && drawn[4] !== state.cell);
    drawn = key;
    const [rows, columns] = shape();
    changed.hidden = !isEdited(state, name);
    said.hidden = size.viewWidth < HINT_FROM || !changed.hidden;
    root.style.width = view.style.width = `${size.viewWidth}px`;
    view.style.height = `${size.viewHeight}px`;
    space.style.width = `${columns * size.width}px`;
    space.style.height = `${rows * size.height}px`;
    view.setAttribute("aria-label", describe(state, mine));
    if (moved) reveal(state, mine);
    draw();
  }

  /**
   * Outline the row of the visible unit and the chosen cell. The row is highlighted if the array belongs to the visible quantity.
   * @param {Shown} state
   * @param {GridSize} size
   * @param {boolean} mine
   */
  function mark(state, { width, height }, mine) {
    const { unit, quantity, marked, model, cell } = state;
    const columns = shape()[1];
    put(row, "hidden", !marked);
    put(spot, "hidden", !mine);
    row.classList.toggle("lit", valueNamed(model, name) === quantity);
    lay(row, { left: 0, top: unit * height, width: columns * width, height });
    lay(spot, { left: cell.column * width, top: state.row * height, width, height });
  }

  /**
   * @param {Shown} state
   * @param {boolean} mine
   */
  function describe(state, mine) {
    const { shape: dims } = state.weights[name];
    const { row, cell: { column } } = state;
    const chosen = mine ? `, row ${row}${isVector(array) ? "" : `, column ${column}`}: ${short(valueIn(state.weights[name], row, column))}` : "";
    return `${name}, ${dims.join(" by ")}${chosen}`;
  }

  /**
   * Scroll as little as needed to show the pinned unit's row and the chosen cell.
   * @param {Shown} state
   * @param {boolean} mine
   */
  function reveal(state, mine) {
    const { size } = latest ?? {};
    if (!size) return;
    const top = scrolled(scroll.top, size.viewHeight, state.row * size.height, size.height);
    const left = mine ? scrolled(scroll.left, size.viewWidth, state.cell.column * size.width, size.width) : scroll.left;
    if (top === scroll.top && left === scroll.left) return;
    view.scrollTo(left, top);
    scroll = scrollOf(view);
  }

  function draw() {
    if (latest === null) return;
    const { state, size } = latest;
    canvas.style.width = `${size.viewWidth}px`;
    canvas.style.height = `${size.viewHeight}px`;
    drawGrid(page, fitCanvas(canvas, size.viewWidth, size.viewHeight), name, state, size, scroll);
  }

  /** Of a large array, ask for the cells that have come into view. */
  function lookAround() {
    if (latest === null || !latest.state.weights[name].block) return;
    const { top, left, bottom, right } = rangeIn(latest.size, scroll);
    actions.scroll(name, { row: top, column: left, rows: bottom - top, columns: right - left });
  }

  /** @param {Hint} hint */
  function say({ text, unused }) {
    said.textContent = text;
    root.classList.toggle("unused", unused);
    label.title = unused ? "This form leaves it unused" : "";
  }

  return { root, view, render, say };
}

/** @param {Element} view */
function scrollOf({ scrollTop, scrollLeft }) {
  return { top: scrollTop, left: scrollLeft };
}

/**
 * @param {number} scroll
 * @param {number} view
 * @param {number} at
 * @param {number} length
 */
function scrolled(scroll, view, at, length) {
  if (at < scroll) return at;
  return at + length > scroll + view ? at + length - view : scroll;
}

/**
 * @param {number} index
 * @param {number} count
 */
function clamp(index, count) {
  return Math.max(0, Math.min(count - 1, index));
}
