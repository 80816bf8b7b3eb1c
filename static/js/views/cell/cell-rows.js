/** The rows of the cell panel: what comes in from the step before, then each equation in the order it is computed. */

import { symbol } from "../../model/symbols.js";

/** @import {Equation, Model, Quantity} from "../../types.d.ts" */

/**
 * @typedef {object} Row
 * @property {string} label
 * @property {Quantity} quantity whose values are drawn
 * @property {number} step 0, or −1 for the step before
 * @property {Equation | null} equation
 */

/**
 * @param {Model} model
 * @returns {Row[]}
 */
export function rowsOf({ equations }) {
  const names = equations.flatMap(({ products }) => products.flatMap(({ factors }) => factors));
  const before = new Set(names.filter((name) => name.endsWith("_prev")).sort((a, b) => b.localeCompare(a)));
  return [
    ...[...before].map((name) => ({ label: symbol(name), quantity: name.slice(0, -"_prev".length), step: -1, equation: null })),
    ...equations.map((equation) => ({ label: symbol(equation.value), quantity: equation.value, step: 0, equation })),
  ];
}
