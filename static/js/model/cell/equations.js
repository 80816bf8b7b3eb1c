/** Renders the server's words of the cell's equations, with an element for every name. */

import { make } from "../../lib/dom.js";
import { isArray, referenceNamed, referencesIn } from "./references.js";
import { symbolNode } from "./symbols.js";

/** @import {Equation, Model, Reference} from "../../types.d.ts" */

/**
 * @param {readonly (string | Reference)[]} words text, and a reference for every name
 * @returns {Node[]} nodes with the same text, where `data-name` has the names
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
 * The activation with a number in place of the sum: "σ(0.5000)"; "" if there is no activation.
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
 * The value that a name leads to: the value itself, the value that a weight helps to compute, or a state of the previous step. The input and
 * weights that no equation uses lead to none.
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
 * Values with another equation than in the previous form; none if the cell changed.
 * @param {Model | null} before
 * @param {Model} after
 * @returns {string[]}
 */
export function changedValues(before, after) {
  if (before?.cell !== after.cell) return [];
  return after.equations.filter(({ value, text }) => equationOf(before, value)?.text !== text).map(({ value }) => value);
}
