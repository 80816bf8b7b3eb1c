/** Which layer of a network something is in, and which direction of it. */

/** @import {Frame, InLayer} from "../../types.d.ts" */

/** The layer and direction of a document's network, of which there is one today. @type {Readonly<InLayer>} */
export const ONLY_LAYER = Object.freeze({ layer: 0, direction: "forward" });

/**
 * @param {Partial<InLayer>} a where nothing is said, the first layer, forward
 * @param {Partial<InLayer>} b
 */
export function sameLayer(a, b) {
  return layerOf(a).layer === layerOf(b).layer && layerOf(a).direction === layerOf(b).direction;
}

/**
 * @param {Partial<InLayer>} place
 * @returns {InLayer}
 */
export function layerOf({ layer = ONLY_LAYER.layer, direction = ONLY_LAYER.direction }) {
  return { layer, direction };
}

/**
 * A place's layer as an edit has it: left out where it is the one that edits are of if they say nothing.
 * @param {InLayer} place
 * @returns {Partial<InLayer>}
 */
export function editLayer(place) {
  return sameLayer(place, ONLY_LAYER) ? {} : layerOf(place);
}

/**
 * The layer that a frame's arrays are of.
 * @param {Pick<Frame, "metadata">} frame
 * @returns {InLayer}
 */
export function frameLayer({ metadata: { layer, direction } }) {
  return layerOf({ layer: Number(layer ?? 0), direction: direction === "reverse" ? "reverse" : "forward" });
}
