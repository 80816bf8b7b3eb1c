/** An array of weights, or a block of a large one. */

/** @import {Tensor} from "../../types.d.ts" */

/**
 * The part of an array whose values the page has.
 * @param {Tensor} tensor
 * @returns {{row: number, column: number, rows: number, columns: number}}
 */
export function blockOf({ shape: [rows, columns = 1], block }) {
  return block ?? { row: 0, column: 0, rows, columns };
}

/**
 * One value, NaN if the page does not have it.
 * @param {Tensor | undefined} tensor
 * @param {number} row
 * @param {number} column 0 for a vector
 */
export function valueIn(tensor, row, column) {
  if (tensor === undefined) return NaN;
  const block = blockOf(tensor);
  const [down, right] = [row - block.row, column - block.column];
  const there = down >= 0 && down < block.rows && right >= 0 && right < block.columns;
  return there ? tensor.data[down * block.columns + right] : NaN;
}

/**
 * The number of values of the whole array in which edits differ from the network's own.
 * @param {Tensor} now
 * @param {Tensor | undefined} own
 */
export function editedValues(now, own) {
  if (now.block) return now.block.edited;
  if (!own || own.data === now.data) return 0;
  return own.data.reduce((sum, value, i) => sum + Number(value !== now.data[i]), 0);
}
