/** The scores without each unit in words. */

import { fixed, short } from "../../lib/format.js";
import { isOn } from "../edits/edits.js";

/** @import {Ablation, FreshTask, Scored} from "../../types.d.ts" */
/** @import {Bar} from "./ablation.js" */

/** A loss below this is no difference worth a sentence. */
const LEAST = 0.0005;

/**
 * @param {Pick<Scored, "metric">} whole
 * @param {number} score
 */
export function scoreText({ metric }, score) {
  return metric === "accuracy" ? `${fixed(100 * score, 1)}\u00a0%` : short(score, 3);
}

/**
 * What a bar shows.
 * @param {Scored | null} whole
 * @param {Bar} bar
 */
export function barWords(whole, { unit, score, loss }) {
  if (whole === null || score === null) return `Unit ${unit}: not measured`;
  const size = whole.metric === "accuracy" ? `${fixed(100 * Math.abs(loss), 1)} points` : short(Math.abs(loss), 3);
  const how = whole.metric === "accuracy" ? ["less", "more"] : ["more", "less"];
  const change = Math.abs(loss) < LEAST ? "no difference" : `${size} ${loss > 0 ? how[0] : how[1]} than with every unit`;
  return `Unit ${unit}: ${whole.metric === "accuracy" ? "" : "error "}${scoreText(whole, score)}${whole.metric === "accuracy" ? " right" : ""} without it, ${change}`;
}

/**
 * What was measured, and what came of it.
 * @param {Ablation | null} ablation
 * @param {boolean} stale
 * @param {FreshTask} task
 * @param {readonly Bar[]} bars of the layer on show
 */
export function saidOf(ablation, stale, task, bars) {
  if (ablation === null) return `Leave out one unit after the other, and score the network on fresh sequences of its task: ${task.title}.`;
  const { whole, status, fault } = ablation;
  if (fault !== null) return `Could not be measured: ${fault}.`;
  if (whole === null) return status === "stopped" ? "Stopped." : "Scoring the whole network …";
  return [ofWhole(whole, task, isMeasuredEdited(ablation)), ...(stale ? ["The network has changed since then."] : []), ...ended(ablation, bars)].join(" ");
}

/**
 * Whether the measured network had edits of the reader's: other weights, or values that are held at every step.
 * @param {Ablation} ablation
 */
export function isMeasuredEdited({ document }) {
  return document?.edits.some((edit) => isOn(edit) && !(edit.op === "clamp" && edit.t != null)) ?? false;
}

/**
 * @param {Scored} whole
 * @param {FreshTask} task
 * @param {boolean} edited
 */
function ofWhole(whole, { title }, edited) {
  const [score, chance] = [whole.score, whole.chance].map((value) => scoreText(whole, value));
  const what = whole.metric === "accuracy" ? `${score} right` : `error ${score}`;
  return `${title}, score on ${whole.sequences} fresh sequences: ${what} ${edited ? "with your edits" : "with every unit"}, ${chance} by chance.`;
}

/**
 * @param {Ablation} ablation
 * @param {readonly Bar[]} bars
 */
function ended({ status, whole, measured }, bars) {
  if (whole === null) return [];
  if (status === "stopped") return [`Stopped after ${measured} of ${whole.units} units.`];
  const known = bars.filter(({ score }) => score !== null);
  if (status !== "done" || known.length === 0) return [];
  const worst = known.reduce((a, b) => (b.loss > a.loss ? b : a));
  if (worst.loss < LEAST) return ["No unit of this layer is missed."];
  return [`Unit ${worst.unit} is missed most: ${scoreText(whole, /** @type {number} */ (worst.score))} without it.`];
}
