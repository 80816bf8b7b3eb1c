/** The run on show as CSV: one row per timestep, with columns for the input and for every unit of every value. */

/** @import {Input, PageTrace} from "../../types.d.ts" */

/** Enough digits to distinguish any two float32 values. */
const DIGITS = 9;

/**
 * @param {PageTrace} trace
 * @param {Input} input of the run
 * @returns {string[]} lines, including their line ends
 */
export function valuesCsv({ values, arrays, steps, hidden }, input) {
  const columns = inputColumns(input);
  const names = values.flatMap((quantity) => Array.from({ length: hidden }, (_, unit) => `${quantity}[${unit}]`));
  const head = ["t", ...columns.names, ...names];
  const rows = Array.from({ length: steps }, (_, t) => [
    t + 1,
    ...columns.at(t),
    ...values.flatMap((quantity) => Array.from(arrays[quantity].subarray(t * hidden, (t + 1) * hidden), written)),
  ]);
  return [head, ...rows].map((row) => `${row.join(",")}\n`);
}

/**
 * The input's columns: their names, and their cells at a step.
 * @param {Input} input
 * @returns {{names: string[], at: (t: number) => readonly (string | number)[]}}
 */
function inputColumns(input) {
  if (input.kind === "tokens") return { names: ["x"], at: (t) => [input.tokens[t] ?? ""] };
  if (input.kind === "text") {
    const symbols = [...input.text];
    return { names: ["x"], at: (t) => [quoted(symbols[t] ?? "")] };
  }
  const names = (input.values[0] ?? []).map((_, channel) => `x[${channel}]`);
  return { names, at: (t) => input.values[t] ?? names.map(() => "") };
}

/** @param {number} value */
function written(value) {
  return Number.isNaN(value) ? "" : String(Number(value.toPrecision(DIGITS)));
}

/** @param {string} text */
function quoted(text) {
  return `"${text.replaceAll('"', '""')}"`;
}
