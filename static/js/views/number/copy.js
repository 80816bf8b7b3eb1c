/** Formats one number and its terms as plain text, LaTeX or NumPy. */

import { applied } from "../../model/cell/equations.js";
import { isArray, matrixPlace, nameOf, sameRef, valueRef } from "../../model/cell/references.js";
import { typeset } from "../../model/cell/symbols.js";
import { placeOf } from "./factor.js";
import { totalOf } from "./sum.js";

/** @import {Equation, Explained, Network, Reference, Term} from "../../types.d.ts" */

const DIGITS = 7;
/** The number of terms that LaTeX shows individually, and of terms in a line. */
const MOST_IN_LATEX = 12;
const PER_LINE = 3;

/** @typedef {{equation: Equation, explained: Explained, network: Network | null}} Number_ */

/**
 * Every nonzero term on its own line, as on the page but with more digits.
 * @param {Number_} number
 */
export function plainText({ equation, explained, network }) {
  const { value, title, text, pre } = equation;
  const { t, unit, terms, result } = explained;
  const nonzero = terms.filter(({ product }) => product !== 0);
  const total = totalOf(explained);
  const place = `[${unit}]`;
  return [
    `${value}${place} at t = ${t + 1}: ${title}`,
    text,
    `${pre ?? value}${place} =`,
    ...nonzero.map((term) => `  + ${plainTerm(term, network)}`),
    ...(nonzero.length < terms.length ? [`  + ${terms.length - nonzero.length} terms that are 0`] : []),
    `  = ${plain(total)}`,
    ...(pre === null ? [] : [`${value}${place} = ${applied(equation, plain(total))} = ${plain(explained.computed ?? result)}`]),
    ...(explained.clamped ? [`${value}${place} is held at ${plain(result)}`] : []),
  ].join("\n");
}

/**
 * @param {Term} term
 * @param {Network | null} network
 */
function plainTerm({ factors, product }, network) {
  const names = factors.map((factor) => `${bracketed(factor)}[${placeOf(factor, network).join(",")}]`).join(" · ");
  const numbers = factors.length > 1 ? `${factors.map(({ value }) => plain(value)).join(" · ")} = ` : "";
  return `${names} = ${numbers}${plain(product)}`;
}

/**
 * The equation, its numbers and its result, as lines of an `aligned` environment (amsmath).
 * @param {Number_} number
 */
export function latex({ equation, explained }) {
  const { value, pre, words } = equation;
  const { t, unit, result, computed } = explained;
  const total = plain(totalOf(explained));
  const left = `${latexName(valueRef(value), "")}_{${t + 1},${unit}}`;
  const [first, ...others] = latexTerms(explained.terms);
  const sum = pre === null ? left : latexName(valueRef(pre), "");
  const held = explained.clamped ? [`${left} &= ${plain(result)} \\quad \\text{(held)}`] : [];
  const lines = [
    latexWords(words).replace("=", "&="),
    `${sum} &= ${first}`,
    ...others.map((line) => `&\\quad + ${line}`),
    `&= ${total}`,
    ...(pre === null ? [] : [`${left} &= ${latexWords([applied(equation, total)])} = ${plain(computed ?? result)}`]),
    ...held,
  ];
  return `\\begin{aligned}\n${lines.join(" \\\\\n")}\n\\end{aligned}`;
}

/**
 * The largest terms with their numbers, several to a line, and the sum of the others.
 * @param {readonly Term[]} terms
 * @returns {string[]}
 */
function latexTerms(terms) {
  const sorted = terms.filter(({ product }) => product !== 0).sort((a, b) => Math.abs(b.product) - Math.abs(a.product));
  const rest = sorted.slice(MOST_IN_LATEX);
  const written = sorted.slice(0, MOST_IN_LATEX).map(({ factors }) => factors.map(({ value }) => latexNumber(value)).join(" \\cdot "));
  if (rest.length > 0) {
    const others = plain(rest.reduce((sum, { product }) => sum + product, 0));
    written.push(`\\underbrace{${others}}_{\\text{${rest.length} more}}`);
  }
  const lines = [];
  for (let i = 0; i < written.length; i += PER_LINE) lines.push(written.slice(i, i + PER_LINE).join(" + "));
  return lines.length > 0 ? lines : ["0"];
}

/** @param {number} value */
function latexNumber(value) {
  const text = plain(value).replace(/e([+-]\d+)$/, (_, power) => ` \\cdot 10^{${Number(power)}}`);
  return value < 0 ? `(${text})` : text;
}

/** ⊙ σ − ± */
const SIGNS = /** @type {Record<string, string>} */ ({ "\u2299": "\\odot ", "\u03c3": "\\sigma", "\u2212": "-", "\u00b1": "\\pm " });
/** A function's name, or a sign. */
const TOKEN = /([A-Za-z]\w*)|([\u2299\u03c3\u2212\u00b1])/g;
/** Functions that LaTeX has a command for. */
const KNOWN = ["tanh"];

/**
 * An equation from the server as LaTeX.
 * @param {readonly (string | Reference)[]} words
 */
export function latexWords(words) {
  return words.map((word) => (typeof word === "string" ? latexText(word) : latexName(word))).join("");
}

/**
 * Text between names: signs, numbers and functions.
 * @param {string} text
 */
function latexText(text) {
  return text.replace(TOKEN, (_, called, sign) => {
    if (sign) return SIGNS[sign];
    return KNOWN.includes(called) ? `\\${called}` : `\\operatorname{${called.replaceAll("_", "\\_")}}`;
  });
}

/**
 * @param {Reference} reference
 * @param {string} [step] the index of a value at this step
 */
function latexName(reference, step = "_t") {
  const [base, index] = typeset(reference.name);
  const letter = base === "n" ? "\\tilde{h}" : base;
  if (reference.kind === "previous") return `${letter}_{t-1}`;
  if (index !== undefined) return `${letter}_{${index}}`;
  return isArray(reference) ? letter : `${letter}${step}`;
}

/**
 * A few lines that compute the number from arrays named as in `gru_core`: the network's arrays, and the trace's with one row per step.
 * @param {Number_} number
 */
export function numpy({ equation, explained }) {
  const { value, title, pre, products } = equation;
  const { t, unit, clamped, result, computed } = explained;
  const used = products.flatMap(({ factors }) => factors.map((factor) => (factor.kind === "complement" ? valueRef(factor.name) : factor)));
  const distinct = used.filter((factor, i) => used.findIndex((other) => sameRef(other, factor)) === i);
  const overTime = distinct.filter((factor) => !isArray(factor));
  const weights = distinct.filter(isArray);
  const sum = products.map(({ factors }) => numpyProduct(factors)).join(" + ");
  return [
    `# ${value}[${unit}] at t = ${t}, counted from 0: ${title}`,
    `# ${overTime.map(nameOf).join(", ")}: a row for each timestep${overTime.some(({ kind }) => kind === "previous") ? ", that of the step before where it says prev" : ""}`,
    ...(weights.length > 0 ? [`# ${weights.map(nameOf).join(", ")}: the network's arrays`] : []),
    "import numpy as np",
    "",
    `t, unit = ${t}, ${unit}`,
    ...(pre === null ? [`result = ${sum}`] : [`${pre} = ${sum}`, `result = ${equation.numpy}`]),
    `# ${plain(computed ?? result)}${clamped ? `, held at ${plain(result)}` : ""}`,
    "",
  ].join("\n");
}

/**
 * A product with a matrix: factors to the right of the matrix multiply the vector, and those to the left multiply the result.
 * @param {readonly Reference[]} factors
 */
function numpyProduct(factors) {
  const matrix = matrixPlace(factors);
  if (matrix < 0) return factors.map(numberAt).join(" * ");
  const vector = factors.slice(matrix + 1).map((factor) => `${nameOf(factor)}[t]`).join(" * ");
  const result = `${factors[matrix].name}[unit] @ ${factors.length > matrix + 2 ? `(${vector})` : vector}`;
  return matrix === 0 ? result : `${factors.slice(0, matrix).map(numberAt).join(" * ")} * (${result})`;
}

/**
 * @param {Reference} factor
 * @returns {string}
 */
function numberAt(factor) {
  if (factor.kind === "complement") return `(1 - ${numberAt(valueRef(factor.name))})`;
  return isArray(factor) ? `${factor.name}[unit]` : `${nameOf(factor)}[t, unit]`;
}

/**
 * A number with as many digits as are significant, in a format that any program reads.
 * @param {number} value
 */
function plain(value) {
  return String(Number(value.toPrecision(DIGITS)));
}

/** @param {Reference} factor */
function bracketed(factor) {
  return factor.kind === "complement" ? `(1 − ${factor.name})` : nameOf(factor);
}
