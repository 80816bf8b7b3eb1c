/** The right answer at each step, by the rule of the task that the network's card names. */

import { THRESHOLD, largest } from "../answer.js";
import { taskOf } from "../units/ablation.js";
import { writesOn } from "../writing.js";
import { targetAt } from "./target.js";

/** @import {Answer, Before, Config, Frame, GruDocument, Input, Network, Right, State, Target} from "../../types.d.ts" */

/** @typedef {{task: string | null, settings: Readonly<Record<string, number>>}} Rule */
/** @typedef {{input: Input, target: Target | null | undefined, right: Right | null, network: Pick<Network, "card">}} Wanted */

/**
 * The rule that says what is right: that of the card's task. A network that answers with what it reads, and whose task is not known or has data of the
 * reader's own, should say the next symbol (`task` is null). Null without a rule.
 * @param {Pick<Config, "tasks">} config
 * @param {Pick<Network, "card" | "parts" | "alphabet" | "tokens">} network
 * @returns {Rule | null}
 */
export function ruleOf(config, network) {
  if (network.parts.readout === null) return null;
  const task = taskOf(config, network.card);
  if (task !== null) return { task: task.task, settings: task.settings };
  return writesOn(network) === "symbols" ? { task: null, settings: {} } : null;
}

/**
 * @param {Frame} frame
 * @param {Input} input the input that it is about
 * @param {Rule} rule
 * @returns {Right}
 */
export function rightFrom({ metadata, arrays: { target, asked } }, input, { task }) {
  return { run: Number(metadata.run), input, size: target.shape[1] ?? 1, values: target.data, asked: asked.data, next: task === null };
}

/**
 * The right answers to the input on show, if the answer on show is one to it. A target that the document brings counts more.
 * @param {{document: GruDocument, right: Right | null, answer: Answer | null, baseline: Before | null, compare: State["compare"]}} state
 * @returns {Right | null}
 */
export function rightNow({ document, right, answer, baseline, compare }) {
  if (right === null || document.target || right.input !== document.input || !right.asked.some((asked) => asked === 1)) return null;
  if (compare === "before") return baseline?.document.input === document.input ? right : null;
  return answer !== null && answer.run >= right.run ? right : null;
}

/**
 * The right class at a step, null where nothing is asked.
 * @param {Right} right
 * @param {number} t
 * @returns {number | null}
 */
export function rightClass({ asked, values }, t) {
  return asked[t] === 1 ? values[t] : null;
}

/**
 * What an output should be at a step, in the network's units; null where that is not known.
 * @param {Wanted} wanted
 * @param {number} t
 * @param {number} output
 * @returns {number | null}
 */
export function wantedAt({ input, target, right, network }, t, output) {
  if (right === null) return targetAt({ input, target }, network, t, output);
  return right.asked[t] === 1 ? right.values[t * right.size + output] : null;
}

/**
 * The mean absolute error of an output, null without a target.
 * @param {Wanted} wanted
 * @param {Answer} answer
 * @param {number} output
 * @returns {number | null}
 */
export function meanError(wanted, { values, size, have }, output) {
  let [sum, count] = [0, 0];
  for (let t = 0; t < have; t += 1) {
    const value = wantedAt(wanted, t, output);
    if (value === null) continue;
    sum += Math.abs(values[t * size + output] - value);
    count += 1;
  }
  return count === 0 ? null : sum / count;
}

/**
 * Whether the answer at a step is right, null where nothing is asked. A single probability is right on the right side of its threshold.
 * @param {Right} right
 * @param {Answer} answer
 * @param {number} t
 * @param {"classes" | "binary"} kind
 * @returns {boolean | null}
 */
export function isRight(right, answer, t, kind) {
  const wanted = rightClass(right, t);
  if (wanted === null) return null;
  return kind === "classes" ? largest(answer, t, 1)[0].unit === wanted : (answer.values[t] >= THRESHOLD) === (wanted >= THRESHOLD);
}

/**
 * How many of the answers that are asked for are right, null before all have arrived.
 * @param {Right} right
 * @param {Answer | null} answer
 * @param {"classes" | "binary"} kind
 * @returns {{right: number, asked: number} | null}
 */
export function scoreOf(right, answer, kind) {
  if (answer === null || answer.have < answer.steps) return null;
  const found = Array.from({ length: answer.steps }, (_, t) => isRight(right, answer, t, kind)).filter((one) => one !== null);
  return { right: found.filter(Boolean).length, asked: found.length };
}
