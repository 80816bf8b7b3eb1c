/** Which example a document is of, and whether that example's story is still about it. */

import { cellOf, diff, formOf, sameForm } from "./document.js";
import { isOfWeights, isOn } from "./edits/edits.js";

/** @import {Config, Example, GruDocument} from "../types.d.ts" */

/**
 * The example whose network a document has, edited or not, of whichever cell.
 * @param {Config} config
 * @param {GruDocument} document
 * @returns {Example | null}
 */
export function exampleOf(config, document) {
  const recipe = recipeOf(document);
  return config.examples.find((example) => recipeOf(example.document) === recipe) ?? null;
}

/**
 * Whether one document opens an example in place of another one's document.
 * @param {Config} config
 * @param {GruDocument} before
 * @param {GruDocument} after
 */
export function isSwitch(config, before, after) {
  const opened = exampleOf(config, after);
  return opened !== null && opened !== exampleOf(config, before) && diff(opened.document, after).length === 0;
}

/**
 * A network but for its cell.
 * @param {GruDocument} document
 */
function recipeOf({ network: { cell: _, ...recipe } }) {
  return JSON.stringify(recipe);
}

/**
 * Whether a document has the very network that an example's story tells of: its cell, its form and its weights. Its input may differ and values
 * may be held.
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
