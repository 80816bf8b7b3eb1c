/** The three curves of a training as charts. */

import { niceCeiling } from "../../lib/round-numbers.js";

/** @import {Training} from "../../types.d.ts" */

/**
 * @typedef {{points: {step: number, value: number}[], low: number, high: number, lines: {value: number, name: string}[], logarithmic: boolean}} Curve
 */

/**
 * The largest loss in view, at least so that a falling one uses the height.
 * @param {Pick<Training, "points">} training
 * @returns {Curve}
 */
export function lossCurve({ points }) {
  const values = points.map(({ step, loss }) => ({ step, value: loss }));
  return { points: values, low: 0, high: ceilingOf(values), lines: [], logarithmic: false };
}

/**
 * @param {Pick<Training, "points" | "ready">} training
 * @returns {Curve}
 */
export function scoreCurve({ points, ready }) {
  const values = points.flatMap(({ step, metric: value }) => (value === null ? [] : [{ step, value }]));
  const lines = ready === null ? [] : [{ value: ready.metric.chance, name: "chance" }];
  const high = ready?.metric.name === "accuracy" ? 1 : ceilingOf([...values, ...lines]);
  return { points: values, low: 0, high, lines, logarithmic: false };
}

/**
 * Gradients differ by powers of ten, so their axis is logarithmic.
 * @param {Pick<Training, "points">} training
 * @returns {Curve}
 */
export function normCurve({ points }) {
  const values = points.map(({ step, norm }) => ({ step, value: norm }));
  const positive = values.map(({ value }) => value).filter((value) => value > 0);
  const low = positive.length > 0 ? Math.min(...positive) : 0.1;
  const high = positive.length > 0 ? Math.max(...positive) : 1;
  return { points: values, low: Math.min(low, high / 10), high, lines: [], logarithmic: true };
}

/**
 * The last value of a curve at or before a step, null if there is none.
 * @param {Curve} curve
 * @param {number} step
 */
export function valueAt({ points }, step) {
  return points.findLast((point) => point.step <= step)?.value ?? null;
}

/** @param {readonly {value: number}[]} values */
function ceilingOf(values) {
  const most = Math.max(0, ...values.map(({ value }) => value));
  return most > 0 ? niceCeiling(most, [1, 1.5, 2, 3, 5, 7.5, 10]) : 1;
}
