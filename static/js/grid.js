/** One weight array as a grid of cells: drawn on a canvas, scrolled where it is large, edited in place. */

import { drawRaster, fitCanvas } from "./canvas.js";
import { cssColour, inkOn } from "./colour.js";
import { make } from "./dom.js";
import { chosenCell, isBias, short } from "./format.js";

/** @import {ArrayName, Cell, State, Tensor} from "./types.d.ts" */

const NUMBER_CELL = { width: 30, height: 18 };
const DRAG_START_PX = 3;
const HINT_FROM = 100;
/** Part of an array's cells that can be marked without hiding what they show. */
const MOST_MARKED = 0.25;

/**
 * @typedef {object} GridActions
 * @property {(cell: Cell) => void} choose
 * @property {() => Cell} chosen the cell the keyboard is at, also before it is drawn
 * @property {(name: ArrayName) => void} enter the keyboard came to this array
 * @property {() => void} open go to the cell's number field
 * @property {(cell: Cell) => number} valueOf
 * @property {(cell: Cell, from: number, steps: number, gesture: string) => void} move
 * @property {(cell: Cell, steps: number, gesture: string) => void} nudge
 * @property {(cell: Cell, down: number, right: number) => void} leave the keyboard goes over the array's edge
 * @property {(cell: Cell) => void} restore
 *
 * @typedef {object} GridSize
 * @property {number} width px of a cell
 * @property {number} height px of a cell
 * @property {number} viewWidth px
 * @property {number} viewHeight px
 */

/**
 * @param {ArrayName} name
 * @param {string} hint said after the name where there is room
 * @param {GridActions} actions
 */
export function createGrid(name, hint, actions) {
  const root = make("div", "array");
  const label = make("div", "array-label");
  const view = make("div", "array-view");
  const canvas = make("canvas");
  const space = make("div", "array-space");
  const said = make("span", "hint", hint);
  const changed = make("span", "edited", "edited");
  label.append(make("span", "", name), changed, said);
  view.append(canvas, space);
  root.append(label, view);
  root.dataset.array = name;
  view.tabIndex = 0;
  view.setAttribute("role", "application");
  view.setAttribute("aria-roledescription", "weight grid");
  /** @type {{state: State, size: GridSize} | null} */
  let latest = null;
  /** @type {unknown[]} */
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
    return { array: name, row: clamp(row, rows), column: isBias(name) ? 0 : clamp(column, columns) };
  }

  listenToPointer(view, cellAt, actions);
  view.addEventListener("scroll", draw);
  view.addEventListener("focus", () => actions.enter(name));
  view.addEventListener("keydown", (event) => {
    const cell = actions.chosen();
    if (cell.array !== name || event.ctrlKey || event.metaKey) return;
    const [rows, columns] = shape();
    if (handleKey(event, cell, rows, columns, actions)) event.preventDefault();
  });

  /**
   * @param {State} state
   * @param {GridSize} size
   */
  function render(state, size) {
    latest = { state, size };
    const mine = state.cell.array === name;
    const key = [
      state.weights[name], state.original[name], state.theme, state.selection.unit, mine ? state.cell : null,
      ...Object.values(size),
    ];
    const stop = mine ? 0 : -1;
    if (view.tabIndex !== stop) view.tabIndex = stop;
    if (key.every((part, i) => part === drawn[i])) return;
    const moved = drawn[3] !== state.selection.unit || (mine && drawn[4] !== state.cell);
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
   * @param {State} state
   * @param {boolean} mine
   */
  function describe(state, mine) {
    const { shape: dims, data } = state.weights[name];
    const { row, column } = chosenCell(state);
    const chosen = mine ? `, row ${row}${isBias(name) ? "" : `, column ${column}`}: ${short(data[row * (dims[1] ?? 1) + column])}` : "";
    return `${name}, ${dims.join(" by ")}${chosen}`;
  }

  /**
   * Scroll as little as needed to show the selected unit's row and the chosen cell.
   * @param {State} state
   * @param {boolean} mine
   */
  function reveal(state, mine) {
    const { size } = latest ?? {};
    if (!size) return;
    view.scrollTop = scrolled(view.scrollTop, size.viewHeight, state.selection.unit * size.height, size.height);
    if (mine) view.scrollLeft = scrolled(view.scrollLeft, size.viewWidth, state.cell.column * size.width, size.width);
  }

  function draw() {
    if (latest === null) return;
    const { state, size } = latest;
    const tensor = state.weights[name];
    const [rows, columns] = shape();
    canvas.style.width = `${size.viewWidth}px`;
    canvas.style.height = `${size.viewHeight}px`;
    const context = fitCanvas(canvas, size.viewWidth, size.viewHeight);
    const visible = {
      top: Math.floor(view.scrollTop / size.height),
      left: Math.floor(view.scrollLeft / size.width),
      bottom: Math.min(rows, Math.ceil((view.scrollTop + size.viewHeight) / size.height)),
      right: Math.min(columns, Math.ceil((view.scrollLeft + size.viewWidth) / size.width)),
    };
    context.translate(-view.scrollLeft, -view.scrollTop);
    drawCells(context, state, tensor, columns, size, visible);
    drawMarks(context, tensor, state.original[name], columns, size, visible);
    outline(context, cssColour("--ink"), 1.25, { left: 0, top: state.selection.unit * size.height, width: columns * size.width, height: size.height });
    if (state.cell.array !== name) return;
    const { row, column } = chosenCell(state);
    outline(context, cssColour("--accent"), 2.5, { left: column * size.width, top: row * size.height, width: size.width, height: size.height });
  }

  return { root, view, render };
}

/**
 * @param {HTMLElement} view
 * @param {(event: PointerEvent | MouseEvent) => Cell} cellAt
 * @param {GridActions} actions
 */
function listenToPointer(view, cellAt, actions) {
  /** @type {{cell: Cell, from: number, y: number, steps: number, moved: boolean, gesture: string} | null} */
  let drag = null;
  let drags = 0;
  view.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const cell = cellAt(event);
    actions.choose(cell);
    if (event.pointerType === "touch") return;
    drags += 1;
    drag = { cell, from: actions.valueOf(cell), y: event.clientY, steps: 0, moved: false, gesture: `drag ${drags}` };
    view.setPointerCapture(event.pointerId);
  });
  view.addEventListener("pointermove", (event) => {
    if (drag === null) return;
    const up = drag.y - event.clientY;
    if (!drag.moved && Math.abs(up) < DRAG_START_PX) return;
    drag.moved = true;
    drag.y = event.clientY;
    drag.steps += up * (event.shiftKey ? 10 : 1);
    actions.move(drag.cell, drag.from, drag.steps, drag.gesture);
  });
  view.addEventListener("pointerup", () => {
    if (drag !== null && !drag.moved) actions.open();
    drag = null;
  });
  view.addEventListener("pointercancel", () => { drag = null; });
  view.addEventListener("dblclick", (event) => actions.restore(cellAt(event)));
}

/**
 * @param {KeyboardEvent} event
 * @param {Cell} cell
 * @param {number} rows
 * @param {number} columns
 * @param {GridActions} actions
 * @returns {boolean} whether the key meant something here
 */
function handleKey(event, cell, rows, columns, actions) {
  const way = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
  if (way && event.altKey && way[0] !== 0) actions.nudge(cell, -way[0] * (event.shiftKey ? 10 : 1), `keys ${cell.row} ${cell.column}`);
  else if (way) step(cell, way[0], way[1], rows, columns, actions);
  else if (event.key === "Home") actions.choose({ ...cell, column: 0 });
  else if (event.key === "End") actions.choose({ ...cell, column: columns - 1 });
  else if (event.key === "Enter") actions.open();
  else if (event.key === "Delete" || event.key === "Backspace") actions.restore(cell);
  else return false;
  return true;
}

/**
 * To the neighbouring cell, or over the edge.
 * @param {Cell} cell
 * @param {number} down
 * @param {number} right
 * @param {number} rows
 * @param {number} columns
 * @param {GridActions} actions
 */
function step(cell, down, right, rows, columns, actions) {
  const [row, column] = [cell.row + down, cell.column + right];
  const inside = row >= 0 && row < rows && column >= 0 && column < columns;
  if (inside) actions.choose({ ...cell, row, column });
  else actions.leave(cell, down, right);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {State} state
 * @param {Tensor} tensor
 * @param {number} columns
 * @param {GridSize} size
 * @param {{top: number, left: number, bottom: number, right: number}} visible
 */
function drawCells(context, state, tensor, columns, size, visible) {
  const most = weightScale(state);
  const scale = /** @type {const} */ ({ map: "weights", theme: state.theme, low: -most, high: most });
  const value = (/** @type {number} */ row, /** @type {number} */ column) => tensor.data[(visible.top + row) * columns + visible.left + column];
  const [across, down] = [visible.right - visible.left, visible.bottom - visible.top];
  const matrix = { data: tensor.data, offset: visible.top * columns + visible.left, rowStride: columns, columnStride: 1 };
  const box = { left: visible.left * size.width, top: visible.top * size.height, width: across * size.width, height: down * size.height };
  drawRaster(context, { ...matrix, rows: down, columns: across }, scale, box);
  if (size.width < NUMBER_CELL.width || size.height < NUMBER_CELL.height) return;
  context.font = `12px ${cssColour("--mono")}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (let row = 0; row < down; row += 1) {
    for (let column = 0; column < across; column += 1) {
      const number = value(row, column);
      context.fillStyle = inkOn("weights", state.theme, number, -most, most);
      const text = short(number, 3);
      if (context.measureText(text).width > size.width - 4) continue;
      context.fillText(text, box.left + (column + 0.5) * size.width, box.top + (row + 0.5) * size.height);
    }
  }
}

/**
 * A dot on every cell that is not the network's own, unless most are not: then the label alone says so.
 * @param {CanvasRenderingContext2D} context
 * @param {Tensor} tensor
 * @param {Tensor | undefined} original
 * @param {number} columns
 * @param {GridSize} size
 * @param {{top: number, left: number, bottom: number, right: number}} visible
 */
function drawMarks(context, tensor, original, columns, size, visible) {
  if (!original || original.data === tensor.data) return;
  const count = original.data.reduce((sum, value, i) => sum + Number(value !== tensor.data[i]), 0);
  if (count > original.data.length * MOST_MARKED) return;
  const dot = Math.min(5, size.width * 0.6, size.height * 0.6);
  context.fillStyle = cssColour("--warn");
  for (let row = visible.top; row < visible.bottom; row += 1) {
    for (let column = visible.left; column < visible.right; column += 1) {
      const at = row * columns + column;
      if (original.data[at] === tensor.data[at]) continue;
      const [left, top] = [(column + 1) * size.width - dot - 1, row * size.height + 1];
      context.fillRect(left, top, dot, dot);
    }
  }
}

/**
 * @param {State} state
 * @param {ArrayName} name
 */
function isEdited({ original, weights }, name) {
  const [own, now] = [original[name], weights[name]];
  return own !== undefined && own.data !== now.data && own.data.some((value, i) => value !== now.data[i]);
}

/** @type {WeakMap<State["original"], number>} */
const scales = new WeakMap();

/**
 * The fixed range of the weights' colours: the network's own largest magnitude, rounded up.
 * @param {State} state
 */
export function weightScale({ original }) {
  const scale = scales.get(original) ?? roundedLargest(original);
  scales.set(original, scale);
  return scale;
}

/** @param {State["original"]} arrays */
function roundedLargest(arrays) {
  let most = 0;
  for (const { data } of Object.values(arrays)) for (const value of data) most = Math.max(most, Math.abs(value));
  if (most === 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 3, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= most * 0.999) ?? most;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} colour
 * @param {number} width
 * @param {{left: number, top: number, width: number, height: number}} box
 */
function outline(context, colour, width, box) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.strokeRect(box.left + width / 2, box.top + width / 2, Math.max(1, box.width - width), Math.max(1, box.height - width));
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
