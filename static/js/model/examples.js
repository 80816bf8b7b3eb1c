/** Which example a document is of, and whether that example's story still tells of it. */

import { cellOf, formOf, sameForm } from "./document.js";

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
 * A network but for its cell.
 * @param {GruDocument} document
 */
function recipeOf({ network: { cell: _, ...recipe } }) {
  return JSON.stringify(recipe);
}

/**
 * Whether a document is of the cell and in the form that an example's story tells of.
 * @param {Example} example
 * @param {GruDocument} document
 */
export function isAsTold({ document: told }, document) {
  return cellOf(told) === cellOf(document) && sameForm(formOf(told), formOf(document));
}
