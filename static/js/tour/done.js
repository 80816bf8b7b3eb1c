/** Decides whether a page's task is done, from the numbers and choices in its confirmation. How the reader did it does not matter. */

import { cellOf } from "../model/document.js";
import { isVector } from "../model/cell/references.js";

/** @import {GruDocument, State, TourFact, TourOption, TourPage, TourTask} from "../types.d.ts" */

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
  const { document: doc, selection, model, stage } = state;
  switch (task.kind) {
    case "select":
      return /** @type {const} */ (["t", "unit", "quantity"]).every((part) => task[part] === undefined || task[part] === selection[part]);
    case "stage":
      return model !== null && stage === model.stages.length - 1;
    case "type":
      return countIn(doc, task.insert) === countIn(begun, task.insert) + 1;
    case "hold":
      return isTrue({ ...task, low: task.value - NEAR, high: task.value + NEAR }, state);
    case "weight":
      return isChanged(task, begun, state);
    case "cell":
      return cellOf(doc) === task.cell && model?.cell === task.cell;
  }
}

/**
 * @param {GruDocument} document
 * @param {string} text
 */
function countIn({ input }, text) {
  return input.kind === "text" ? input.text.split(text).length - 1 : NaN;
}

/**
 * @param {Extract<TourTask, {kind: "weight"}>} task
 * @param {GruDocument} begun
 * @param {State} state
 */
function isChanged({ arrays, row, column = 0, within }, begun, { document: doc, weights, model }) {
  const known = new Set(begun.edits.map((edit) => JSON.stringify(edit)));
  const fresh = doc.edits.some((edit) => {
    if (!("array" in edit) || edit.off || !arrays.includes(edit.array)) return false;
    return (!("row" in edit) || edit.row === row) && !known.has(JSON.stringify(edit));
  });
  if (!fresh || !within) return fresh;
  const [array] = arrays;
  const { data, shape } = weights[array] ?? { data: [], shape: [] };
  const value = data[isVector(model?.arrays[array]) ? row : row * shape[1] + column];
  return value >= within[0] && value <= within[1];
}

/**
 * @param {Pick<TourFact, "quantity" | "unit" | "t" | "low" | "high" | "outside">} fact
 * @param {State} state
 */
function isTrue({ quantity, unit, t, low, high, outside = false }, state) {
  const steps = t === undefined ? Array.from({ length: state.trace?.steps ?? 0 }, (_, i) => i) : [t];
  return steps.length > 0 && steps.every((step) => {
    const value = measured({ quantity, unit, t: step }, state);
    return !Number.isNaN(value) && (value >= low && value <= high) !== outside;
  });
}

/**
 * A value of the newest run, NaN while it is unknown.
 * @param {{quantity: string, unit: number, t: number}} place a negative t counts from the end
 * @param {State} state
 */
export function measured({ quantity, unit, t }, { trace, synced }) {
  if (!synced || trace === null) return NaN;
  const step = stepOf(t, trace.steps);
  return trace.arrays[quantity]?.[step * trace.hidden + unit] ?? NaN;
}

/**
 * @param {number} t
 * @param {number} steps
 */
export function stepOf(t, steps) {
  return t < 0 ? steps + t : t;
}

/**
 * The index of the question's option that is true for a value, −1 if none is.
 * @param {readonly TourOption[]} options
 * @param {number} value
 */
export function cameTrue(options, value) {
  return options.findIndex(({ low, high }) => value >= low && value <= high);
}
