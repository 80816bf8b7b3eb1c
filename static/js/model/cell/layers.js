/** The layer and direction of edits, questions and frames. */

/** @import {Frame, InLayer, Part} from "../../types.d.ts" */

/** The layer and direction that a document shows by default. @type {Readonly<InLayer>} */
export const ONLY_LAYER = Object.freeze({ layer: 0, direction: "forward" });

/**
 * Whether two places are one. The embedding and the readout, which are in no layer, are places of edits too.
 * @param {Partial<InLayer> & {part?: Part}} a by default the first layer, forward
 * @param {Partial<InLayer> & {part?: Part}} b
 */
export function sameLayer(a, b) {
  if (!inLayer(a) || !inLayer(b)) return a.part === b.part;
  return layerOf(a).layer === layerOf(b).layer && layerOf(a).direction === layerOf(b).direction;
}

/** @param {{part?: Part}} place */
function inLayer({ part = "layer" }) {
  return part === "layer";
}

/**
 * @param {Partial<InLayer>} place
 * @returns {InLayer}
 */
export function layerOf({ layer = ONLY_LAYER.layer, direction = ONLY_LAYER.direction }) {
  return { layer, direction };
}

/**
 * A place's layer and direction for an edit, without those that are the default.
 * @param {InLayer} place
 * @returns {Partial<InLayer>}
 */
export function editLayer(place) {
  return sameLayer(place, ONLY_LAYER) ? {} : layerOf(place);
}

/**
 * The layer of a frame's arrays.
 * @param {Pick<Frame, "metadata">} frame
 * @returns {InLayer}
 */
export function frameLayer({ metadata: { layer, direction } }) {
  return layerOf({ layer: Number(layer ?? 0), direction: direction === "reverse" ? "reverse" : "forward" });
}
