/** Finds the example of a document, and decides whether the example's story still applies. */

import { cellOf, diff, formOf, readsLike, sameForm, withView } from "../document.js";
import { ONLY_LAYER } from "../cell/layers.js";
import { isOfWeights, isOn } from "../edits/edits.js";
import { resizeChannels } from "../generators.js";

/** @import {Config, Example, GruDocument, Network, RandomNetwork} from "../../types.d.ts" */

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

/**
 * The input after a document's own among those that show what its example does; null if there is no other.
 * @param {Example | null} example
 * @param {GruDocument} document
 */
export function nextInput(example, { input }) {
  const inputs = example?.listing.inputs ?? [];
  const at = inputs.findIndex((other) => JSON.stringify(other) === JSON.stringify(input));
  return inputs.length - Number(at >= 0) > 0 ? inputs[(at + 1) % inputs.length] : null;
}

/**
 * A document with an untrained network that reads the same input. A network with an embedding reads tokens, which no untrained one does; an example
 * takes its place.
 * @param {Config} config
 * @param {GruDocument} document
 * @param {Network} sizes of its network
 * @param {{hidden_size: number, input_size: number, seed: number, gain: number}} wanted
 * @returns {GruDocument}
 */
export function untrainedDocument(config, document, sizes, { hidden_size, input_size, seed, gain }) {
  if (document.input.kind === "tokens") {
    const { document: other } = config.examples.find(({ listing }) => listing.made === "untrained") ?? config.examples[0];
    return { ...other, network: { .../** @type {RandomNetwork} */ (other.network), hidden_size, seed, gain } };
  }
  const { target: _, ...plain } = document; // an untrained network has no outputs to compare
  const { network, input } = plain;
  const numbers = input.kind === "numbers";
  const reads = numbers ? { input_size } : readsLike(document, sizes);
  if (network.kind === "random") {
    return { ...plain, network: { ...network, ...reads, hidden_size, seed, gain }, input: numbers ? resizeChannels(input, input_size) : input, edits: [] };
  }
  const { options, ...rest } = withView(plain, ONLY_LAYER);
  const cell = cellOf(document);
  return { ...rest, network: { kind: "random", cell, hidden_size, seed, gain, ...reads }, input: numbers ? resizeChannels(input, input_size) : input, edits: [], ...(options?.dtype && { options: { dtype: options.dtype } }) };
}
