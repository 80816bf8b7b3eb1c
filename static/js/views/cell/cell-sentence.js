/** Describes the selected unit at step t in words, from the equations. */

import { make } from "../../lib/dom.js";
import { equationOf } from "../../model/cell/equations.js";
import { fixed } from "../../lib/format.js";
import { previousRef, valueRef } from "../../model/cell/references.js";
import { symbol, symbolNode } from "../../model/cell/symbols.js";
import { stepBefore, valueAt } from "../../model/trace.js";

/** @import {Equation, Kind, Model, PageTrace, Quantity, Reference, Selection, StepFrame} from "../../types.d.ts" */

/**
 * @typedef {object} Told
 * @property {Model} model
 * @property {PageTrace} trace
 * @property {StepFrame | null} step all vectors of the step; null until they arrive
 * @property {Selection} selection
 * @property {(value: string) => boolean} isHeld whether this value of the selected unit is held at this step
 */

/** The output state of every cell. */
const STATE = "h";

/**
 * @param {Told} told
 * @param {boolean} [whole] whether to include the computation after the blend
 * @returns {(Node | string)[]}
 */
export function sentenceOf(told, whole = true) {
  const { model, selection: { unit } } = told;
  const read = reader(told);
  const blend = model.equations.find(({ products }) => factorsOf(products, "keep"));
  if (!blend) return [`Unit ${unit} goes from ${fixed(read(previousRef(STATE)), 2)} to `, ...outcome(told, STATE)];
  const [keep, old] = factorsOf(blend.products, "keep") ?? [];
  const [write, fresh] = factorsOf(blend.products, "write") ?? [];
  const shown = blend.value === STATE || !whole ? [] : showing(told);
  return [
    `Unit ${unit} keeps `, bold(percent(read(keep))), ` of ${fixed(read(old), 2)} and takes `, bold(percent(read(write))),
    ` of ${symbol(fresh)} = ${fixed(read(fresh), 2)}: `, ...outcome(told, blend.value), ...shown,
  ];
}

/**
 * The result of a value's equation, or the value that it is held at.
 * @param {Told} told
 * @param {string} value
 * @returns {(Node | string)[]}
 */
export function outcome(told, value) {
  return [symbolNode(value), told.isHeld(value) ? " is held at " : " = ", bold(fixed(reader(told)(value), 2))];
}

/**
 * Reads numbers of the selected unit: a value at this step or the previous one, or 1 − a gate.
 * @param {Told} told
 * @returns {(of: Quantity | Reference) => number}
 */
export function reader({ trace, selection: { t, unit } }) {
  return (of) => {
    const { kind, name } = typeof of === "string" ? valueRef(of) : of;
    const value = valueAt(trace, name, kind === "previous" ? stepBefore(trace, t) : t, unit);
    return kind === "complement" ? 1 - value : value;
  };
}

/**
 * How much of the inner state the output gate shows.
 * @param {Told} told
 * @returns {(Node | string)[]}
 */
function showing(told) {
  const factors = factorsOf(equationOf(told.model, STATE)?.products ?? [], "show");
  if (!factors) return [];
  return [", shows ", bold(percent(reader(told)(factors[0]))), ": ", ...outcome(told, STATE)];
}

/**
 * @param {Equation["products"]} products
 * @param {Kind} kind
 */
export function factorsOf(products, kind) {
  return products.find((product) => product.kind === kind)?.factors;
}

/** @param {number} part */
export function percent(part) {
  return Number.isFinite(part) ? `${Math.round(part * 100)} %` : "–";
}

/** @param {string} text */
export function bold(text) {
  return make("b", "", text);
}
