/** Describes the changes since a run was pinned, and their effect. */

import { layerOf, sameLayer } from "../cell/layers.js";
import { partOf } from "../weights/ends.js";
import { diff, formOf, sameForm, viewOf } from "../document.js";
import { isOfWeights, isOn } from "./edits.js";
import { fixed } from "../../lib/format.js";
import { symbol } from "../cell/symbols.js";

/** @import {Before, Edit, GruDocument, PageTrace, Quantity, State, ValueEdit, Weights} from "../../types.d.ts" */

/** The state in which every change shows. */
const STATE = "h";
/** Smaller differences may be rounding in float32. */
const NEGLIGIBLE = 1e-6;
/** The most held values that are listed one by one. */
const TOLD = 3;

/**
 * @typedef {object} Effect
 * @property {number} from the first timestep that differs; −1 if none does
 * @property {number} t the timestep with the largest difference
 * @property {number} unit
 * @property {number} most now − before there
 */

/**
 * The changes as a list of short phrases, empty if there are none.
 * @param {Pick<State, "document" | "weights" | "model">} state as it is
 * @param {Before} baseline
 * @returns {string[]}
 */
export function causes({ document: now, weights, model }, baseline) {
  const then = baseline.document;
  const network = JSON.stringify(now.network) !== JSON.stringify(then.network);
  if (network) return [model?.cell === baseline.model?.cell ? "another network" : "another cell"];
  return [
    ...(sameForm(formOf(now), formOf(then)) ? [] : ["another form"]),
    ...inputCause(then, now),
    ...weightCause(baseline.weights, weights),
    ...otherLayers(then, now),
    ...valueCauses(then.edits, now.edits),
  ];
}

/**
 * The first and the largest difference between the states of two runs, over the steps that both have.
 * @param {PageTrace | null} now
 * @param {PageTrace | null} old
 * @param {Quantity} [quantity]
 * @returns {Effect | null} null if one run is incomplete or the runs cannot be compared
 */
export function effect(now, old, quantity = STATE) {
  if (now === null || old === null || now.hidden !== old.hidden || now.have < now.steps || old.have < old.steps) return null;
  const [a, b] = [now.arrays[quantity], old.arrays[quantity]];
  if (!a || !b) return null;
  let [first, most, at] = [-1, 0, 0];
  const end = Math.min(now.steps, old.steps) * now.hidden;
  for (let i = 0; i < end; i += 1) {
    const size = Math.abs(a[i] - b[i]);
    if (size <= NEGLIGIBLE * Math.max(1, Math.abs(b[i]))) continue;
    if (first < 0) first = i;
    if (size > most) [most, at] = [size, i];
  }
  const t = Math.floor(at / now.hidden);
  return { from: first < 0 ? -1 : Math.floor(first / now.hidden), t, unit: at % now.hidden, most: a[at] - b[at] };
}

/**
 * @param {Effect} found
 * @param {Quantity} [quantity]
 */
export function effectWords({ from, t, unit, most }, quantity = STATE) {
  const name = symbol(quantity);
  if (from < 0) return `${name} is the same`;
  return `${name} differs from t = ${from + 1} on, most at t = ${t + 1}, unit ${unit}: ${signed(most)}`;
}

/**
 * A difference, with its sign.
 * @param {number} value
 * @param {number} [digits]
 */
export function signed(value, digits = 2) {
  return (value > 0 ? "+" : "") + fixed(value, digits);
}

/**
 * @param {GruDocument} then
 * @param {GruDocument} now
 */
function inputCause(then, now) {
  const change = diff({ ...then, edits: [], options: now.options, view: now.view }, { ...now, edits: [] })[0];
  if (change === undefined) return [];
  return [change.kind === "input" ? `input from t = ${change.start + 1}` : "another kind of input"];
}

/**
 * @param {Weights} then
 * @param {Weights} now
 */
function weightCause(then, now) {
  let count = 0;
  for (const [name, { data }] of Object.entries(now)) {
    const old = then[name]?.data;
    if (old === data || old === undefined) continue;
    for (let i = 0; i < data.length; i += 1) count += Number(data[i] !== old[i]);
  }
  return count === 0 ? [] : [count === 1 ? "1 weight" : `${count} weights`];
}

/**
 * Layers that are not on show, and ends of the network, in which weights differ, one phrase for each.
 * @param {GruDocument} then
 * @param {GruDocument} now
 */
function otherLayers(then, now) {
  const written = (/** @type {Edit} */ edit) => JSON.stringify(edit);
  const weights = (/** @type {GruDocument} */ doc) => doc.edits.filter((edit) => isOn(edit) && isOfWeights(edit) && !sameLayer(edit, viewOf(now)));
  const [before, after] = [weights(then), weights(now)];
  const [old, present] = [new Set(before.map(written)), new Set(after.map(written))];
  const differing = [...before.filter((edit) => !present.has(written(edit))), ...after.filter((edit) => !old.has(written(edit)))];
  return [...new Set(differing.map((edit) => `weights of ${partOf(edit) === "layer" ? `layer ${layerOf(edit).layer + 1}` : `the ${partOf(edit)}`}`))];
}

/**
 * @param {readonly Edit[]} then
 * @param {readonly Edit[]} now
 */
function valueCauses(then, now) {
  const [before, after] = [inForce(then), inForce(now)];
  const still = new Set([...after.values()].map(begun));
  const distinct = [...new Set([
    ...[...after].filter(([key]) => !before.has(key)).map(([, edit]) => begun(edit)),
    ...[...before.values()].filter((edit) => !still.has(begun(edit))).map(ended),
  ])];
  return distinct.length > TOLD ? [...distinct.slice(0, TOLD - 1), `${distinct.length - TOLD + 1} more values`] : distinct;
}

/**
 * @param {readonly Edit[]} edits
 * @returns {Map<string, ValueEdit>}
 */
function inForce(edits) {
  /** @type {Map<string, ValueEdit>} */
  const found = new Map();
  for (const edit of edits) if (isOn(edit) && !isOfWeights(edit)) found.set(JSON.stringify(edit), edit);
  return found;
}

/** @param {ValueEdit} edit */
function begun(edit) {
  if (edit.op === "ablate") return `unit ${edit.unit} ablated`;
  if (edit.op === "start") return `${symbol(edit.quantity)}₀ of unit ${edit.unit}`;
  return `${symbol(edit.quantity)} of unit ${edit.unit} held${edit.t == null ? "" : ` at t = ${edit.t + 1}`}`;
}

/** @param {ValueEdit} edit */
function ended(edit) {
  if (edit.op === "ablate") return `unit ${edit.unit} back`;
  if (edit.op === "start") return `${symbol(edit.quantity)}₀ of unit ${edit.unit} as it was`;
  return `${symbol(edit.quantity)} of unit ${edit.unit} released${edit.t == null ? "" : ` at t = ${edit.t + 1}`}`;
}
