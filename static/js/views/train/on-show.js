/** Whether the training is on show: in its tab, or beside the tour's page about it. */

/** @import {Config, State, Tour} from "../../types.d.ts" */

/**
 * @param {Pick<Config, "tour">} config
 * @param {Pick<State, "side" | "tour">} state
 */
export function isTrainingOnShow(config, { side, tour }) {
  return side === "train" || (side === "tour" && isTrainingPage(config, tour));
}

/**
 * Whether the tour is at a page on which the reader trains a network.
 * @param {Pick<Config, "tour">} config
 * @param {Tour} tour
 */
export function isTrainingPage({ tour: pages }, { open, page }) {
  return open && pages[page]?.task.kind === "train";
}
