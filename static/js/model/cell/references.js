/**
 * References: the server's typed names. This module writes names from references, and no code parses a name: code that has only a
 * name looks up its reference in the model.
 */

/** @import {Model, Quantity, Reference} from "../../types.d.ts" */

const MATRICES = ["input_weights", "recurrent_weights", "readout_weights", "embedding"];
const VECTORS = ["bias", "recurrent_bias", "peephole", "readout_bias"];

/** The input of a step. @type {Reference} */
export const INPUT = { kind: "input", name: "x", of: "" };

/**
 * @param {Quantity} name
 * @returns {Reference} to a value of the same step
 */
export function valueRef(name) {
  return { kind: "value", name, of: name };
}

/**
 * @param {Quantity} state
 * @returns {Reference} to a state after the previous step
 */
export function previousRef(state) {
  return { kind: "previous", name: state, of: state };
}

/**
 * @param {Quantity} state
 * @returns {Reference} to a state before the first step
 */
export function startRef(state) {
  return { kind: "start", name: state, of: state };
}

/**
 * A reference as text, which is also the name of its array in a frame.
 * @param {Reference} reference
 */
export function nameOf({ kind, name }) {
  if (kind === "complement") return `1-${name}`;
  if (kind === "previous") return `${name}_prev`;
  return kind === "start" ? `${name}_0` : name;
}

/** @param {Pick<Reference, "kind"> | undefined} reference */
export function isMatrix(reference) {
  return reference !== undefined && MATRICES.includes(reference.kind);
}

/**
 * Whether it is an array with one column: a bias or a peephole.
 * @param {Pick<Reference, "kind"> | undefined} reference
 */
export function isVector(reference) {
  return reference !== undefined && VECTORS.includes(reference.kind);
}

/** @param {Pick<Reference, "kind"> | undefined} reference to an array of the network */
export function isArray(reference) {
  return isMatrix(reference) || isVector(reference);
}

/**
 * @param {Reference} a
 * @param {Reference} b
 */
export function sameRef(a, b) {
  return a.kind === b.kind && a.name === b.name;
}

/**
 * The index of the matrix among a product's factors, −1 if there is none.
 * @param {readonly Reference[]} factors
 */
export function matrixPlace(factors) {
  return factors.findIndex(isMatrix);
}

/**
 * The references that a model's equations use, by their names: values, their sums, and factors.
 * @param {Model | null} model
 * @returns {Map<string, Reference>}
 */
export function referencesIn(model) {
  const found = model?.equations.flatMap(({ value, products }) => [valueRef(value), ...products.flatMap(({ factors }) => factors)]) ?? [];
  return new Map(found.map((reference) => [nameOf(reference), reference]));
}

/**
 * The reference of a name, including arrays that no equation uses.
 * @param {Model | null} model
 * @param {string} name as `nameOf` writes it
 * @returns {Reference | undefined}
 */
export function referenceNamed(model, name) {
  return referencesIn(model).get(name) ?? model?.arrays[name];
}
