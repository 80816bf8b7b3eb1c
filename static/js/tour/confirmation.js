/** The tour's confirmation of a task, with numbers from the newest run. */

import { make } from "../lib/dom.js";
import { fixed, visible } from "../lib/format.js";
import { symbolNode } from "../model/cell/symbols.js";
import { scoreWords } from "../model/training/words.js";
import { answered, cameTrue, isValue, learnt, measured, stepOf } from "./done.js";

/** @import {Look, State, TourAnswer, TourFact, TourPage, TourQuestion} from "../types.d.ts" */

/**
 * A page's confirmation when its task is done.
 * @param {TourPage} page
 * @param {State} state
 * @returns {(Node | string)[]}
 */
export function confirmation({ question, quote, name, task }, state) {
  if (question) return verdict(question, state.tour.answers[name], state);
  const solved = task.kind === "train" ? learnt(task, state.training) : null;
  const found = solved ? [`After ${solved.step} steps ${scoreWords(solved.metric, state.training.ready?.metric)} of the answers are right. `]
    : quote ? [...(result(quote, state) ?? ["…"]), ". "] : [];
  return [...found, make("b", "tour-done", "Done.")];
}

/**
 * The reason why a page cannot confirm its task.
 * @param {TourFact} fact
 * @param {State} state
 * @returns {(Node | string)[]}
 */
export function objection(fact, state) {
  const found = result("says" in fact ? { t: fact.t } : { ...fact, t: fact.t ?? 0 }, state, "is");
  if (found === null) return ["…"];
  return [...found, ` here and not ${wanted(fact)}: more has changed than this page asks for. Undo that, or start over.`];
}

/** @param {TourFact} fact */
function wanted(fact) {
  if ("says" in fact) return quoted(fact.says);
  const { low, high } = fact;
  return high - low < 0.05 ? fixed((low + high) / 2, 2) : `from ${fixed(low, 2)} to ${fixed(high, 2)}`;
}

/**
 * The prediction beside the result.
 * @param {TourQuestion} question
 * @param {number} answer
 * @param {State} state
 * @returns {(Node | string)[]}
 */
function verdict(question, answer, state) {
  const found = result(question.place, state);
  if (found === null) return ["…"];
  const right = cameTrue(question, state);
  if (right < 0) return [...found, "."];
  const { why } = question.options[right];
  if (right === answer) return [make("b", "", "As you predicted: "), ...found, `: ${why}.`];
  return [...found, `: ${why}`, answer < 0 ? "." : ", and not what you predicted."];
}

/**
 * What a value or an answer is, null while it is unknown.
 * @param {Look | TourAnswer} place
 * @param {State} state
 * @param {string} [verb]
 * @returns {(Node | string)[] | null}
 */
function result(place, state, verb = "is now") {
  const at = ` at t\u00a0=\u00a0${stepOf(place.t, state.trace?.steps ?? 0) + 1} ${verb} `;
  if (!isValue(place)) {
    const answer = answered(place, state);
    return answer && [`The answer${at}`, make("b", "", quoted(answer.name)), ` (${Math.round(100 * answer.share)}\u00a0%)`];
  }
  const value = measured(place, state);
  return Number.isNaN(value) ? null : [symbolNode(place.quantity), ` of unit ${place.unit}${at}`, make("b", "", fixed(value, 2))];
}

/** @param {string} name of a class */
function quoted(name) {
  return `“${visible(name)}”`;
}
