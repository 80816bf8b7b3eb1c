/** The cell's equations as the server words them, marked up: every name an element, everything else as it stands. */

import { make } from "../lib/dom.js";
import { isWeight, symbolNode } from "./symbols.js";

/** @import {Equation, Model} from "../types.d.ts" */

/** A letter begins a name; a bracket right after it makes it a function's. */
const NAME = /(?<![\w.])([A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*)(?![\w([])/;

/**
 * @param {string} text such as "h = z ⊙ h_prev + (1 − z) ⊙ n"
 * @returns {Node[]} whose text, read with `data-name` for the names, is `text` again
 */
export function equationNodes(text) {
  return text.split(NAME).map((part, i) => (i % 2 ? symbolNode(part) : document.createTextNode(part)));
}

/**
 * @param {Equation} equation
 */
export function equationElement({ value, text }) {
  const element = make("p", "equation");
  element.dataset.equation = value;
  element.append(...equationNodes(text));
  return element;
}

/**
 * Prose in which a cell's names are marked up.
 * @param {string} text
 * @param {Model | null} model
 * @returns {Node[]}
 */
export function proseNodes(text, model) {
  const used = model?.equations.flatMap(({ value, products }) => [value, ...products.flatMap(({ factors }) => factors)]) ?? [];
  const names = new Set([...used, ...Object.keys(model?.arrays ?? {})]);
  return text.split(/(?<![\w.])([A-Za-z]\w*)/).map((part) => (names.has(part) ? symbolNode(part) : document.createTextNode(part)));
}

/**
 * What is applied to the sum, with a number in the sum's place: "σ(0.5000)"; "" where nothing is.
 * @param {Equation} equation
 * @param {string} number
 */
export function applied(equation, number) {
  const { pre, clip } = equation;
  return pre === null ? "" : `${functionOf(equation)}(${clip === null ? number : `clip(${number}, ±${clip})`})`;
}

/**
 * The name of what is applied to an equation's sum: "σ".
 * @param {Equation} equation
 */
export function functionOf({ text }) {
  const start = text.indexOf("= ") + 2;
  return text.slice(start, text.indexOf("(", start));
}

/**
 * @param {Model | null} model
 * @param {string} value
 */
export function equationOf(model, value) {
  return model?.equations.find((equation) => equation.value === value);
}

/**
 * The value that a name leads to: its own, the one a weight is part of, or a state's from the step before; none for the input.
 * @param {Model | null} model
 * @param {string} name of a value or a weight
 * @returns {string | undefined}
 */
export function valueNamed(model, name) {
  const plain = name.replace(/^1-|_prev$/g, "");
  const fed = model?.equations.find(({ products }) => products.some(({ factors }) => factors.includes(name)));
  return equationOf(model, plain)?.value ?? (isWeight(name) ? fed?.value : undefined);
}

/**
 * Values whose equation is not what it was in the form before; none where the cell is another.
 * @param {Model | null} before
 * @param {Model} after
 * @returns {string[]}
 */
export function changedValues(before, after) {
  if (before?.cell !== after.cell) return [];
  return after.equations.filter(({ value, text }) => equationOf(before, value)?.text !== text).map(({ value }) => value);
}
