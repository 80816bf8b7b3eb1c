/** The steps of a run. One clock counts those of an encoder, which reads the input, and then those of its decoder, which answers. */

import { inputLength } from "../document.js";
import { ONLY_LAYER } from "../cell/layers.js";
import { largest } from "../answer.js";

/** @import {Answer, GruDocument, InLayer, Network, NetworkPart} from "../../types.d.ts" */

/**
 * The steps of a run: those of the input, and the most that a decoder may take.
 * @param {Pick<GruDocument, "input">} document
 * @param {NetworkPart} parts
 */
export function runSteps({ input }, { decoder }) {
  return inputLength(input) + (decoder?.limit ?? 0);
}

/**
 * The layer that acts at a step: of an encoder and a decoder, that of the pair.
 * @param {Pick<GruDocument, "input">} document
 * @param {NetworkPart} parts
 * @param {number} layer of either
 * @param {number} t
 */
export function actingLayer({ input }, { decoder }, layer, t) {
  if (decoder === null) return layer;
  return (layer % decoder.first) + (t < inputLength(input) ? 0 : decoder.first);
}

/**
 * A step at which the layer on show acts: the one wanted, or the nearest.
 * @param {Pick<GruDocument, "input" | "view">} document
 * @param {NetworkPart} parts
 * @param {number} t
 */
export function stepOfLayer(document, parts, t) {
  const { layer } = document.view ?? ONLY_LAYER;
  if (actingLayer(document, parts, layer, t) === layer) return t;
  const first = inputLength(document.input);
  return t < first ? first : first - 1;
}

/**
 * Whether two places are the same layer of an encoder and of its decoder, or one place: the page shows them side by side.
 * @param {NetworkPart} parts
 * @param {InLayer} a
 * @param {InLayer} b
 */
export function isPair({ decoder }, a, b) {
  return decoder !== null && a.layer % decoder.first === b.layer % decoder.first;
}

/**
 * What a decoder has said at each of its steps, with the end mark if it came to that; empty without a decoder or before its answer is there.
 * @param {Pick<GruDocument, "input">} document
 * @param {NetworkPart} parts
 * @param {Answer | null} answer
 * @returns {number[]} outputs
 */
export function saidBy({ input }, { decoder }, answer) {
  const first = inputLength(input);
  if (decoder === null || answer === null || answer.steps !== first + decoder.limit) return [];
  const said = [];
  for (let t = first; t < answer.have && isAnswered(answer, t); t += 1) said.push(largest(answer, t, 1)[0].unit);
  return said;
}

/**
 * The last step with values: where the answer of a decoder ended.
 * @param {Pick<GruDocument, "input">} document
 * @param {NetworkPart} parts
 * @param {Answer | null} answer
 */
export function lastStep(document, parts, answer) {
  const said = saidBy(document, parts, answer).length;
  return (said > 0 ? inputLength(document.input) + said : runSteps(document, parts)) - 1;
}

/** Columns after the end of an answer come in groups, so that the plots do not move with every letter. */
const GROUP = 8;

/**
 * How many steps to show if the reader has not zoomed: without most of those after the end of a decoder's answer.
 * @param {NetworkPart} parts
 * @param {Answer | null} answer the newest, which may be one to another input
 * @param {number} steps of the run
 */
export function columnsOf({ decoder }, answer, steps) {
  if (decoder === null || answer === null) return steps;
  let said = 0;
  for (let t = answer.steps - decoder.limit; t < answer.steps && isAnswered(answer, t); t += 1) said += 1;
  return steps - decoder.limit + Math.min(decoder.limit, GROUP * Math.ceil(said / GROUP));
}

/**
 * What a decoder read at a step: the start mark, then its own answers. Null at any other step.
 * @param {Pick<GruDocument, "input">} document
 * @param {NetworkPart} parts
 * @param {readonly number[]} said
 * @param {number} t
 */
export function readAt({ input }, { decoder }, said, t) {
  const step = t - inputLength(input);
  if (decoder === null || step < 0 || step > said.length - 1) return null;
  return step === 0 ? decoder.start : said[step - 1];
}

/**
 * Whether there is an answer at a step; there is none while an encoder reads, and after the end of what a decoder says.
 * @param {Answer} answer
 * @param {number} t
 */
export function isAnswered({ values, size }, t) {
  return !Number.isNaN(values[t * size]);
}

/**
 * The answer of a decoder in words, "" if there is none.
 * @param {Network} network
 * @param {readonly number[]} said
 */
export function saidWords({ card, parts: { decoder } }, said) {
  const names = said.filter((symbol) => symbol !== decoder?.end).map((symbol) => card.classes?.[symbol] ?? String(symbol));
  return names.join(names.some((name) => name.length > 1) ? " " : "");
}
