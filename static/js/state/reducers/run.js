/** Actions with the server's results. */

import { changedValues } from "../../model/cell/equations.js";
import { frameLayer, sameLayer } from "../../model/cell/layers.js";
import { answerFrom, mapFrom } from "../../model/answer.js";
import { NO_ENDS, withBlock } from "../../model/weights/ends.js";
import { sized } from "../../model/network.js";
import { scaleOf } from "../../model/scale.js";
import { rewished } from "../../model/writing.js";
import { fitScales, mergeSteps, startTrace } from "../../model/trace.js";

/** @import {Frame, Model, Opened, PageTrace, State, Weights} from "../../types.d.ts" */
/** @import {Action, Arrived} from "../types.d.ts" */

/**
 * @param {State} state
 * @param {Action} action
 * @returns {Partial<State>}
 */
export function reduceRun(state, action) {
  switch (action.type) {
    case "connected":
      return { connection: "open" };
    case "disconnected":
      return { connection: "lost", synced: false, writing: rewished(state.writing, state.document, true) };
    case "opened":
      return { ...opened(state, action.message), network: sized(state.document, action.message.network, action.message.alphabet, state.network.card) };
    case "arrived":
      return arrived(state, action.arrived);
    case "right arrived":
      return { right: action.right };
    case "block arrived":
      return { ends: withBlock(state, action.frame) };
    case "looked into":
      return { looks: action.looks, ...(action.part !== state.part && { part: action.part, ends: NO_ENDS }) };
    case "gesture ended":
      return { trace: state.trace && fitScales(state.trace) };
    case "answered":
      return {
        ...(action.explained && { explained: action.explained }),
        ...(action.step && { step: action.step }),
        ...(action.output && { explainedOutput: action.output }),
      };
    case "unchanged":
      return { synced: state.document === action.document };
    case "compared with":
      return action.baseline === null ? { baseline: null, compare: "now" } : { baseline: action.baseline };
    default:
      return {};
  }
}

/**
 * The server opened a document: replace the model if it differs, and begin an empty trace.
 * @param {State} state
 * @param {Opened} message
 * @returns {Partial<State>}
 */
function opened({ model: before, trace }, message) {
  const { run, steps, hidden_size: hidden, view } = message;
  const model = modelOf(message);
  const { values, equations } = model;
  const scales = Object.fromEntries(equations.map(({ value }) => [value, heldScale(trace, model, value)]));
  const begun = { trace: startTrace(trace, run, { ...view, values, scales, steps, hidden }, 0), step: null };
  const same = JSON.stringify(model) === JSON.stringify(before);
  return same ? begun : { ...begun, model, changed: changedValues(before, model) };
}

/**
 * @param {Opened} message
 * @returns {Model}
 */
function modelOf({ cell, title, form, values, equations, stages, arrays }) {
  return { cell, title, form, values, equations, stages: stages ?? values.map((value) => [value]), arrays };
}

/**
 * A value's scale. The range of an unbounded value stays until the new run is complete, because values of the old run are visible until then.
 * @param {PageTrace | null} trace
 * @param {Model} model
 * @param {string} value
 */
function heldScale(trace, model, value) {
  const scale = scaleOf(model, value);
  const held = trace?.scales[value];
  return scale.follows && held?.follows ? held : scale;
}

/**
 * @param {State} state
 * @param {Arrived} arrived
 * @returns {Partial<State>}
 */
function arrived(state, { run, document, keep, steps, frames, done, steady }) {
  const { trace } = state;
  const patch = { ...weightsFrom(state, frames), answer: answerFrom(state.answer, frames), map: mapFrom(state.map, frames) };
  if (trace === null) return patch;
  const begun = trace.run === run ? trace : startTrace(trace, run, { ...trace, steps }, keep);
  const mine = frames.filter((frame) => isSteps(frame) && sameLayer(frameLayer(frame), begun));
  const merged = mine.reduce((whole, frame) => mergeSteps(whole, frame, steady), begun);
  if (!done) return { ...patch, trace: merged };
  return { ...patch, trace: { ...merged, complete: run }, synced: state.document === document };
}

/**
 * @param {State} state
 * @param {readonly Frame[]} frames
 * @returns {{original: Weights, weights: Weights}}
 */
function weightsFrom({ original, weights }, frames) {
  let own = original;
  let edited = weights;
  for (const { metadata, arrays } of frames) {
    if (metadata.type !== "weights") continue;
    if (metadata.of === "network") own = edited = arrays;
    else edited = { ...edited, ...arrays };
  }
  return { original: own, weights: edited };
}

/** @param {Frame} frame */
function isSteps({ metadata }) {
  return metadata.type === "steps";
}
