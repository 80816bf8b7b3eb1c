/** What a list of edits holds by hand, as places in a run. */

import { STATE, isOfWeights, isOn } from "./edits.js";

/** @import {Edit, Quantity} from "./types.d.ts" */

/** @typedef {{quantity: Quantity, unit: number, t: number | null}} Held `t` null: throughout */

/**
 * @param {readonly Edit[]} edits
 * @returns {Held[]}
 */
export function heldBy(edits) {
  return edits.flatMap((edit) => {
    if (!isOn(edit) || isOfWeights(edit) || edit.op === "start") return [];
    return [edit.op === "ablate" ? { quantity: STATE, unit: edit.unit, t: null } : { ...edit, t: edit.t ?? null }];
  });
}

/**
 * The units of a quantity that are held at a step, and whether throughout; of two holds the later one is in force.
 * @param {readonly Held[]} held
 * @param {Quantity} quantity
 * @param {number} t from 0; nothing holds the state before the first step
 * @returns {Map<number, boolean>}
 */
export function unitsHeld(held, quantity, t) {
  const found = held.filter((one) => t >= 0 && one.quantity === quantity && (one.t === null || one.t === t));
  return new Map(found.map((one) => [one.unit, one.t === null]));
}
