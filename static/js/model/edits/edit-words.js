/** Describes edits in words, for the list of edits. */

import { layerOf, sameLayer } from "../cell/layers.js";
import { cellPlace } from "../weights/cell-name.js";
import { arraysOf, partOf } from "../weights/ends.js";
import { placeName } from "../network.js";
import { valueIn } from "../weights/tensor.js";
import { editsIn, isOfWeights, isOn, lastEditOf } from "./edits.js";
import { make } from "../../lib/dom.js";
import { short } from "../../lib/format.js";
import { symbolNode } from "../cell/symbols.js";
import { startRef } from "../cell/references.js";

/** @import {ArrayName, Edit, Ends, InLayer, Model, Network, Part, ValueEdit, Weights, WeightEdit} from "../../types.d.ts" */

const DIGITS = 5;

/**
 * What the page knows of the network; `original` and `arrays` are of the layer on show, `ends` of the end that is on show.
 * @typedef {{network: Network, original: Weights, arrays: Model["arrays"], view: InLayer, ends: Ends}} Known
 */

/**
 * @param {readonly Edit[]} edits
 * @param {number} index of the edit to describe
 * @param {Known} known
 * @returns {(Node | string)[]}
 */
export function editWords(edits, index, known) {
  const part = partOf(edits[index]);
  const { parts } = known.network;
  const name = part === "layer" ? placeName(parts, layerOf(edits[index])) : part;
  const there = part === "layer" ? known : { ...known, arrays: arraysOf(parts, part), original: known.ends.original, view: { part } };
  const words = wordsIn(edits, index, there);
  return name === "" ? words : [quiet(`${name} · `), ...words];
}

/**
 * @param {readonly Edit[]} edits
 * @param {number} index
 * @param {Omit<Known, "view" | "ends"> & {view: Partial<InLayer> & {part?: Part}}} known
 * @returns {(Node | string)[]}
 */
function wordsIn(edits, index, { network, original, arrays, view }) {
  const edit = edits[index];
  if (!isOfWeights(edit)) return valueWords(edit);
  if (edit.op !== "set" && edit.op !== "restore") return arrayWords(edit, arrays);
  if (edit.op === "restore" && edit.row == null) return [arrayNode(edit.array, arrays), " as it was"];
  const [row, column] = [edit.row ?? 0, edit.column ?? 0];
  const name = weightNode(edit.array, row, column, network, arrays);
  if (edit.op === "restore") return [name, " as it was"];
  const was = sameLayer(edit, view) ? valueBefore(editsIn(edits.slice(0, index), view), edit.array, row, edit.column, original) : null;
  return [name, " = ", bold(short(edit.value, DIGITS)), ...(was === null ? [] : [quiet(` (was ${short(was, DIGITS)})`)])];
}

/**
 * @param {Exclude<WeightEdit, {op: "set"} | {op: "restore"}>} edit
 * @param {Model["arrays"]} arrays
 * @returns {(Node | string)[]}
 */
function arrayWords(edit, arrays) {
  const name = arrayNode(edit.array, arrays);
  if (edit.op === "zero") return [name, " = ", bold("0"), " everywhere"];
  if (edit.op === "fill") return [name, " = ", bold(short(edit.value, DIGITS)), " everywhere"];
  if (edit.op === "scale") return [name, " × ", bold(short(edit.factor, DIGITS))];
  return [name, " drawn from seed ", bold(String(edit.seed)), ...((edit.gain ?? 1) === 1 ? [] : [quiet(` (gain ${short(edit.gain ?? 1)})`)])];
}

/**
 * @param {ValueEdit} edit
 * @returns {(Node | string)[]}
 */
function valueWords(edit) {
  if (edit.op === "ablate") return [`unit ${edit.unit} ablated`, quiet(" (its h is 0)")];
  const value = bold(short(edit.value, DIGITS));
  const unit = ` of unit ${edit.unit}`;
  if (edit.op === "start") return [symbolNode(startRef(edit.quantity)), unit, " starts at ", value];
  if (edit.t == null) return [symbolNode(edit.quantity), unit, " held at ", value, " throughout"];
  return [symbolNode(edit.quantity), unit, ` at t = ${edit.t + 1} set to `, value];
}

/**
 * The value of a weight before an edit. Null if an earlier edit drew or scaled the array, because only the server computes those.
 * @param {readonly Edit[]} older
 * @param {ArrayName} array
 * @param {number} row
 * @param {number | null | undefined} column
 * @param {Weights} original
 * @returns {number | null}
 */
function valueBefore(older, array, row, column, original) {
  const last = lastEditOf(older, array, row, column);
  if (last?.op === "set" || last?.op === "fill") return last.value;
  if (last?.op === "zero") return 0;
  if (last !== undefined && last.op !== "restore") return null;
  const value = valueIn(original[array], row, column ?? 0);
  return Number.isNaN(value) ? null : value;
}

/**
 * @param {ArrayName} array
 * @param {number} row
 * @param {number} column
 * @param {Network} network
 * @param {Model["arrays"]} arrays
 */
function weightNode(array, row, column, network, arrays) {
  const node = make("span");
  node.append(arrayNode(array, arrays), cellPlace({ row, column }, network, arrays[array]));
  return node;
}

/**
 * @param {ArrayName} array
 * @param {Model["arrays"]} arrays
 */
function arrayNode(array, arrays) {
  return symbolNode(arrays[array] ?? array);
}

/** @param {string} text */
function bold(text) {
  return make("b", "", text);
}

/** @param {string} text */
function quiet(text) {
  return make("span", "quiet", text);
}

/**
 * The number of edits and of those switched off, in words.
 * @param {readonly Edit[]} edits
 */
export function countWords(edits) {
  const off = edits.length - edits.filter(isOn).length;
  const all = edits.length === 1 ? "1 edit" : `${edits.length} edits`;
  if (edits.length === 0) return "no edits";
  return off === 0 ? all : `${all}, ${off} off`;
}
