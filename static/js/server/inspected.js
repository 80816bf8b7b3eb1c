/** What the page asks about its selection: a value, all vectors of a step, and an output that is taken apart. */

import { actingLayer, isAnswered, lastStep } from "../model/seq2seq/clock.js";
import { focusOf, heldInNumber } from "../state/view-state.js";

/** @import {Selection, State} from "../types.d.ts" */

/**
 * The value to ask about, the step whose vectors to ask for, and the output, if one is taken apart. Null if there is nothing to ask: an encoder has no
 * values at the steps of its decoder, nor the other way round, and there are none after the end of the answer.
 * @param {State} state
 * @returns {{place: Selection, t: number, output: number | null} | null}
 */
export function inspected(state) {
  const { trace, document, answer, output, network: { parts } } = state;
  const seen = focusOf(state);
  const place = focusOf(heldInNumber(state));
  if (trace === null || place.t >= trace.steps || place.unit >= trace.hidden) return null;
  const acts = [seen, place].every(({ layer, t }) => actingLayer(document, parts, layer, t) === layer && t <= lastStep(document, parts, answer));
  if (!acts) return null;
  const t = Math.min(seen.t, trace.steps - 1);
  const answered = parts.decoder === null || (answer !== null && t < answer.steps && isAnswered(answer, t));
  return { place, t, output: answered && output !== null && output < (parts.readout?.output_size ?? 0) ? output : null };
}
