/** What a cell's picture consists of, read off its equations: sums that lead to gates and candidates, and how a state is made of them. */

import { matrixPlace, sameRef } from "../../../model/cell/references.js";

/** @import {Equation, Kind, Model, Product, Reference} from "../../../types.d.ts" */

/**
 * One summand, or neighbours that share a gate.
 * @typedef {object} Row
 * @property {string} id
 * @property {string[]} keys of the `step` frame's arrays that it adds up
 * @property {Product[]} products
 * @property {Reference | null} source the vector or state that comes in; null for a bias
 * @property {Side | null} side
 *
 * A gate that acts before the sum: on a product (after the matrix), or on the vector (before it).
 * @typedef {object} Side
 * @property {Reference} gate
 * @property {boolean} after
 * @property {string} key of the `step` frame's array that comes out of the gate, or that goes into it
 *
 * @typedef {object} Block
 * @property {Equation} equation
 * @property {Row[]} rows those with a gate first, as their wires come in above the others'; none where the value is 1 less another
 * @property {Reference | null} couple the other's factor, 1 less a gate; else null
 *
 * A factor times a factor on the way to a state.
 * @typedef {object} Share
 * @property {Reference} gate a gate, or 1 less one
 * @property {Reference} of what is let through
 * @property {string} key
 *
 * @typedef {object} Plan
 * @property {Block[]} blocks from left to right
 * @property {{equation: Equation, keep: Share, write: Share} | null} blend
 * @property {{equation: Equation, share: Share, squash: Equation} | null} show how an inner state leaves
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
 * The gate that keeps stands first, what it lets in last, and the gate to the outside after it.
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
