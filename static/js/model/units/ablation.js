/** The network's scores without each of its units, on fresh data of the task that its card names. */

import { diff } from "../document.js";

/** @import {Ablation, Card, CardTraining, Config, FreshTask, GruDocument, InLayer, State} from "../../types.d.ts" */

/** @typedef {{unit: number, score: number | null, loss: number}} Bar `score` is null before it is measured; `loss` is how much worse it is */

/**
 * The task that a network can be scored on, null if its card names none or one with data of the reader's own.
 * @param {Pick<Config, "tasks">} config
 * @param {Card} card
 * @returns {FreshTask | null}
 */
export function taskOf({ tasks }, { training }) {
  const title = tasks?.[training?.task ?? ""];
  const settings = settingsOf(training);
  return training === undefined || title === undefined || settings === null ? null : { task: training.task, title, settings };
}

/**
 * The settings of a task without those that have their default, null if one is not a number: it then belongs to data of the reader's own.
 * @param {CardTraining | undefined} training
 * @returns {Record<string, number> | null}
 */
export function settingsOf(training) {
  const given = Object.entries(training?.settings ?? {}).filter(([, value]) => value !== null);
  return given.every(([, value]) => typeof value === "number") ? /** @type {Record<string, number>} */ (Object.fromEntries(given)) : null;
}

/** @param {InLayer} place */
export function placeKey({ layer, direction }) {
  return `${layer}.${direction}`;
}

/**
 * Whether two documents differ in more than their input and view.
 * @param {GruDocument} a
 * @param {GruDocument} b
 */
export function changesNetwork(a, b) {
  return a !== b && diff(a, b).some(({ kind }) => kind === "edits" || kind === "document");
}

/**
 * Whether scores are of another network than the present one.
 * @param {Ablation} ablation
 * @param {GruDocument} document
 */
export function isStale({ document: measured }, document) {
  return measured !== null && changesNetwork(measured, document);
}

/**
 * The units of a layer and direction, with their scores.
 * @param {Ablation | null} ablation
 * @param {InLayer} place
 * @param {number} hidden
 * @param {State["unitOrder"]} order by effect, the unit that is missed most comes first
 * @returns {Bar[]}
 */
export function barsOf(ablation, place, hidden, order) {
  const whole = ablation?.whole ?? null;
  const scores = ablation?.scores[placeKey(place)] ?? {};
  const bars = Array.from({ length: hidden }, (_, unit) => {
    const score = scores[unit] ?? null;
    return { unit, score, loss: score === null || whole === null ? -Infinity : lossOf(whole, score) };
  });
  return order === "unit" ? bars : bars.sort((a, b) => b.loss - a.loss || a.unit - b.unit);
}

/**
 * How much worse a score is than that of the whole network.
 * @param {{metric: "accuracy" | "error", score: number}} whole
 * @param {number} score
 */
export function lossOf(whole, score) {
  return whole.metric === "accuracy" ? whole.score - score : score - whole.score;
}

/**
 * The upper end of the bars: everything right, or the largest error.
 * @param {Ablation | null} ablation
 */
export function topOf(ablation) {
  const whole = ablation?.whole ?? null;
  if (whole === null || whole.metric === "accuracy") return 1;
  const all = Object.values(ablation?.scores ?? {}).flatMap((scores) => Object.values(scores));
  return Math.max(whole.score, whole.chance, ...all) || 1;
}
