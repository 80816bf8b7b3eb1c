/** The rows of the cell panel: what comes in from the step before, then each equation in the order it is computed. */

import { previousRef } from "../../model/cell/references.js";
import { symbol } from "../../model/cell/symbols.js";

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
  const factors = equations.flatMap(({ products }) => products.flatMap((product) => product.factors));
  const before = new Set(factors.filter(({ kind }) => kind === "previous").map(({ name }) => name).sort((a, b) => b.localeCompare(a)));
  return [
    ...[...before].map((state) => ({ label: symbol(previousRef(state)), quantity: state, step: -1, equation: null })),
    ...equations.map((equation) => ({ label: symbol(equation.value), quantity: equation.value, step: 0, equation })),
  ];
}
