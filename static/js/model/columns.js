/** Which columns of a table fill which channels of an input; pure functions. */

import { answerKind } from "./answer.js";
import { isScaled } from "./card/card.js";

/** @import {Network, NumbersInput} from "../types.d.ts" */

/** The most outputs that are offered as targets of columns. */
const MOST_TARGETS = 64;

/**
 * @typedef {{name: string, kind: string, missing: number}} Column
 * @typedef {readonly (number | null)[]} Assignment the channel that each column fills, null if it is left out; the numbers after the channels are
 *   the targets of the outputs
 */

/**
 * Whether a table fits an input without a question.
 * @param {{columns: readonly Column[], rows: number, doubts: readonly string[]}} table
 * @param {number} channels
 * @param {number} steps the limit
 * @param {number} [targets] columns of outputs
 */
export function isPlain({ columns, rows, doubts }, channels, steps, targets = 0) {
  const fits = columns.length === channels + targets || columns.length === 1;
  return fits && rows <= steps && doubts.length === 0 && columns.every(({ kind, missing }) => kind === "number" && missing === 0);
}

/**
 * Numbers fill the channels and targets with their names, or else the channels in order. Indexes are left out unless there are just enough columns
 * with them.
 * @param {readonly Column[]} columns
 * @param {Pick<Network, "inputSize" | "alphabet"> & Partial<Pick<Network, "card" | "parts">>} network
 * @param {number} channel the one that a single column fills
 * @returns {(number | null)[]}
 */
export function assign(columns, network, channel) {
  const named = byName(columns, network);
  const targets = named.map((at) => (at !== null && at >= network.inputSize ? at : null));
  if (named.some((at) => at !== null && at < network.inputSize)) return named;
  const rest = columns.map((column, i) => (targets[i] === null ? column : { ...column, kind: "text" }));
  return inOrder(rest, network, channel).map((at, i) => targets[i] ?? at);
}

/**
 * The channels and targets with the names of columns.
 * @param {readonly Column[]} columns
 * @param {Pick<Network, "inputSize"> & Partial<Pick<Network, "card" | "parts">>} network
 */
function byName(columns, { inputSize, card = {}, parts }) {
  const channels = card.channels?.map(({ name }) => name) ?? [];
  const outputs = parts && takesTarget({ parts }) ? card.target?.columns ?? card.outputs?.map(({ name }) => name) ?? [] : [];
  /** @type {Map<string, number>} */
  const places = new Map();
  outputs.forEach((name, i) => name && places.set(name.toLowerCase(), inputSize + i));
  channels.forEach((name, i) => name && places.set(name.toLowerCase(), i));
  const takes = (/** @type {Column} */ { kind }) => kind === "number" || kind === "index";
  return withoutRepeats(columns.map((column) => (takes(column) ? places.get(column.name.toLowerCase()) ?? null : null)));
}

/**
 * Whether a network's outputs can have a target: it answers with numbers.
 * @param {Pick<Network, "parts">} network
 */
export function takesTarget({ parts: { readout } }) {
  return readout !== null && answerKind(readout) === "numbers" && readout.output_size <= MOST_TARGETS;
}

/**
 * @param {readonly Column[]} columns
 * @param {Pick<Network, "inputSize" | "alphabet">} network
 * @param {number} channel the one that a single column fills
 * @returns {(number | null)[]}
 */
function inOrder(columns, { inputSize, alphabet }, channel) {
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

/**
 * How the server scales the columns that are taken: as the card says, or not at all.
 * @param {Pick<Network, "card" | "inputSize">} network
 * @param {readonly number[]} channels of the columns, or targets
 * @returns {{scale?: "card", means?: number[], scales?: number[]}}
 */
export function cardScale({ card, inputSize }, channels) {
  const own = channels.map((at) => (at < inputSize ? card.channels?.[at] : card.outputs?.[at - inputSize]));
  if (!own.some(isScaled)) return {};
  return { scale: "card", means: own.map((one) => one?.mean ?? 0), scales: own.map((one) => one?.scale ?? 1) };
}

/**
 * The rows of the channels, and those that the outputs should be.
 * @param {readonly (readonly number[])[]} rows
 * @param {readonly number[]} channels one for each value of a row; the numbers from `inputs` on are targets
 * @param {number} inputs the number of channels
 * @param {number} ahead how many rows later the target is
 * @returns {{rows: number[][], channels: number[], target: {kind: "values", values: number[][]} | undefined}}
 */
export function withoutTarget(rows, channels, inputs, ahead) {
  const places = channels.map((_, i) => i);
  const own = places.filter((i) => channels[i] < inputs);
  const wanted = places.filter((i) => channels[i] >= inputs).sort((a, b) => channels[a] - channels[b]);
  const target = { kind: /** @type {const} */ ("values"), values: rows.slice(ahead).map((row) => wanted.map((i) => row[i])) };
  return { rows: rows.map((row) => own.map((i) => row[i])), channels: own.map((i) => channels[i]), target: wanted.length === 0 ? undefined : target };
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
