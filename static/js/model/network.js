/** The sizes and the alphabet of a document's network, derived without the server. */

/** @import {Config, Network, NetworkSpec} from "../types.d.ts" */

/**
 * @param {Config} config
 * @param {NetworkSpec} spec
 * @returns {Network}
 */
export function networkOf(config, spec) {
  if (spec.kind === "random") {
    const alphabet = spec.alphabet ?? null;
    return { alphabet, inputSize: alphabet?.length ?? spec.input_size ?? 1, hiddenSize: spec.hidden_size };
  }
  const example = config.examples.find(({ name, document: { network } }) =>
    spec.kind === "example" ? name === spec.name : JSON.stringify(network) === JSON.stringify(spec));
  if (!example) return { alphabet: null, inputSize: 1, hiddenSize: 1 };
  return { alphabet: example.alphabet, inputSize: example.input_size, hiddenSize: example.hidden_size };
}
