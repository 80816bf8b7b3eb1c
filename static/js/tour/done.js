/** Decides whether a page's task is done, from the numbers and choices in its confirmation. How the reader did it does not matter. */

import { largest } from "../model/answer.js";
import { outputName } from "../model/card/card.js";
import { shows } from "../model/training/shown.js";

/** @import {GruDocument, Look, State, Training, TourAnswer, TourFact, TourPage, TourQuestion, TourTask, TourValueFact} from "../types.d.ts" */

/** The tolerance of a held value. */
const NEAR = 0.005;

/**
 * @typedef {object} Progress
 * @property {boolean} acted the task itself is done
 * @property {TourFact | null} unmet a fact that the page relies on and that does not hold
 * @property {boolean} done both
 */

/**
 * @param {TourPage} page
 * @param {State} state
 * @returns {Progress}
 */
export function progressOf({ task, given, document: begun }, state) {
  const acted = isActed(task, begun, state);
  const unmet = given.find((fact) => !isTrue(fact, state)) ?? null;
  return { acted, unmet, done: acted && unmet === null };
}

/**
 * @param {TourTask} task
 * @param {GruDocument} begun the document that the page opened
 * @param {State} state
 */
function isActed(task, begun, state) {
  const { document: doc, selection, training } = state;
  switch (task.kind) {
    case "select":
      return task.t === selection.t;
    case "type":
      return doc.input.kind === "text" && begun.input.kind === "text" && doc.input.text.trim() !== begun.input.text.trim();
    case "hold":
      return isTrue({ ...task, low: task.value - NEAR, high: task.value + NEAR }, state);
    case "weight":
      return isWithin(task, state);
    case "network":
      return doc.network.kind === "example" && doc.network.name === task.network;
    case "train":
      return shows(training, doc) && learnt(task, training) !== null;
  }
}

/**
 * @param {Extract<TourTask, {kind: "weight"}>} task
 * @param {State} state
 */
function isWithin({ array, row, column, within: [low, high] }, { weights }) {
  const { data, shape } = weights[array] ?? { data: [], shape: [] };
  const value = data[row * shape[1] + column];
  return value >= low && value <= high;
}

/**
 * The first snapshot that reached the score, null if none has.
 * @param {Extract<TourTask, {kind: "train"}>} task
 * @param {Training} training
 */
export function learnt({ task, score }, { spec, snapshots }) {
  if (spec?.task.name !== task) return null;
  return snapshots.find(({ metric }) => metric !== null && metric >= score) ?? null;
}

/**
 * @param {TourFact} fact
 * @param {State} state
 */
function isTrue(fact, state) {
  if ("says" in fact) return answered(fact, state)?.name === fact.says;
  const { quantity, unit, t, low, high } = fact;
  const steps = t === undefined ? Array.from({ length: state.trace?.steps ?? 0 }, (_, i) => i) : [t];
  return steps.length > 0 && steps.every((step) => {
    const value = measured({ quantity, unit, t: step }, state);
    return value >= low && value <= high;
  });
}

/**
 * A value of the newest run, NaN while it is unknown.
 * @param {Pick<TourValueFact, "quantity" | "unit"> & {t: number}} place a negative t counts from the end
 * @param {State} state
 */
export function measured({ quantity, unit, t }, { trace, synced }) {
  if (!synced || trace === null) return NaN;
  const step = stepOf(t, trace.steps);
  return trace.arrays[quantity]?.[step * trace.hidden + unit] ?? NaN;
}

/**
 * The network's answer at a step of the newest run: the class with the largest output, and its share. Null while it is unknown.
 * @param {TourAnswer} place
 * @param {State} state
 */
export function answered({ t }, { answer, network, synced }) {
  if (!synced || answer === null || answer.have < answer.steps) return null;
  const step = stepOf(t, answer.steps);
  if (step >= answer.steps) return null;
  const [{ unit, value }] = largest(answer, step, 1);
  return { name: outputName(network, unit), share: value };
}

/**
 * @param {number} t
 * @param {number} steps
 */
export function stepOf(t, steps) {
  return t < 0 ? steps + t : t;
}

/**
 * The index of the question's option that came true, −1 if none did.
 * @param {TourQuestion} question
 * @param {State} state
 */
export function cameTrue({ place, options }, state) {
  if (!isValue(place)) return options.findIndex(({ text }) => text === answered(place, state)?.name);
  const value = measured(place, state);
  return options.findIndex(({ low = NaN, high = NaN }) => value >= low && value <= high);
}

/**
 * Whether a place is that of a value, not of an answer.
 * @param {Look | TourAnswer} place
 * @returns {place is Look}
 */
export function isValue(place) {
  return "quantity" in place;
}
