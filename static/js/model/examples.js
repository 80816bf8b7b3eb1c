/** Finds the example of a document, and decides whether the example's story still applies. */

import { cellOf, diff, formOf, sameForm } from "./document.js";
import { isOfWeights, isOn } from "./edits/edits.js";

/** @import {Config, Example, GruDocument} from "../types.d.ts" */

/**
 * The example that a document was made from, even if it was edited or has another cell.
 * @param {Config} config
 * @param {GruDocument} document
 * @returns {Example | null}
 */
export function exampleOf(config, document) {
  const recipe = recipeOf(document);
  return config.examples.find((example) => recipeOf(example.document) === recipe) ?? null;
}

/**
 * Whether a new document belongs to another example than the old one.
 * @param {Config} config
 * @param {GruDocument} before
 * @param {GruDocument} after
 */
export function isSwitch(config, before, after) {
  const opened = exampleOf(config, after);
  return opened !== null && opened !== exampleOf(config, before) && diff(opened.document, after).length === 0;
}

/**
 * A network without its cell.
 * @param {GruDocument} document
 */
function recipeOf({ network: { cell: _, ...recipe } }) {
  return JSON.stringify(recipe);
}

/**
 * Whether a document has the network of an example's story: the same cell, form and weights. The input may differ, and values may be
 * held.
 * @param {Example} example
 * @param {GruDocument} document
 */
export function isAsTold(example, document) {
  return isOfCell(example, document) && isOfForm(example, document) && !hasOtherWeights(document);
}

/**
 * @param {Example} example
 * @param {GruDocument} document
 */
export function isOfCell({ document: told }, document) {
  return cellOf(told) === cellOf(document);
}

/**
 * @param {Example} example
 * @param {GruDocument} document
 */
export function isOfForm({ document: told }, document) {
  return sameForm(formOf(told), formOf(document));
}

/** @param {GruDocument} document */
function hasOtherWeights({ edits }) {
  return edits.some((edit) => isOn(edit) && isOfWeights(edit));
}
