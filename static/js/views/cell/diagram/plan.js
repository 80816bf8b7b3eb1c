/** What a cell's picture consists of, read off its equations: sums that lead to gates and candidates, and how a state is made of them. */

/** @import {Equation, Kind, Model, Product} from "../../../types.d.ts" */

/**
 * One summand, or neighbours that share a gate.
 * @typedef {object} Row
 * @property {string} id
 * @property {string[]} keys of the `step` frame's arrays that it adds up
 * @property {Product[]} products
 * @property {string} source the vector or state that comes in; "" for a bias
 * @property {Side | null} side
 *
 * A gate that acts before the sum: on a product (after the matrix), or on the vector (before it).
 * @typedef {object} Side
 * @property {string} gate
 * @property {boolean} after
 * @property {string} key of the `step` frame's array that comes out of the gate, or that goes into it
 *
 * @typedef {object} Block
 * @property {Equation} equation
 * @property {Row[]} rows those with a gate first, as their wires come in above the others'; none where the value is 1 less another
 * @property {string} couple the other's factor, "1-i"; else ""
 *
 * A factor times a factor on the way to a state.
 * @typedef {object} Share
 * @property {string} gate such as "z" or "1-z"
 * @property {string} of what is let through
 * @property {string} key
 *
 * @typedef {object} Plan
 * @property {Block[]} blocks from left to right
 * @property {{equation: Equation, keep: Share, write: Share} | null} blend
 * @property {{equation: Equation, share: Share, squash: Equation} | null} show how an inner state leaves
 */

/** What a gate multiplies after the matrix, as every `step` frame of such a form has it. */
export const INNER = "u";

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
 * The value that a factor is, or is 1 less of.
 * @param {string} factor
 */
export function valueOf(factor) {
  return factor.replace(/^1-/, "");
}

/**
 * The gate that keeps stands first, what it lets in last, and the gate to the outside after it.
 * @param {Block} block
 * @param {Omit<Plan, "blocks">} plan
 */
function place({ equation: { value } }, { blend, show }) {
  if (blend && value === valueOf(blend.keep.gate)) return 0;
  if (blend && value === blend.write.of) return 2;
  return show && value === show.share.gate ? 3 : 1;
}

/**
 * @param {Product[]} products
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
  const [gate, of] = products.find((product) => product.kind === kind)?.factors ?? ["", ""];
  return { gate, of, key: `${value}/${kind}` };
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
    const row = rowOf(equation.value, product);
    const last = rows[rows.length - 1];
    if (row.side?.after && last?.side?.gate === row.side.gate) {
      last.keys.push(...row.keys);
      last.products.push(product);
    } else rows.push(row);
  }
  return { equation, rows: rows.sort((a, b) => Number(b.side !== null) - Number(a.side !== null)), couple: "" };
}

/**
 * @param {string} value
 * @param {Product} product
 * @returns {Row}
 */
function rowOf(value, product) {
  const { kind, factors } = product;
  const key = `${value}/${kind}`;
  const last = factors[factors.length - 1];
  const isBias = kind === "bias" || kind === "recurrent_bias";
  const matrix = factors.findIndex((name) => /^[WU]/.test(name));
  const gated = (isBias && factors.length > 1) || matrix > 0;
  const before = matrix >= 0 && factors.length > matrix + 2;
  const side = gated
    ? { gate: factors[0], after: true, key: INNER }
    : before ? { gate: factors[matrix + 1], after: false, key: `${key}/vector` } : null;
  return { id: key, keys: [key], products: [product], source: isBias ? "" : last, side };
}
