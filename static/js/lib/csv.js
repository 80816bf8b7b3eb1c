/** Reads columns of numbers from pasted or dropped text. */

import { parseNumber } from "./format.js";

/**
 * Read numbers separated by commas, semicolons or tabs; a first row of names is skipped.
 * @param {string} text
 * @returns {number[][]} rows of equal length
 * @throws {Error} naming the row and column, what was expected and what came
 */
export function parseCsv(text) {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
  const numbered = lines.map((line, i) => ({ line, row: i + 1 })).filter(({ line }) => line.trim() !== "");
  if (numbered.length === 0) throw new Error("The CSV is empty; expected a number a line.");
  const separator = separatorOf(text);
  const cells = numbered.map(({ line, row }) => ({ row, values: line.split(separator).map(unquote) }));
  const headed = cells.length > 1 && cells[0].values.every((cell) => cell !== "" && isName(cell));
  const body = headed ? cells.slice(1) : cells;
  const width = body[0].values.length;
  return body.map(({ row, values }) => {
    if (values.length !== width) {
      throw new Error(`CSV row ${row} has ${values.length} values; expected ${width}, as in row ${body[0].row}.`);
    }
    return values.map((cell, column) => numberIn(cell, row, column + 1));
  });
}

/** @param {string} text */
function separatorOf(text) {
  return ["\t", ";", ","].find((mark) => text.includes(mark)) ?? ",";
}

/** @param {string} cell */
function unquote(cell) {
  return cell.trim().replace(/^"(.*)"$/, "$1").trim();
}

/** @param {string} cell */
function isName(cell) {
  return Number.isNaN(parseNumber(cell)) && !/^[+-]?(nan|inf(inity)?)$/i.test(cell);
}

/**
 * @param {string} cell
 * @param {number} row
 * @param {number} column
 */
function numberIn(cell, row, column) {
  const value = parseNumber(cell);
  if (Number.isFinite(value)) return value;
  const came = cell === "" ? "nothing" : `“${cell.slice(0, 20)}”`;
  throw new Error(`CSV row ${row}, column ${column}: expected a finite number, got ${came}.`);
}
