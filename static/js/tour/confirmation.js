/** The tour's confirmation of a task, with numbers from the newest run. */

import { make } from "../lib/dom.js";
import { fixed } from "../lib/format.js";
import { symbolNode } from "../model/cell/symbols.js";
import { cameTrue, measured, stepOf } from "./done.js";

/** @import {State, TourFact, TourPage, TourQuestion} from "../types.d.ts" */

/**
 * A page's confirmation when its task is done.
 * @param {TourPage} page
 * @param {State} state
 * @returns {(Node | string)[]}
 */
export function confirmation({ question, quote, name }, state) {
  if (question) return verdict(question, state.tour.answers[name], state);
  return [...(quote ? [...named(quote, state), " is now ", number(measured(quote, state)), ". "] : []), make("b", "tour-done", "Done.")];
}

/**
 * The reason why a page cannot confirm its task.
 * @param {TourFact} fact
 * @param {State} state
 * @returns {(Node | string)[]}
 */
export function objection(fact, state) {
  const { low, high, outside, t = 0 } = fact;
  const value = measured({ ...fact, t }, state);
  if (Number.isNaN(value)) return ["…"];
  const found = [...named({ ...fact, t }, state), " is ", ...(outside ? ["still "] : []), number(value)];
  if (outside) return [...found, ". Change something that moves it."];
  const wanted = high - low < 0.05 ? fixed((low + high) / 2, 2) : `from ${fixed(low, 2)} to ${fixed(high, 2)}`;
  return [...found, ` here and not ${wanted}: more has changed than this page asks for. Undo that, or start over.`];
}

/**
 * The prediction beside the result.
 * @param {TourQuestion} question
 * @param {number} answer
 * @param {State} state
 * @returns {(Node | string)[]}
 */
function verdict({ value: place, options }, answer, state) {
  const value = measured(place, state);
  if (Number.isNaN(value)) return ["…"];
  const found = [...named(place, state), " is now ", number(value)];
  const right = cameTrue(options, value);
  if (right < 0) return [...found, "."];
  if (right === answer) return [make("b", "", "As you predicted: "), ...found, `: ${options[right].why}.`];
  return [...found, `: ${options[right].why}`, answer < 0 ? "." : ", and not what you predicted."];
}

/**
 * @param {{quantity: string, unit: number, t: number}} place
 * @param {State} state
 */
function named({ quantity, unit, t }, { trace }) {
  return [symbolNode(quantity), ` of unit ${unit} at t\u00a0=\u00a0${stepOf(t, trace?.steps ?? 0) + 1}`];
}

/** @param {number} value */
function number(value) {
  return make("b", "", fixed(value, 2));
}
