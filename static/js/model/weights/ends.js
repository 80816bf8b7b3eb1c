/**
 * The arrays at the ends of a network: the embedding's, and the readout's. They may have millions of values, so the page has a block of each: the
 * part that is visible, and some more around it.
 */

/** @import {ArrayName, ArrayPart, Edit, Ends, Frame, BlockStart, Model, NetworkPart, Part, State, Tensor, Weights} from "../../types.d.ts" */

/** The rows and columns of a block, more than a panel shows at its smallest cells. */
export const BLOCK = 160;
/** Blocks begin at multiples of this, so that scrolling a little needs no other one. */
const STEP = 32;
/** @type {BlockStart} */
const BEGINNING = Object.freeze({ row: 0, column: 0 });
/** @type {Ends} */
export const NO_ENDS = Object.freeze({ original: Object.freeze({}), weights: Object.freeze({}) });

/**
 * The part whose weights an edit changes.
 * @param {Edit} edit
 * @returns {Part}
 */
export function partOf(edit) {
  return "part" in edit ? edit.part ?? "layer" : "layer";
}

/**
 * The arrays of an end by name, none if the network lacks it.
 * @param {NetworkPart} parts
 * @param {Part} end
 * @returns {Readonly<Record<ArrayName, ArrayPart>>}
 */
export function arraysOf({ ends }, end) {
  return (end !== "layer" && ends[end]) || {};
}

/**
 * The arrays that the weights panel shows: their descriptions, their values after the edits, and the network's own.
 * @param {Pick<State, "part" | "network" | "model" | "weights" | "original" | "ends">} state
 * @returns {{arrays: Readonly<Model["arrays"]>, weights: Weights, original: Weights}}
 */
export function shownArrays({ part, network, model, weights, original, ends }) {
  if (part === "layer") return { arrays: model?.arrays ?? {}, weights, original };
  return { arrays: arraysOf(network.parts, part), ...ends };
}

/**
 * Where the block of an array begins that the page wants.
 * @param {Pick<State, "looks">} state
 * @param {ArrayName} name
 * @returns {BlockStart}
 */
export function lookOf({ looks }, name) {
  return looks[name] ?? BEGINNING;
}

/**
 * The wanted blocks, where that of one array covers some cells.
 * @param {State["looks"]} looks
 * @param {ArrayName} name
 * @param {{row: number, column: number, rows?: number, columns?: number}} cells
 * @returns {State["looks"]} the same ones if it already does
 */
export function looking(looks, name, { row, column, rows = 1, columns = 1 }) {
  const before = lookOf({ looks }, name);
  const next = { row: begin(before.row, row, rows), column: begin(before.column, column, columns) };
  return next.row === before.row && next.column === before.column ? looks : { ...looks, [name]: next };
}

/**
 * @param {number} before where the block begins
 * @param {number} first
 * @param {number} count
 */
function begin(before, first, count) {
  if (first >= before && first + count <= before + BLOCK) return before;
  const around = first - Math.max(0, BLOCK - count) / 2;
  return Math.max(0, Math.floor(around / STEP) * STEP);
}

/**
 * @param {Pick<State, "ends" | "network" | "part">} state
 * @param {Frame} frame
 * @returns {Ends} the same ones if the page no longer shows the array
 */
export function withBlock({ ends, network, part }, { metadata, arrays }) {
  const described = metadata.part === part ? arraysOf(network.parts, part)[metadata.array] : undefined;
  if (described === undefined) return ends;
  const now = arrays.edits;
  const block = { row: Number(metadata.row), column: Number(metadata.column), rows: now.shape[0], columns: now.shape[1], most: Number(metadata.most), edited: Number(metadata.edited) };
  const tensor = (/** @type {Tensor} */ { data }) => ({ shape: described.shape, data, block });
  const after = tensor(now);
  const before = arrays.network ? tensor(arrays.network) : after;
  return { original: { ...ends.original, [metadata.array]: before }, weights: { ...ends.weights, [metadata.array]: after } };
}

/**
 * The token that the network reads at a step, null if it reads numbers.
 * @param {Pick<State, "document" | "network">} state
 * @param {number} t
 */
export function tokenAt({ document: { input }, network: { alphabet } }, t) {
  if (input.kind === "tokens") return input.tokens[t] ?? null;
  const found = input.kind === "text" ? alphabet?.indexOf(input.text[t]) ?? -1 : -1;
  return found < 0 ? null : found;
}

