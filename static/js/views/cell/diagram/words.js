/** The texts of labels and operators: names of factors, and the signs between them. */

import { matrixPlace, nameOf } from "../../../model/cell/references.js";

/** @import {Reference} from "../../../types.d.ts" */
/** @import {Row} from "./plan.js" */

/** @typedef {string | Reference} Word a text, or the name of a factor */

const TIMES = " \u2299 ";
/** The width of a subscript letter, in letters, and the number of letters of "t−1". */
const SUBSCRIPT = 0.8;
const STEP_BEFORE = 3;
/** The number of letters that "(1 − …)" adds to a gate's name. */
const LESS = 4;
/** px */
const LETTER = 6.6;

/**
 * A summand as its equation writes it.
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
 * The operand of a gate that acts before the sum, or its result if the matrix comes after the gate.
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
 * The approximate width of words on a label, in px.
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
