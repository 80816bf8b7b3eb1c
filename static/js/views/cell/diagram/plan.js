/** The parts of a cell's picture, from its equations: sums that lead to gates and candidates, and how these make up the state. */

import { matrixPlace, sameRef } from "../../../model/cell/references.js";

/** @import {Equation, Kind, Model, Product, Reference} from "../../../types.d.ts" */

/**
 * A summand, or adjacent summands that share a gate.
 * @typedef {object} Row
 * @property {string} id
 * @property {string[]} keys arrays of the `step` frame whose sum the row shows
 * @property {Product[]} products
 * @property {Reference | null} source the vector or state that enters; null for a bias
 * @property {Side | null} side
 *
 * A gate that acts before the sum: on a product after its matrix, or on the vector before it.
 * @typedef {object} Side
 * @property {Reference} gate
 * @property {boolean} after
 * @property {string} key the array of the `step` frame that enters a gate after a matrix, or leaves a gate before one
 *
 * @typedef {object} Block
 * @property {Equation} equation
 * @property {Row[]} rows gated ones first, because their wires arrive above the others; empty if the value is 1 − another gate
 * @property {Reference | null} couple 1 − another gate, or null if the block is a sum
 *
 * A product of two factors on the way to a state.
 * @typedef {object} Share
 * @property {Reference} gate a gate, or 1 − a gate
 * @property {Reference} of the factor that passes the gate
 * @property {string} key
 *
 * @typedef {object} Plan
 * @property {Block[]} blocks from left to right
 * @property {{equation: Equation, keep: Share, write: Share} | null} blend
 * @property {{equation: Equation, share: Share, squash: Equation} | null} show the output of an inner state
 */

/**
 * @param {Model} model
 * @returns {Plan}
 */
export function planOf({ equations }) {
  const blend = equations.find(({ products }) => has(products, "keep"));
  const shown = equations.find(({ products }) => has(products, "show"));
  const squash = equations.find(({ products }) => has(products, "state"));
  const plan = {
    blend: blend ? { equation: blend, keep: share(blend, "keep"), write: share(blend, "write") } : null,
    show: shown && squash ? { equation: shown, share: share(shown, "show"), squash } : null,
  };
  const blocks = equations.filter(({ products }) => has(products, "input") || has(products, "couple")).map(blockOf);
  return { ...plan, blocks: blocks.sort((a, b) => place(a, plan) - place(b, plan)) };
}

/**
 * The order of blocks: the keep gate, other gates, the candidate, the output gate.
 * @param {Block} block
 * @param {Omit<Plan, "blocks">} plan
 */
function place({ equation: { value } }, { blend, show }) {
  if (blend && value === blend.keep.gate.of) return 0;
  if (blend && value === blend.write.of.name) return 2;
  return show && value === show.share.gate.of ? 3 : 1;
}

/**
 * @param {readonly Product[]} products
 * @param {Kind} kind
 */
function has(products, kind) {
  return products.some((product) => product.kind === kind);
}

/**
 * @param {Equation} equation
 * @param {Kind} kind
 * @returns {Share}
 */
function share({ value, products }, kind) {
  const product = products.find((other) => other.kind === kind);
  if (product === undefined) throw new Error(`the equation of ${value} must have a product of kind ${kind}`);
  const [gate, of] = product.factors;
  return { gate, of, key: product.adds };
}

/**
 * @param {Equation} equation
 * @returns {Block}
 */
function blockOf(equation) {
  const [first] = equation.products;
  if (first.kind === "couple") return { equation, rows: [], couple: first.factors[0] };
  /** @type {Row[]} */
  const rows = [];
  for (const product of equation.products) {
    const row = rowOf(product);
    const last = rows[rows.length - 1];
    if (row.side?.after && last?.side && sameRef(last.side.gate, row.side.gate)) {
      last.keys.push(...row.keys);
      last.products.push(product);
    } else rows.push(row);
  }
  return { equation, rows: rows.sort((a, b) => Number(b.side !== null) - Number(a.side !== null)), couple: null };
}

/**
 * @param {Product} product
 * @returns {Row}
 */
function rowOf(product) {
  const { kind, adds } = product;
  const isBias = kind === "bias" || kind === "recurrent_bias";
  const last = product.factors[product.factors.length - 1];
  return { id: adds, keys: [adds], products: [product], source: isBias ? null : last, side: sideOf(product) };
}

/**
 * @param {Product} product
 * @returns {Side | null}
 */
function sideOf({ factors, inner, vector }) {
  if (inner !== null) return { gate: factors[0], after: true, key: inner };
  if (vector !== null) return { gate: factors[matrixPlace(factors) + 1], after: false, key: vector };
  return null;
}
