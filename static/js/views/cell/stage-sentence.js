/** Describes one sub-step of the selected unit in words and numbers, from the equations. */

import { bold, factorsOf, outcome, percent, reader, sentenceOf } from "./cell-sentence.js";
import { applied, equationOf, wordNodes } from "../../model/cell/equations.js";
import { productWords } from "./diagram/words.js";
import { fixed } from "../../lib/format.js";
import { symbol, symbolNode } from "../../model/cell/symbols.js";

/** @import {Told} from "./cell-sentence.js" */
/** @import {Equation, Product} from "../../types.d.ts" */

/**
 * @param {Told} told
 * @param {number} stage
 * @returns {(Node | string)[]}
 */
export function stageSentence(told, stage) {
  const parts = (told.model.stages[stage] ?? []).map((value) => {
    const equation = equationOf(told.model, value);
    return equation ? ofEquation(told, equation) : [];
  });
  return parts.flatMap((part, i) => (i ? ["; ", ...part] : part));
}

/**
 * @param {Told} told
 * @param {Equation} equation
 * @returns {(Node | string)[]}
 */
function ofEquation(told, equation) {
  const { model, selection } = told;
  const { value, products, pre, title } = equation;
  const read = reader(told);
  const result = outcome(told, value);
  const named = `Unit ${selection.unit}, ${title}`;
  const shown = factorsOf(products, "show");
  const coupled = factorsOf(products, "couple");
  if (factorsOf(products, "keep")) return sentenceOf(told, false);
  if (shown) return [`unit ${selection.unit} shows `, bold(percent(read(shown[0]))), ` of ${symbol(shown[1])} = ${fixed(read(shown[1]), 2)}: `, ...result];
  if (coupled) {
    const gate = coupled[0].name;
    return [`${named}: what the ${equationOf(model, gate)?.title} leaves, 1 − ${fixed(read(gate), 2)}: `, ...result];
  }
  if (factorsOf(products, "state")) return [`${named}: ${applied(equation, fixed(read(pre ?? ""), 2))}, `, ...result];
  const sum = numberOf(told, [pre ?? ""]);
  if (Number.isNaN(sum)) return [`${named}: `, ...result];
  const [gate, from] = gatedWords(told, equation);
  return [`${named}: `, ...gate, `${from.join(", ")} sum to ${fixed(sum, 2)}, ${applied(equation, fixed(sum, 2))}: `, ...result];
}

/**
 * What a gate lets through, in words, and every summand; biases are added up.
 * @param {Told} told
 * @param {Equation} equation
 * @returns {[(Node | string)[], string[]]}
 */
function gatedWords(told, { products }) {
  const key = (/** @type {Product} */ { adds }) => adds;
  const gated = products.filter(isGated);
  const biases = products.filter((product) => isBias(product) && !gated.includes(product));
  const plain = products.filter((product) => !isBias(product) && !gated.includes(product));
  const summands = plain.map((product) => `${fixed(numberOf(told, [key(product)]), 2)} from ${symbol(product.factors[product.factors.length - 1])}`);
  if (gated.length > 0) summands.push(`${fixed(numberOf(told, gated.map(key)), 2)} from that`);
  if (biases.length > 0) summands.push(`bias ${fixed(numberOf(told, biases.map(key)), 2)}`);
  return [gated.length > 0 ? letThrough(told, gated) : [], summands];
}

/**
 * @param {Told} told
 * @param {Product[]} products the products of one gate
 * @returns {(Node | string)[]}
 */
function letThrough(told, products) {
  const read = reader(told);
  const [{ factors, inner }] = products;
  const [gate, state] = inner === null ? factors.slice(1) : factors;
  const words = inner === null ? [state] : products.flatMap((product, i) => [...(i ? [" + "] : []), ...productWords(product.factors.slice(1))]);
  const number = inner === null ? read(state) : numberOf(told, [inner]);
  return [symbolNode(gate), " lets through ", bold(percent(read(gate))), " of ", ...wordNodes(words), ` = ${fixed(number, 2)}; `];
}

/** @param {Product} product */
function isBias({ kind }) {
  return kind === "bias" || kind === "recurrent_bias";
}

/**
 * Whether a gate acts on a product before the sum.
 * @param {Product} product
 */
function isGated({ inner, vector }) {
  return inner !== null || vector !== null;
}

/**
 * The sum of arrays of the step frame for the selected unit; NaN until they arrive.
 * @param {Told} told
 * @param {string[]} keys
 */
function numberOf({ step, selection }, keys) {
  return keys.reduce((sum, key) => sum + (step?.arrays[key]?.[selection.unit] ?? NaN), 0);
}
