/** Draws the visible part of a weight grid on a canvas. */

import { short } from "../../lib/format.js";
import { blockOf, editedValues, valueIn } from "../../model/weights/tensor.js";
import { weightMap } from "./weight-scale.js";

/** @import {Page} from "../../state/page.d.ts" */
/** @import {ArrayName, State, Tensor} from "../../types.d.ts" */
/** @import {GridSize} from "./grid.js" */

const NUMBER_CELL = { width: 30, height: 18 };
/** The largest share of edited cells to mark, because more marks would hide the values. */
const MOST_MARKED = 0.25;

/** @typedef {{top: number, left: number, bottom: number, right: number}} Range cells; `bottom` and `right` are exclusive */

/**
 * @param {Page} page
 * @param {CanvasRenderingContext2D} context
 * @param {ArrayName} name
 * @param {Pick<State, "weights" | "original" | "compare" | "theme">} state
 * @param {GridSize} size
 * @param {{top: number, left: number}} scroll
 */
export function drawGrid(page, context, name, state, size, scroll) {
  const tensor = state.weights[name];
  const { row, column, rows, columns } = blockOf(tensor);
  const range = rangeIn(size, scroll);
  const visible = {
    top: Math.max(row, range.top),
    left: Math.max(column, range.left),
    bottom: Math.min(row + rows, range.bottom),
    right: Math.min(column + columns, range.right),
  };
  if (visible.top >= visible.bottom || visible.left >= visible.right) return;
  context.translate(-scroll.left, -scroll.top);
  drawCells(page, context, state, tensor, size, visible);
  drawMarks(page, context, tensor, state.original[name], size, visible);
}

/**
 * The cells that a view shows.
 * @param {GridSize} size
 * @param {{top: number, left: number}} scroll
 * @returns {Range}
 */
export function rangeIn(size, scroll) {
  return {
    top: Math.floor(scroll.top / size.height),
    left: Math.floor(scroll.left / size.width),
    bottom: Math.ceil((scroll.top + size.viewHeight) / size.height),
    right: Math.ceil((scroll.left + size.viewWidth) / size.width),
  };
}

/**
 * @param {Page} page
 * @param {CanvasRenderingContext2D} context
 * @param {Pick<State, "original" | "compare" | "theme">} state
 * @param {Tensor} tensor
 * @param {GridSize} size
 * @param {Range} visible
 */
function drawCells({ cssColour, inkOn, drawRaster, weightScale }, context, state, tensor, size, visible) {
  const most = weightScale(state);
  const scale = { map: weightMap(state), theme: state.theme, low: -most, high: most };
  const value = (/** @type {number} */ row, /** @type {number} */ column) => valueIn(tensor, visible.top + row, visible.left + column);
  const [across, down] = [visible.right - visible.left, visible.bottom - visible.top];
  const block = blockOf(tensor);
  const offset = (visible.top - block.row) * block.columns + visible.left - block.column;
  const matrix = { data: tensor.data, offset, rowStride: block.columns, columnStride: 1 };
  const box = { left: visible.left * size.width, top: visible.top * size.height, width: across * size.width, height: down * size.height };
  drawRaster(context, { ...matrix, rows: down, columns: across }, scale, box);
  if (size.width < NUMBER_CELL.width || size.height < NUMBER_CELL.height) return;
  context.font = `12px ${cssColour("--mono")}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (let row = 0; row < down; row += 1) {
    for (let column = 0; column < across; column += 1) {
      const number = value(row, column);
      context.fillStyle = inkOn(scale.map, state.theme, number, scale);
      const text = short(number, 3);
      if (context.measureText(text).width > size.width - 4) continue;
      context.fillText(text, box.left + (column + 0.5) * size.width, box.top + (row + 0.5) * size.height);
    }
  }
}

/**
 * Draw a dot on every edited cell. If too many cells are edited, only the label says so.
 * @param {Page} page
 * @param {CanvasRenderingContext2D} context
 * @param {Tensor} tensor
 * @param {Tensor | undefined} original
 * @param {GridSize} size
 * @param {Range} visible
 */
function drawMarks({ cssColour }, context, tensor, original, size, visible) {
  if (!original || original.data === tensor.data) return;
  if (editedValues(tensor, original) > tensor.shape.reduce((a, b) => a * b) * MOST_MARKED) return;
  const dot = Math.min(5, size.width * 0.6, size.height * 0.6);
  context.fillStyle = cssColour("--warn");
  for (let row = visible.top; row < visible.bottom; row += 1) {
    for (let column = visible.left; column < visible.right; column += 1) {
      if (valueIn(original, row, column) === valueIn(tensor, row, column)) continue;
      const [left, top] = [(column + 1) * size.width - dot - 1, row * size.height + 1];
      context.fillRect(left, top, dot, dot);
    }
  }
}

/**
 * @param {Pick<State, "original" | "weights">} state
 * @param {ArrayName} name
 */
export function isEdited({ original, weights }, name) {
  const [own, now] = [original[name], weights[name]];
  if (now.block) return now.block.edited > 0;
  return own !== undefined && own.data !== now.data && own.data.some((value, i) => value !== now.data[i]);
}
