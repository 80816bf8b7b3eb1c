/** Describes a training in words. */

import { fixed, short } from "../../lib/format.js";

/** @import {Training, TrainingReady} from "../../types.d.ts" */

/**
 * What the training does, in a few words.
 * @param {Training} training
 */
export function stateWords({ status, place }) {
  switch (status) {
    case "asked":
    case "starting":
      return "is starting";
    case "waiting":
      return place <= 1 ? "waits for a free place: next in line" : `waits for a free place: ${place - 1} before it`;
    case "lost":
      return "has been lost";
    case "none":
      return "";
    default:
      return { running: "is running", paused: "is paused", finished: "is finished", stopped: "was stopped", failed: "has failed" }[status];
  }
}

/**
 * A duration in the two largest units.
 * @param {number} seconds
 */
export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/**
 * A score: an accuracy in percent, or an error.
 * @param {number | null} score
 * @param {TrainingReady["metric"] | undefined} metric
 */
export function scoreWords(score, metric) {
  if (score === null) return "–";
  return metric?.name === "error" ? short(score, 3) : `${fixed(100 * score, 1)} %`;
}
