/** Names of factors, the signs between them and what is applied to them, as labels and operators write them. */

import { matrixPlace, nameOf } from "../../../model/cell/references.js";

/** @import {Reference} from "../../../types.d.ts" */
/** @import {Row} from "./plan.js" */

/** @typedef {string | Reference} Word text, or a name */

const TIMES = " \u2299 ";
/** Letters that a subscript takes, in parts of a letter, and the letters of "t−1". */
const SUBSCRIPT = 0.8;
const STEP_BEFORE = 3;
/** Brackets, "1" and "−" round a gate. */
const LESS = 4;
/** px */
const LETTER = 6.6;

/**
 * Words for a summand, as its equation has it.
 * @param {readonly Reference[]} factors
 * @returns {Word[]}
 */
export function productWords(factors) {
  const matrix = matrixPlace(factors);
  const vector = factors.slice(matrix + 1);
  if (matrix < 0 || vector.length === 0) return between(factors, TIMES);
  const inside = vector.length > 1 ? ["(", ...between(vector, TIMES), ")"] : vector;
  return [...between(factors.slice(0, matrix + 1), TIMES), " ", ...inside];
}

/**
 * What a gate multiplies before it is added, or what comes of it on its way to the matrix.
 * @param {Row} row
 * @returns {Word[]}
 */
export function sideWords({ products, side }) {
  if (side && !side.after) return between(products[0].factors.slice(1), TIMES);
  return products.flatMap(({ factors }, i) => [...(i ? [" + "] : []), ...productWords(factors.slice(1))]);
}

/**
 * @param {readonly Reference[]} factors
 * @param {string} sign
 * @returns {Word[]}
 */
function between(factors, sign) {
  return factors.flatMap((factor, i) => (i ? [sign, factor] : [factor]));
}

/**
 * About how many px words take on a label.
 * @param {Word[]} words
 */
export function widthOf(words) {
  return words.reduce((sum, word) => sum + Math.max(1, lettersOf(word)), 0) * LETTER;
}

/** @param {Word} word */
function lettersOf(word) {
  if (typeof word === "string") return word.length;
  if (word.kind === "complement") return word.name.length + LESS;
  return 1 + SUBSCRIPT * (word.kind === "previous" ? STEP_BEFORE : nameOf(word).length - 2);
}
