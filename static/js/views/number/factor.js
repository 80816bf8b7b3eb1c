/** One factor of a term: its name, and the source of its number. */

import { layerInputName } from "../../lib/format.js";
import { isArray, startRef } from "../../model/cell/references.js";
import { symbol } from "../../model/cell/symbols.js";
import { readsInput } from "../../model/network.js";
import { valueIn } from "../../model/weights/tensor.js";
import { stepBefore } from "../../model/trace.js";

/** @import {Explained, Factor, InLayer, Leaf, Network, NetworkPart, PageTrace, Reference, Selection, State} from "../../types.d.ts" */

/**
 * A factor's name with its unit or input. The step is omitted, because the panel names it.
 * @param {Factor} factor
 * @param {Network | null} network
 * @param {boolean} leads whether it precedes a matrix; its unit is then the panel's and is omitted
 */
export function factorName(factor, network, leads) {
  return leads ? symbol(factor) : `${symbol(factor)}[${placeOf(factor, network).join(",")}]`;
}

/**
 * The indices of a number in its array, without the step.
 * @param {Pick<Factor, "kind" | "index">} factor
 * @param {Network | null} network
 */
export function placeOf({ kind, index }, network) {
  const places = isArray({ kind }) ? index : index.slice(-1);
  return places.map((place, i) => {
    const isInput = kind === "input" || (kind === "input_weights" && i === 1);
    return isInput ? layerInputName(network, place) : String(place);
  });
}

/**
 * The place where a factor is computed; null for weights, inputs and start states, which are not computed. The input of a layer above the first is a
 * state of the layer below, unless a fixed map lies between them.
 * @param {Pick<Factor, "kind" | "name" | "index">} factor
 * @param {InLayer} place the layer of its value
 * @param {Pick<PageTrace, "steps">} trace
 * @param {NetworkPart} parts
 * @returns {Selection | null}
 */
export function sourceOf({ kind, name, index }, { layer, direction }, { steps }, parts) {
  if (isArray({ kind })) return null;
  const [t, unit] = index;
  const reads = layer > 0 && layer !== parts.decoder?.first; // the states of the layer below
  if (kind === "input") return reads && parts.layers[layer].before.length === 0 ? stateOf(parts, layer - 1, t, unit) : null;
  const at = kind === "previous" ? stepBefore({ direction, steps }, t) : t;
  return at < 0 ? null : { layer, direction, t: at, unit, quantity: name };
}

/**
 * The unit of a layer that is one of its states; null if a merge mixes two.
 * @param {NetworkPart} parts
 * @param {number} layer
 * @param {number} t
 * @param {number} column of the layer's states
 * @returns {Selection | null}
 */
export function stateOf({ layers }, layer, t, column) {
  const { directions, merge, hidden_size: units } = layers[layer];
  if (directions.length > 1 && merge !== "concat") return null;
  return { layer, direction: directions[Math.floor(column / units)], t, unit: column % units, quantity: "h" };
}

/**
 * A leaf's current factor among the terms of a value, or null if it is not one of its factors.
 * @param {Leaf} leaf
 * @param {Explained} explained
 * @returns {Factor | null}
 */
export function leafOf({ of, factor: { kind, name, index } }, { t, unit, quantity, terms }) {
  if (of.t !== t || of.unit !== unit || of.quantity !== quantity) return null;
  const factors = terms.flatMap((term) => term.factors);
  return factors.find((factor) => factor.kind === kind && factor.name === name && factor.index.join() === index.join()) ?? null;
}

/**
 * A leaf that is a weight of the readout, with its present value; null if it is another number.
 * @param {Leaf} leaf
 * @param {Pick<State, "ends" | "part">} state
 * @returns {Factor | null}
 */
export function readoutLeaf({ factor }, { ends, part }) {
  if (part !== "readout" || !(factor.name in ends.weights)) return null;
  const [row, column = 0] = factor.index;
  return { ...factor, index: [...factor.index], value: valueIn(ends.weights[factor.name], row, column) };
}

/**
 * @param {Network | null} network
 * @param {number} layer
 */
function inputWords(network, layer) {
  if (network !== null && !readsInput(network.parts, layer)) return madeWords(network.parts, layer);
  return network !== null && network.parts.vocabulary !== null
    ? "a number of the token’s row in the embedding: choose another token above the plots, or change the weight in its grid"
    : "the input: change it in the strip above the plots";
}

/**
 * Where an input comes from that is neither the network's nor a state.
 * @param {NetworkPart} parts
 * @param {number} layer
 */
function madeWords({ layers }, layer) {
  const below = layer > 0 ? `the states of layer ${layer}` : "the network’s input";
  const { before } = layers[layer];
  return before.length > 0 ? `an input of this layer, made from ${below} by ${before.join(", then ")}` : `an input of this layer: ${below}, merged by ${layers[layer - 1].merge}`;
}

/**
 * A description of a number that is not computed.
 * @param {Pick<Factor, "kind" | "name" | "of" | "index">} factor
 * @param {Network | null} network
 * @param {number} layer the layer of its value
 * @returns {{reference: Reference, place: string, text: string}}
 */
export function leafWords(factor, network, layer) {
  const place = `[${placeOf(factor, network).join(",")}]`;
  if (isArray(factor)) return { reference: factor, place, text: "a weight, chosen in its grid: change it there" };
  if (factor.kind === "input") return { reference: factor, place: `${place} at t = ${factor.index[0] + 1}`, text: inputWords(network, layer) };
  return { reference: startRef(factor.name), place, text: "the start state, before the first step" };
}
