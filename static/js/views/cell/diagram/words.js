/** Names of factors, the signs between them and what is applied to them, as labels and operators write them. */

import { make } from "../../../lib/dom.js";
import { functionOf } from "../../../model/equations.js";
import { symbolNode } from "../../../model/symbols.js";

/** @import {Equation} from "../../../types.d.ts" */
/** @import {Row} from "./plan.js" */

const TIMES = " \u2299 ";

/**
 * Words for a summand, as its equation has it.
 * @param {string[]} factors
 * @returns {string[]}
 */
export function productWords(factors) {
  const matrix = factors.findIndex((name) => /^[WU]/.test(name));
  const vector = factors.slice(matrix + 1);
  if (matrix < 0 || vector.length === 0) return between(factors, TIMES);
  const inside = vector.length > 1 ? ["(", ...between(vector, TIMES), ")"] : vector;
  return [...between(factors.slice(0, matrix + 1), TIMES), " ", ...inside];
}

/**
 * What a gate multiplies before it is added, or what comes of it on its way to the matrix.
 * @param {Row} row
 * @returns {string[]}
 */
export function sideWords({ products, side }) {
  if (side && !side.after) return between(products[0].factors.slice(1), TIMES);
  return products.flatMap(({ factors }, i) => [...(i ? [" + "] : []), ...productWords(factors.slice(1))]);
}

/**
 * @param {string[]} names
 * @param {string} sign
 */
function between(names, sign) {
  return names.flatMap((name, i) => (i ? [sign, name] : [name]));
}

/**
 * @param {string[]} words
 * @returns {Node[]}
 */
export function wordNodes(words) {
  return words.map((word) => {
    if (word.startsWith("1-")) return less(word.slice(2));
    return /^[a-z]/i.test(word) ? symbolNode(word) : document.createTextNode(word);
  });
}

/** @param {string} gate what 1 is less by */
function less(gate) {
  const node = make("span", "", "(1−");
  node.dataset.name = `1-${gate}`;
  node.append(symbolNode(gate), ")");
  return node;
}

/**
 * What is applied to an equation's sum, without the constants that the equation gives.
 * @param {Equation} equation
 */
export function appliedWord(equation) {
  return functionOf(equation).replace(/\[.*/, "");
}

/**
 * About how many px words take on a label.
 * @param {string[]} words
 */
export function widthOf(words) {
  const letters = words.map((word) => (/^[a-z]/i.test(word) ? 1 + 0.8 * (word === "h_prev" || word === "c_prev" ? 3 : word.length - 2) : word.length + (word.startsWith("1-") ? 2 : 0)));
  return letters.reduce((sum, count) => sum + Math.max(1, count), 0) * 6.6;
}
