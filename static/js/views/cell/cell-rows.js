/** The rows of the cell panel: the previous states, then the equations in the order of computation. */

import { previousRef } from "../../model/cell/references.js";
import { symbol } from "../../model/cell/symbols.js";

/** @import {Equation, Model, Quantity} from "../../types.d.ts" */

/**
 * @typedef {object} Row
 * @property {string} label
 * @property {Quantity} quantity the value to draw
 * @property {number} step 0 for this step, −1 for the previous one
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
