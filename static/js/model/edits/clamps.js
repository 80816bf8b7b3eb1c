/** The places in a run that a list of edits holds. */

import { viewOf } from "../document.js";
import { STATE, editsIn, isOfWeights, isOn } from "./edits.js";

/** @import {Edit, Quantity, State, ValueEdit} from "../../types.d.ts" */

/** @typedef {{quantity: Quantity, unit: number, t: number | null}} Held `t` null: throughout; START: the state before the first step */

const START = -1;

/**
 * The held places of the visible run, which may be the pinned one, in the layer on show.
 * @param {Pick<State, "document" | "baseline" | "compare">} state
 */
export function heldIn({ document: doc, baseline, compare }) {
  const shown = compare === "before" && baseline !== null ? baseline.document : doc;
  return heldBy(editsIn(shown.edits, viewOf(doc)));
}

/**
 * @param {readonly Edit[]} edits
 * @returns {Held[]}
 */
function heldBy(edits) {
  return edits.flatMap((edit) => isOn(edit) && !isOfWeights(edit) ? [placeOf(edit)] : []);
}

/**
 * @param {ValueEdit} edit
 * @returns {Held}
 */
function placeOf(edit) {
  if (edit.op === "ablate") return { quantity: STATE, unit: edit.unit, t: null };
  return { ...edit, t: edit.op === "start" ? START : edit.t ?? null };
}

/**
 * The units of a quantity that are held at a step, and whether throughout; the later of two holds is in force.
 * @param {readonly Held[]} held
 * @param {Quantity} quantity
 * @param {number} t from 0, or START, which a hold throughout does not include
 * @returns {Map<number, boolean>}
 */
export function unitsHeld(held, quantity, t) {
  const found = held.filter((one) => one.quantity === quantity && (one.t === t || (one.t === null && t !== START)));
  return new Map(found.map((one) => [one.unit, one.t === null]));
}
