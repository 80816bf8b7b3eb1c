/** The parts and sizes of a document's network, derived without the server. */

import { NO_CARD, cardOf } from "./card/card.js";
import { viewOf } from "./document.js";

/** @import {Card, Config, GruDocument, InLayer, Network, NetworkPart, NetworkSpec} from "../types.d.ts" */

/**
 * @param {Config} config
 * @param {GruDocument} document
 * @param {Readonly<Record<string, Card>>} [cards] those that the page was given
 * @returns {Network}
 */
export function networkOf(config, document, cards = {}) {
  const { network: spec } = document;
  const example = spec.kind === "random" ? undefined : exampleOf(config, spec);
  const alphabet = spec.kind === "random" ? spec.alphabet ?? null : example?.alphabet ?? null;
  return sized(document, partsOf(spec, example?.network), alphabet, cardOf(config, document, cards));
}

/**
 * The sizes of a network whose parts are known.
 * @param {GruDocument} document
 * @param {NetworkPart} parts
 * @param {string | null} alphabet
 * @param {Card} [card]
 * @returns {Network}
 */
export function sized(document, parts, alphabet, card = NO_CARD) {
  const { layer } = viewOf(document);
  const seen = parts.layers[layer] ?? parts.layers[0];
  const sizes = { inputSize: parts.input_size, layerInputs: seen.input_size, hiddenSize: seen.hidden_size };
  const reads = parts.vocabulary === null && readsInput(parts, layer);
  const readsAnswers = parts.decoder?.first === layer && seen.input_size === parts.readout?.output_size;
  return { alphabet, tokens: card.tokens ?? null, card, parts, readsInput: reads, readsAnswers, ...sizes };
}

/**
 * Whether a network is more than one layer in one direction.
 * @param {NetworkPart} parts
 */
export function isStack({ layers, vocabulary, readout }) {
  return layers.length > 1 || layers[0].directions.length > 1 || vocabulary !== null || readout !== null;
}

/**
 * Whether a layer reads in reverse: the answer then comes only after every layer has been computed.
 * @param {NetworkPart} parts
 */
export function readsInReverse({ layers }) {
  return layers.some(({ directions }) => directions.includes("reverse"));
}

/**
 * A layer and direction in words, "" if the network has only one.
 * @param {NetworkPart} parts
 * @param {InLayer} place
 */
export function placeName({ layers, decoder }, { layer, direction }) {
  if (decoder !== null) {
    const stage = layer < decoder.first ? "encoder" : "decoder";
    return decoder.first > 1 ? `${stage}, layer ${(layer % decoder.first) + 1}` : stage;
  }
  const number = layers.length > 1 ? [`layer ${layer + 1}`] : [];
  const forward = layers[layer]?.directions.join() === "forward";
  return [...number, ...(forward ? [] : [direction])].join(", ");
}

/**
 * @param {Config} config
 * @param {Exclude<NetworkSpec, {kind: "random"}>} spec
 */
function exampleOf({ examples }, spec) {
  return examples.find(({ name, document: { network } }) =>
    spec.kind === "example" ? name === spec.name : JSON.stringify(network) === JSON.stringify(spec));
}

/**
 * @param {NetworkSpec} spec
 * @param {NetworkPart | undefined} known those of an example or a file
 * @returns {NetworkPart}
 */
function partsOf(spec, known) {
  if (spec.kind !== "random") return known ?? single(1, 1);
  return single(spec.alphabet?.length ?? spec.input_size ?? 1, spec.hidden_size);
}

/**
 * Whether a layer reads the network's input as it is.
 * @param {NetworkPart} parts
 * @param {number} layer
 */
export function readsInput({ layers }, layer) {
  return layer === 0 && layers[0].before.length === 0;
}

/**
 * @param {number} inputs
 * @param {number} units
 * @returns {NetworkPart}
 */
function single(inputs, units) {
  const layer = { cell: /** @type {const} */ ("gru"), merge: /** @type {const} */ ("concat"), input_size: inputs, hidden_size: units, output_size: units };
  return { vocabulary: null, input_size: inputs, layers: [{ ...layer, directions: ["forward"], before: [] }], readout: null, ends: {}, parameters: 0, uniform: true, decoder: null, guessed: [], note: "", writes: null };
}
