/** The cell's equations as the server words them, with an element for every name. */

import { make } from "../../lib/dom.js";
import { isArray, referenceNamed, referencesIn } from "./references.js";
import { symbolNode } from "./symbols.js";

/** @import {Equation, Model, Reference} from "../../types.d.ts" */

/**
 * @param {readonly (string | Reference)[]} words text, and a reference at every name
 * @returns {Node[]} whose text, read with `data-name` for the names, is that of the words
 */
export function wordNodes(words) {
  return words.map((word) => (typeof word === "string" ? document.createTextNode(word) : symbolNode(word)));
}

/**
 * @param {Equation} equation
 */
export function equationElement({ value, words }) {
  const element = make("p", "equation");
  element.dataset.equation = value;
  element.append(...wordNodes(words));
  return element;
}

/**
 * Prose in which a cell's names are marked up.
 * @param {string} text
 * @param {Model | null} model
 * @returns {Node[]}
 */
export function proseNodes(text, model) {
  const known = new Map([...referencesIn(model), ...Object.entries(model?.arrays ?? {})]);
  return wordNodes(text.split(/(?<![\w.])([A-Za-z]\w*)/).map((part) => known.get(part) ?? part));
}

/**
 * What is applied to the sum, with a number in the sum's place: "σ(0.5000)"; "" where nothing is.
 * @param {Equation} equation
 * @param {string} number
 */
export function applied({ pre, clip, function: name }, number) {
  return pre === null ? "" : `${name}(${clip === null ? number : `clip(${number}, ±${clip})`})`;
}

/**
 * @param {Model | null} model
 * @param {string} value
 */
export function equationOf(model, value) {
  return model?.equations.find((equation) => equation.value === value);
}

/**
 * The value that a name leads to: its own, the one a weight is part of, or a state's from the step before. None for the input and
 * for weights that no equation uses.
 * @param {Model | null} model
 * @param {string} name of a value or a weight
 * @returns {string | undefined}
 */
export function valueNamed(model, name) {
  return equationOf(model, referencesIn(model).get(name)?.of ?? "")?.value;
}

/**
 * @param {Model | null} model
 * @param {string} name
 */
export function isArrayNamed(model, name) {
  return isArray(referenceNamed(model, name));
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
