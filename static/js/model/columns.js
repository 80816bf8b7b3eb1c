/** Which columns of a table fill which channels of an input; pure functions. */

/** @import {Network, NumbersInput} from "../types.d.ts" */

/**
 * @typedef {{name: string, kind: string, missing: number}} Column
 * @typedef {readonly (number | null)[]} Assignment the channel that each column fills, null if it is left out
 */

/**
 * Whether a table fits an input without a question.
 * @param {{columns: readonly Column[], rows: number, doubts: readonly string[]}} table
 * @param {number} channels
 * @param {number} steps the limit
 */
export function isPlain({ columns, rows, doubts }, channels, steps) {
  const fits = columns.length === channels || columns.length === 1;
  return fits && rows <= steps && doubts.length === 0 && columns.every(({ kind, missing }) => kind === "number" && missing === 0);
}

/**
 * Numbers fill the channels in order, or those with their names. Indexes are left out unless there are just enough columns with them.
 * @param {readonly Column[]} columns
 * @param {Pick<Network, "inputSize" | "alphabet">} network
 * @param {number} channel the one that a single column fills
 * @returns {(number | null)[]}
 */
export function assign(columns, { inputSize, alphabet }, channel) {
  const numbers = columns.filter(({ kind }) => kind === "number").length;
  const indexes = columns.filter(({ kind }) => kind === "index").length;
  const every = numbers + indexes === inputSize;
  const takes = (/** @type {Column} */ { kind }) => kind === "number" || (every && kind === "index");
  const names = columns.map((column) => (takes(column) && column.name.length === 1 ? alphabet?.indexOf(column.name) ?? -1 : -1));
  if (names.some((at) => at >= 0)) return withoutRepeats(names.map((at) => (at >= 0 ? at : null)));
  if (numbers === 1 && !every) return columns.map(({ kind }) => (kind === "number" ? channel : null));
  let next = 0;
  return columns.map((column) => (takes(column) && next < inputSize ? next++ : null));
}

/** @param {(number | null)[]} channels */
function withoutRepeats(channels) {
  return channels.map((channel, i) => (channels.indexOf(channel) === i ? channel : null));
}

/**
 * Give one column another channel, and leave out the column that had it.
 * @param {Assignment} assignment
 * @param {number} column
 * @param {number | null} channel
 */
export function reassign(assignment, column, channel) {
  return assignment.map((old, i) => {
    if (i === column) return channel;
    return old === channel ? null : old;
  });
}

/**
 * The columns that are taken, and their channels.
 * @param {Assignment} assignment
 */
export function takenColumns(assignment) {
  const columns = assignment.flatMap((channel, i) => (channel === null ? [] : [i]));
  return { columns, channels: columns.map((i) => /** @type {number} */ (assignment[i])) };
}

/**
 * An input with the rows in some of its channels. The other channels keep their values, and are 0 beyond the present end.
 * @param {NumbersInput} input
 * @param {readonly (readonly number[])[]} rows
 * @param {readonly number[]} channels one for each value of a row
 * @param {number} size the number of channels of the input
 * @returns {NumbersInput}
 */
export function intoChannels(input, rows, channels, size) {
  const values = rows.map((row, t) => {
    const filled = [...(input.values[t] ?? new Array(size).fill(0))];
    channels.forEach((channel, i) => { filled[channel] = row[i]; });
    return filled;
  });
  return { kind: "numbers", values };
}
