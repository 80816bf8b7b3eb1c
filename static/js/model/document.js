/** Pure functions on the document, which is plain immutable data. */

import { ONLY_LAYER, layerOf, sameLayer } from "./cell/layers.js";
import { splicedTarget } from "./card/target.js";
import { isOfWeights, withEdit } from "./edits/edits.js";

/** @import {CellName, Change, Edit, Form, GruDocument, InLayer, Input, InputPiece, Model, Network, NetworkSpec, Target} from "../types.d.ts" */

/**
 * The default of every switch of a form.
 * @type {Form}
 */
const DEFAULT_FORM = {
  reset_after: true, z_keeps: true, input_forget: false, peepholes: false, activations: null, clip: null,
};

/**
 * @param {GruDocument} document
 * @returns {CellName}
 */
export function cellOf({ network }) {
  return network.cell ?? "gru";
}

/**
 * @param {GruDocument} document
 * @returns {Partial<Form>} the switches that the document sets
 */
export function formOf({ options }) {
  return options?.form ?? {};
}

/**
 * The layer and direction that the page shows.
 * @param {GruDocument} document
 * @returns {InLayer}
 */
export function viewOf({ view }) {
  return view ?? ONLY_LAYER;
}

/**
 * The same document with another layer and direction on show.
 * @param {GruDocument} document
 * @param {InLayer} view
 * @returns {GruDocument}
 */
export function withView(document, view) {
  const { view: _, ...rest } = document;
  return sameLayer(view, ONLY_LAYER) ? rest : { ...rest, view: layerOf(view) };
}

/**
 * @param {Partial<Form>} a
 * @param {Partial<Form>} b
 */
export function sameForm(a, b) {
  return sameJson({ ...DEFAULT_FORM, ...a }, { ...DEFAULT_FORM, ...b });
}

/**
 * Whether a network has trained weights, which fit only its own cell and sizes.
 * @param {NetworkSpec} network
 */
export function isTrained(network) {
  return network.kind === "file" || (network.kind === "example" && network.digest != null);
}

/**
 * The same document with another cell, in that cell's default form. Edits are dropped, because no two cells have an array in common.
 * A trained network has no weights for another cell, so a random network of its sizes replaces it.
 * @param {GruDocument} document
 * @param {CellName} cell
 * @param {Network} sizes
 * @returns {GruDocument}
 */
export function withCell(document, cell, sizes) {
  const { network } = document;
  /** @type {NetworkSpec} */
  const other = isTrained(network)
    ? { kind: "random", cell, hidden_size: sizes.hiddenSize, seed: 0, ...readsLike(document, sizes) }
    : { ...network, cell };
  const { target: _, ...rest } = withView(withForm(document, {}, {}), ONLY_LAYER);
  return { ...rest, network: other, edits: [] };
}

/**
 * What a random network must have to read a document's input.
 * @param {GruDocument} document
 * @param {Network} sizes
 */
export function readsLike({ input }, { alphabet, inputSize }) {
  return input.kind === "text" ? { alphabet } : { input_size: inputSize };
}

/**
 * The same document in another form. Weights and edits stay, except edits of arrays that the form does not have.
 * @param {GruDocument} document
 * @param {Partial<Form>} form
 * @param {Model["arrays"]} arrays of the document's present network
 * @returns {GruDocument}
 */
export function withForm(document, form, arrays) {
  const { form: _, ...others } = document.options ?? {};
  const lacks = (/** @type {Edit} */ edit) => !form.peepholes && isOfWeights(edit) && arrays[edit.array]?.kind === "peephole";
  const edits = document.edits.filter((edit) => !lacks(edit));
  // Without a form, a trained network has its own one.
  const said = Object.keys(form).length > 0 || isTrained(document.network);
  return { ...document, options: said ? { ...others, form } : others, edits };
}

/**
 * Number of timesteps of an input.
 * @param {Input} input
 */
export function inputLength(input) {
  return input.kind === "text" ? input.text.length : input.kind === "tokens" ? input.tokens.length : input.values.length;
}

/**
 * Replace `remove` steps from `start` by `insert`.
 * @param {GruDocument} document
 * @param {number} start
 * @param {number} remove
 * @param {InputPiece} insert text for a text input, rows for numbers, or tokens
 * @returns {GruDocument}
 */
export function spliceInput(document, start, remove, insert) {
  const { input } = document;
  const target = splicedTarget(document.target, start, remove, insert.length);
  if (input.kind === "text") {
    const text = input.text.slice(0, start) + insert + input.text.slice(start + remove);
    return withInput(document, { kind: "text", text }, target);
  }
  if (input.kind === "tokens") {
    const tokens = [...input.tokens.slice(0, start), .../** @type {readonly number[]} */ (insert), ...input.tokens.slice(start + remove)];
    return withInput(document, { kind: "tokens", tokens }, target);
  }
  const rows = /** @type {readonly (readonly number[])[]} */ (insert);
  const values = [...input.values.slice(0, start), ...rows, ...input.values.slice(start + remove)];
  return withInput(document, { kind: "numbers", values }, target);
}

/**
 * @param {GruDocument} document
 * @param {Input} input
 * @param {Target | null | undefined} target
 * @returns {GruDocument}
 */
export function withInput(document, input, target) {
  const { target: _, ...rest } = document;
  return target ? { ...rest, input, target } : { ...rest, input };
}

/**
 * The document with one more edit.
 * @param {GruDocument} document
 * @param {Edit} edit
 * @returns {GruDocument}
 */
export function addEdit(document, edit) {
  return { ...document, edits: withEdit(document.edits, edit) };
}

/**
 * The changes that turn one document into another: at most one splice of the input, one of the edits and one of the view.
 * @param {GruDocument} before
 * @param {GruDocument} after
 * @returns {Change[]}
 */
export function diff(before, after) {
  if (before === after) return [];
  const replaced =
    !sameJson(before.network, after.network) ||
    !sameOptions(before, after) ||
    before.input.kind !== after.input.kind;
  if (replaced) return [{ kind: "document", document: after }];
  return [...inputChange(before.input, after.input), ...editsChange(before.edits, after.edits), ...viewChange(before, after)];
}

/**
 * @param {Input} before
 * @param {Input} after
 * @returns {Change[]}
 */
function inputChange(before, after) {
  if (before.kind === "text" && after.kind === "text") {
    const { start, remove, end } = splice(before.text, after.text, Object.is);
    if (remove === 0 && end === start) return [];
    return [{ kind: "input", start, remove, insert: after.text.slice(start, end) }];
  }
  if (before.kind === "numbers" && after.kind === "numbers") {
    const { start, remove, end } = splice(before.values, after.values, sameRow);
    if (remove === 0 && end === start) return [];
    return [{ kind: "input", start, remove, insert: after.values.slice(start, end) }];
  }
  if (before.kind === "tokens" && after.kind === "tokens") {
    const { start, remove, end } = splice(before.tokens, after.tokens, Object.is);
    if (remove === 0 && end === start) return [];
    return [{ kind: "input", start, remove, insert: after.tokens.slice(start, end) }];
  }
  throw new Error(`inputs must be of one kind, got ${before.kind} and ${after.kind}`);
}

/**
 * @param {readonly Edit[]} before
 * @param {readonly Edit[]} after
 * @returns {Change[]}
 */
function editsChange(before, after) {
  const { start, remove, end } = splice(before, after, Object.is);
  if (remove === 0 && end === start) return [];
  return [{ kind: "edits", start, remove, insert: after.slice(start, end) }];
}

/**
 * @param {GruDocument} before
 * @param {GruDocument} after
 * @returns {Change[]}
 */
function viewChange(before, after) {
  return sameLayer(viewOf(before), viewOf(after)) ? [] : [{ kind: "view", ...viewOf(after) }];
}

/**
 * The splice between two sequences, without their common head and tail.
 * @template T
 * @param {ArrayLike<T>} before
 * @param {ArrayLike<T>} after
 * @param {(a: T, b: T) => boolean} same
 */
function splice(before, after, same) {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && same(before[start], after[start])) start += 1;
  let tail = 0;
  while (tail < shorter - start && same(before[before.length - 1 - tail], after[after.length - 1 - tail])) tail += 1;
  return { start, remove: before.length - start - tail, end: after.length - tail };
}

/**
 * @param {readonly number[]} a
 * @param {readonly number[]} b
 */
function sameRow(a, b) {
  return a === b || (a.length === b.length && a.every((value, i) => value === b[i]));
}

/**
 * @param {GruDocument} a
 * @param {GruDocument} b
 */
function sameOptions(a, b) {
  return sameForm(formOf(a), formOf(b)) && (a.options?.dtype ?? "float64") === (b.options?.dtype ?? "float64");
}

/**
 * @param {unknown} a
 * @param {unknown} b
 */
function sameJson(a, b) {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
