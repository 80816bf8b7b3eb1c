/** The network's answer in words, in the reader's units. */

import { fixed, short } from "../../lib/format.js";
import { THRESHOLD, answerKind, largest } from "../../model/answer.js";
import { outputName, toOwn, unitAfter } from "../../model/card/card.js";
import { isRight, meanError, rightClass, scoreOf, wantedAt } from "../../model/card/right.js";
import { isAnswered, saidBy, saidWords } from "../../model/seq2seq/clock.js";

/** @import {Answer, Input, Network, NetworkPart, Right, Target} from "../../types.d.ts" */

/** The classes under a column. */
export const TOP = 3;
/** The most outputs that are drawn as lines. */
export const LINES = 12;
const DIFFERENT = 1e-6;

/** `sameInput`: whether the pinned run, which `before` is the answer of, has the present input. @typedef {{network: Network, before: Answer | null, t: number, input: Input, target: Target | null | undefined, right: Right | null, sameInput: boolean}} Shown */

/**
 * The answer at one step in words, with its target, or what it was in the pinned run.
 * @param {Shown} inputs
 * @param {NonNullable<NetworkPart["readout"]>} readout
 * @param {Answer} answer
 */
export function sentence(inputs, readout, answer) {
  const { network, before, t } = inputs;
  const whole = wholeAnswer(inputs, answer);
  if (t >= answer.have || !isAnswered(answer, t)) return whole;
  const now = words(network, readout, answer, t);
  const then = before !== null && t < before.have && isAnswered(before, t) ? words(network, readout, before, t) : now;
  const kind = answerKind(readout);
  const wanted = inputs.right !== null && kind !== "numbers" ? rightWords(network, inputs.right, answer, t, kind) : targetWords(inputs, answer);
  return `${whole}${whole && " · "}t = ${t + 1}: ${now}${then === now ? "" : `, before ${then}`}${wanted}`;
}

/**
 * What a decoder says, and said in the pinned run; "" without a decoder.
 * @param {Shown} inputs
 * @param {Answer} answer
 */
function wholeAnswer({ network, before, input }, answer) {
  const { parts } = network;
  const said = saidBy({ input }, parts, answer);
  if (said.length === 0) return "";
  const now = saidWords(network, said);
  const then = before === null ? now : saidWords(network, saidBy({ input }, parts, before));
  const ends = said.at(-1) === parts.decoder?.end || answer.have < answer.steps ? "" : ` (cut off after ${said.length} steps)`;
  return `Says “${now}”${ends}${then === now ? "" : `, before “${then}”`}`;
}

/**
 * @param {Network} network
 * @param {NonNullable<NetworkPart["readout"]>} readout
 * @param {Answer} answer
 * @param {number} t
 */
function words(network, readout, answer, t) {
  const kind = answerKind(readout);
  const row = Array.from(answer.values.subarray(t * answer.size, (t + 1) * answer.size));
  if (kind === "classes") return largest(answer, t, TOP).map(({ unit, value }) => `${className(network, unit)} ${percent(value)}`).join(", ");
  if (kind === "binary") return binaryWords(network, row[0]);
  return row.slice(0, LINES).map((value, output) => numberWords(network, output, value)).join(", ") + (row.length > LINES ? ", …" : "");
}

/**
 * @param {Network} network
 * @param {number} value a probability
 */
function binaryWords(network, value) {
  const { card: { classes } } = network;
  const [no, yes] = binaryNames(network);
  const subject = classes?.length === 1 ? `“${classes[0]}” ` : "";
  return `${subject}${percent(value)}, ${value >= THRESHOLD - DIFFERENT ? yes : no} at a threshold of ${percent(THRESHOLD)}`;
}

/**
 * What the answers below and above the threshold are called.
 * @param {Network} network
 */
function binaryNames({ card: { classes } }) {
  return classes?.length === 2 ? classes.map((name) => `“${name}”`) : ["no", "yes"];
}

/**
 * An output in the reader's units.
 * @param {Network} network
 * @param {number} output
 * @param {number} value
 * @param {boolean} [named]
 */
function numberWords({ card: { outputs } }, output, value, named = true) {
  const own = outputs?.[output];
  if (own === undefined) return fixed(value, 3);
  return `${own.name && named ? `${own.name} ` : ""}${short(toOwn(own, value))}${unitAfter(own)}`;
}

/**
 * Whether the answer at a step is right, and what would be.
 * @param {Network} network
 * @param {Right} right
 * @param {Answer} answer
 * @param {number} t
 * @param {"classes" | "binary"} kind
 */
function rightWords(network, right, answer, t, kind) {
  const wanted = rightClass(right, t);
  if (wanted === null) return right.next ? "" : " · nothing is asked here";
  const name = kind === "classes" ? className(network, wanted) : binaryNames(network)[Number(wanted >= THRESHOLD)];
  const good = isRight(right, answer, t, kind);
  if (right.next) return ` · the next is ${name}`;
  return good ? " · right" : ` · wrong, ${name} is right`;
}

/**
 * How many of all answers are right, "" where that is not known.
 * @param {Shown} inputs
 * @param {NonNullable<NetworkPart["readout"]>} readout
 * @param {Answer} answer
 */
export function scoreWords({ right, before, sameInput }, readout, answer) {
  const kind = answerKind(readout);
  if (right === null || kind === "numbers") return "";
  const [now, then] = [answer, before].map((one) => scoreOf(right, one, kind));
  if (now === null) return "";
  const what = right.next ? "next symbols" : now.asked === 1 ? "answer" : "steps";
  const earlier = then === null || !sameInput ? "" : `, before ${then.right}`;
  return `${now.right} of ${now.asked} ${what} right${earlier}`;
}

/**
 * The target at the selected step, and how far the answers are from theirs on average.
 * @param {Shown} shown
 * @param {Answer} answer
 */
function targetWords(shown, answer) {
  const { target, right, network, t } = shown;
  if ((!target && right === null) || answer.index !== null) return "";
  const outputs = Array.from({ length: Math.min(answer.size, LINES) }, (_, output) => output);
  const here = outputs.flatMap((output) => {
    const wanted = wantedAt(shown, t, output);
    if (wanted === null) return [];
    const error = difference(network, output, answer.values[t * answer.size + output] - wanted);
    return [`${numberWords(network, output, wanted, answer.size > 1)}, error ${error}`];
  });
  const mean = answer.size === 1 ? meanError(shown, answer, 0) : null;
  const all = mean === null ? "" : ` · mean absolute error ${difference(network, 0, mean)}`;
  return `${here.length === 0 ? " · no target here" : ` · target ${here.join("; ")}`}${all}`;
}

/**
 * A difference of two outputs in the reader's units.
 * @param {Network} network
 * @param {number} output
 * @param {number} value
 */
function difference({ card: { outputs } }, output, value) {
  const own = outputs?.[output];
  return `${short(value * (own?.scale ?? 1), 3)}${unitAfter(own)}`;
}

/**
 * @param {Network} network
 * @param {number} unit
 */
function className(network, unit) {
  const name = outputName(network, unit);
  return name === String(unit) ? `class ${unit}` : `“${name}”`;
}

/** @param {number} value */
export function percent(value) {
  return `${Math.round(100 * value)} %`;
}
