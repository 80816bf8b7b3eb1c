/** Whether what a page of the tour asks for is done, and what came of it: read off the state, nothing else. */

import { cellOf } from "../model/document.js";
import { isVector } from "../model/references.js";

/** @import {GruDocument, State, TourOption, TourPage, TourQuestion, TourTask} from "../types.d.ts" */

/** How near a held value has to be. */
const NEAR = 0.005;

/**
 * @param {TourPage} page
 * @param {State} state
 * @param {number | undefined} answer the option predicted, −1 for none
 */
export function isDone({ task, question, document: begun }, state, answer) {
  if (question && answer === undefined) return false;
  return isTaskDone(task, begun, state);
}

/**
 * @param {TourTask} task
 * @param {GruDocument} begun what the page opened
 * @param {State} state
 */
export function isTaskDone(task, begun, state) {
  const { document: doc, selection, model, stage } = state;
  switch (task.kind) {
    case "select":
      return /** @type {const} */ (["t", "unit", "quantity"]).every((part) => task[part] === undefined || task[part] === selection[part]);
    case "stage":
      return model !== null && stage === model.stages.length - 1;
    case "type":
      return doc.input.kind !== begun.input.kind || JSON.stringify(doc.input) !== JSON.stringify(begun.input);
    case "hold":
      return isHeld(task, doc);
    case "weight":
      return isChanged(task, begun, state);
    case "cell":
      return cellOf(doc) === task.cell;
  }
}

/**
 * Held as wanted: a value held throughout makes other numbers of later steps than one held at its step.
 * @param {Extract<TourTask, {kind: "hold"}>} task
 * @param {GruDocument} document
 */
function isHeld({ quantity, unit, t, value }, document) {
  return document.edits.some((edit) => {
    if (edit.op !== "clamp" || edit.off || edit.quantity !== quantity || edit.unit !== unit) return false;
    return (edit.t ?? null) === (t ?? null) && Math.abs(edit.value - value) <= NEAR;
  });
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
 * The value that a question is about, as it is now; NaN while it is not known.
 * @param {TourQuestion} question
 * @param {State} state
 */
export function measured({ value: { quantity, t, unit } }, { trace, synced }) {
  const data = synced && trace && t < trace.steps ? trace.arrays[quantity] : undefined;
  return data ? data[t * (trace?.hidden ?? 0) + unit] : NaN;
}

/**
 * Which of a question's options holds for a value, −1 where none does.
 * @param {readonly TourOption[]} options
 * @param {number} value
 */
export function cameTrue(options, value) {
  return options.findIndex(({ low, high }) => value >= low && value <= high);
}
