/** What the selected unit does at t, in words, read off the equations. */

import { make } from "./dom.js";
import { equationOf } from "./equations.js";
import { fixed } from "./format.js";
import { symbol } from "./symbols.js";
import { valueAt } from "./trace.js";

/** @import {Equation, Kind, Model, PageTrace, State} from "./types.d.ts" */

/** The state that a step hands on, in every cell. */
const STATE = "h";

/**
 * @param {Model} model
 * @param {PageTrace} trace
 * @param {State["selection"]} selection
 * @param {boolean} [whole] whether what follows on the blend is told too
 * @returns {(Node | string)[]}
 */
export function sentenceOf(model, trace, selection, whole = true) {
  const { unit } = selection;
  const read = reader(trace, selection);
  const blend = model.equations.find(({ products }) => factorsOf(products, "keep"));
  if (!blend) return [`Unit ${unit} goes from ${fixed(read(`${STATE}_prev`), 2)} to ${STATE} = `, bold(fixed(read(STATE), 2))];
  const [keep, old] = factorsOf(blend.products, "keep") ?? [];
  const [write, fresh] = factorsOf(blend.products, "write") ?? [];
  const shown = blend.value === STATE || !whole ? [] : showing(model, read);
  return [
    `Unit ${unit} keeps `, bold(percent(read(keep))), ` of ${fixed(read(old), 2)} and takes `, bold(percent(read(write))),
    ` of ${symbol(fresh)} = ${fixed(read(fresh), 2)}: ${symbol(blend.value)} = `, bold(fixed(read(blend.value), 2)), ...shown,
  ];
}

/**
 * Reads numbers of the selected unit by name: of a value of this step, of the one before, or of a gate less than 1.
 * @param {PageTrace} trace
 * @param {State["selection"]} selection
 * @returns {(name: string) => number}
 */
export function reader(trace, { t, unit }) {
  return (name) => {
    if (name.startsWith("1-")) return 1 - valueAt(trace, name.slice(2), t, unit);
    return name.endsWith("_prev") ? valueAt(trace, name.slice(0, -"_prev".length), t - 1, unit) : valueAt(trace, name, t, unit);
  };
}

/**
 * How much of an inner state comes out.
 * @param {Model} model
 * @param {(name: string) => number} read
 * @returns {(Node | string)[]}
 */
function showing(model, read) {
  const factors = factorsOf(equationOf(model, STATE)?.products ?? [], "show");
  if (!factors) return [];
  const gate = factors[0];
  return [`, shows `, bold(percent(read(gate))), `: ${STATE} = `, bold(fixed(read(STATE), 2))];
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
