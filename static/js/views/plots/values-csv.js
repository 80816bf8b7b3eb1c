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
  const symbols = input.kind === "text" ? [...input.text] : [];
  const channels = input.kind === "text" ? [] : (input.values[0] ?? []).map((_, channel) => `x[${channel}]`);
  const names = values.flatMap((quantity) => Array.from({ length: hidden }, (_, unit) => `${quantity}[${unit}]`));
  const head = ["t", ...(input.kind === "text" ? ["x"] : channels), ...names];
  const rows = Array.from({ length: steps }, (_, t) => [
    t + 1,
    ...(input.kind === "text" ? [quoted(symbols[t] ?? "")] : input.values[t] ?? channels.map(() => "")),
    ...values.flatMap((quantity) => Array.from(arrays[quantity].subarray(t * hidden, (t + 1) * hidden), written)),
  ]);
  return [head, ...rows].map((row) => `${row.join(",")}\n`);
}

/** @param {number} value */
function written(value) {
  return Number.isNaN(value) ? "" : String(Number(value.toPrecision(DIGITS)));
}

/** @param {string} text */
function quoted(text) {
  return `"${text.replaceAll('"', '""')}"`;
}
