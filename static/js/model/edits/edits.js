/**
 * The list of edits, as plain immutable data: weights changed, values held, start states set, units ablated. Edits apply in
 * order, so later ones win. An edit that is switched off stays in the list and does nothing.
 */

import { layerOf, sameLayer } from "../cell/layers.js";

/** @import {ArrayName, Edit, HoldScope, InLayer, Part, Place, Quantity, WeightEdit} from "../../types.d.ts" */

/** The state that ablation keeps at 0. */
export const STATE = "h";

/**
 * The edits in one layer and direction, or in another part.
 * @param {readonly Edit[]} edits
 * @param {Partial<InLayer> & {part?: Part}} place
 */
export function editsIn(edits, place) {
  return edits.every((edit) => sameLayer(edit, place)) ? edits : edits.filter((edit) => sameLayer(edit, place));
}

/** @param {Edit} edit */
export function isOn({ off }) {
  return off !== true;
}

/**
 * @param {Edit} edit
 * @returns {edit is WeightEdit}
 */
export function isOfWeights(edit) {
  return "array" in edit;
}

/**
 * The list with one more edit. If the last edit that touches the same weight or value is of the same kind and on, the new edit replaces it, so
 * that setting a number twice makes one edit. Otherwise it goes to the end: the edits that it overrides must take effect again when it is
 * switched off. Restoring removes edits instead.
 * @param {readonly Edit[]} edits
 * @param {Edit} edit
 * @returns {readonly Edit[]}
 */
export function withEdit(edits, edit) {
  if (edit.op === "restore") return edit.row == null ? withRestoredArray(edits, edit) : withRestoredCell(edits, edit);
  if (edit.op === "scale") return [...edits, edit];
  const last = edits.findLastIndex((other) => meet(other, edit));
  if (last < 0 || !isOn(edits[last]) || keyOf(edits[last]) !== keyOf(edit)) return [...edits, edit];
  return JSON.stringify(edits[last]) === JSON.stringify(edit) ? edits : edits.with(last, edit);
}

/**
 * @param {readonly Edit[]} edits
 * @param {number} index
 * @param {boolean} on
 * @returns {readonly Edit[]}
 */
export function withSwitch(edits, index, on) {
  const { off: _, ...edit } = edits[index];
  return edits.with(index, /** @type {Edit} */ (on ? edit : { ...edit, off: true }));
}

/**
 * The list without the edits that hold a value at a step.
 * @param {readonly Edit[]} edits
 * @param {Place} place
 * @returns {readonly Edit[]}
 */
export function withRelease(edits, place) {
  return edits.filter((edit) => !isOn(edit) || !holds(edit, place));
}

/**
 * The last edit in force that holds a value at a step, if any does.
 * @param {readonly Edit[]} edits
 * @param {Place} place
 */
export function holdOf(edits, place) {
  return edits.findLast((edit) => isOn(edit) && holds(edit, place));
}

/**
 * Whether an edit holds its value at one step or throughout. Null if it is not a clamp.
 * @param {Edit | undefined} edit
 * @returns {HoldScope | null}
 */
export function scopeOf(edit) {
  if (edit?.op !== "clamp") return null;
  return edit.t == null ? "always" : "step";
}

/**
 * The list with the hold in force at a place converted to another scope. It keeps its value. Without a clamp there, or if it has that scope already,
 * the list stays the same.
 * @param {readonly Edit[]} edits
 * @param {Place} place
 * @param {HoldScope} scope
 * @returns {readonly Edit[]}
 */
export function withScope(edits, place, scope) {
  const held = holdOf(edits, place);
  if (held?.op !== "clamp" || scopeOf(held) === scope) return edits;
  const { t: _, ...throughout } = held;
  const others = edits.filter((edit) => edit !== held);
  return withEdit(others, scope === "always" ? throughout : { ...throughout, t: place.t });
}

/**
 * The last edit in force that sets a unit's start state.
 * @param {readonly Edit[]} edits
 * @param {Quantity} quantity
 * @param {number} unit
 */
export function startOf(edits, quantity, unit) {
  return edits.findLast((edit) => isOn(edit) && sets(edit, quantity, unit));
}

/**
 * @param {readonly Edit[]} edits
 * @param {number} unit
 */
export function isAblated(edits, unit) {
  return edits.some((edit) => isOn(edit) && edit.op === "ablate" && edit.unit === unit);
}

/**
 * The last edit in force that changes a weight, if any.
 * @param {readonly Edit[]} edits
 * @param {ArrayName} array
 * @param {number} row
 * @param {number | null | undefined} column null for a bias
 */
export function lastEditOf(edits, array, row, column) {
  return edits.findLast((edit) => isOn(edit) && touchesCell(edit, array, row, column));
}

/**
 * Whether any edit in force changes an array.
 * @param {readonly Edit[]} edits
 * @param {ArrayName} array
 */
export function isTouched(edits, array) {
  return edits.some((edit) => isOn(edit) && isOfWeights(edit) && edit.array === array);
}

/**
 * @param {Edit} edit
 * @param {Place} place
 */
function holds(edit, { quantity, unit, t, ...place }) {
  if (!sameLayer(edit, place)) return false;
  if (edit.op === "ablate") return quantity === STATE && edit.unit === unit;
  return edit.op === "clamp" && edit.quantity === quantity && edit.unit === unit && (edit.t == null || edit.t === t);
}

/**
 * @param {Edit} edit
 * @param {Quantity} quantity
 * @param {number} unit
 */
function sets(edit, quantity, unit) {
  if (edit.op === "ablate") return quantity === STATE && edit.unit === unit;
  return edit.op === "start" && edit.quantity === quantity && edit.unit === unit;
}

/**
 * The kind of an edit and the place that it changes, without its number. Edits with equal keys repeat each other.
 * @param {Edit} edit
 */
function keyOf(edit) {
  const { layer, direction } = layerOf(edit);
  if (isOfWeights(edit)) return [edit.op, edit.array, "row" in edit ? edit.row : null, "column" in edit ? edit.column : null, layer, direction, edit.part].join();
  return [edit.op, "quantity" in edit ? edit.quantity : null, edit.unit, "t" in edit ? edit.t : null, layer, direction].join();
}

/**
 * Whether two edits touch the same weight or value.
 * @param {Edit} a
 * @param {Edit} b
 * @returns {boolean}
 */
function meet(a, b) {
  if (!sameLayer(a, b)) return false;
  if (isOfWeights(a) || isOfWeights(b)) {
    if (!isOfWeights(a) || !isOfWeights(b) || a.array !== b.array) return false;
    return isWhole(a) || isWhole(b) || keyOf(a).slice(a.op.length) === keyOf(b).slice(b.op.length);
  }
  if (a.op === "ablate" || b.op === "ablate") {
    const other = a.op === "ablate" ? b : a;
    return a.unit === b.unit && (other.op === "ablate" || other.quantity === STATE);
  }
  if (a.op !== b.op || a.quantity !== b.quantity || a.unit !== b.unit) return false;
  return a.op !== "clamp" || b.op !== "clamp" || a.t == null || b.t == null || a.t === b.t;
}

/** @param {WeightEdit} edit */
function isWhole(edit) {
  return !("row" in edit) || edit.row == null;
}

/**
 * @param {readonly Edit[]} edits
 * @param {WeightEdit} edit
 */
function withRestoredArray(edits, edit) {
  return edits.filter((other) => !isOn(other) || !isOfWeights(other) || other.array !== edit.array || !sameLayer(other, edit));
}

/**
 * @param {readonly Edit[]} edits
 * @param {Extract<Edit, {op: "restore"}>} edit
 */
function withRestoredCell(edits, edit) {
  const { array, row, column } = edit;
  const whole = edits.findLastIndex((other) =>
    isOn(other) && isOfWeights(other) && other.array === array && isWhole(other) && sameLayer(other, edit));
  const others = edits.filter((other, i) => i < whole || !isOn(other) || !sameLayer(other, edit) || !isCell(other, array, row, column));
  return whole < 0 ? others : [...others, edit];
}

/**
 * @param {Edit} edit
 * @param {ArrayName} array
 * @param {number | null | undefined} row
 * @param {number | null | undefined} column
 */
function isCell(edit, array, row, column) {
  if (!isOfWeights(edit) || edit.array !== array || !("row" in edit)) return false;
  return edit.row === row && (edit.column ?? null) === (column ?? null);
}

/**
 * @param {Edit} edit
 * @param {ArrayName} array
 * @param {number} row
 * @param {number | null | undefined} column
 */
function touchesCell(edit, array, row, column) {
  return isOfWeights(edit) && edit.array === array && (isWhole(edit) || isCell(edit, array, row, column));
}
