/** The upper half of the right column: tabs for the tour, the weights, the training and the edits. On a narrow screen the tour is a sheet without a tab. */

import { isNarrow } from "../../lib/breakpoints.js";
import { put } from "../../lib/dom.js";
import { isTrainingOnShow, isTrainingPage } from "../train/on-show.js";

/** @import {State} from "../../types.d.ts" */
/** @import {Page, View} from "../../state/page.d.ts" */

/** @type {readonly State["side"][]} */
const SIDES = ["tour", "weights", "train", "edits"];

/**
 * @param {Page} page
 * @returns {View<Pick<State, "side" | "tour"> & {narrow: boolean}>}
 */
export function createDock({ root: whole, config, store, actions, byId }) {
  const root = byId("dock");
  const tabs = SIDES.map((side) => byId(`tab-${side}`));
  const weights = byId("weights-panel");
  const train = byId("train-panel");
  const edits = byId("edits-panel");
  SIDES.forEach((side, i) => tabs[i].addEventListener("click", () => actions.show({ side })));
  byId("side-tabs").addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const shown = SIDES.filter((_, i) => tabs[i].checkVisibility());
    const next = shown[(shown.indexOf(sideOf(store.get())) + step + shown.length) % shown.length];
    actions.show({ side: next });
    tabs[SIDES.indexOf(next)].focus();
  });

  /** @param {Pick<State, "side" | "tour">} state */
  function render(state) {
    const open = sideOf(state);
    const trains = open === "train" || (open === "tour" && isTrainingOnShow(config, state));
    put(tabs[0], "hidden", !state.tour.open);
    SIDES.forEach((side, i) => {
      tabs[i].setAttribute("aria-selected", String(open === side));
      put(tabs[i], "tabIndex", open === side ? 0 : -1);
    });
    root.dataset.side = open;
    put(edits, "hidden", open !== "edits");
    put(train, "hidden", !trains);
    put(weights, "hidden", open === "edits" || open === "train");
  }

  /**
   * The panel on show.
   * @param {Pick<State, "side" | "tour">} state
   * @returns {State["side"]}
   */
  function sideOf({ side, tour }) {
    if (side !== "tour" || (tour.open && !isNarrow())) return side;
    return isTrainingPage(config, tour) ? "train" : "weights";
  }

  return { root: whole, inputs: (_, { side, tour }) => ({ side, tour, narrow: isNarrow() }), render };
}
