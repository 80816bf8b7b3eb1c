/** The sub-steps of a timestep, as chips beside the clock. */

import { make, press } from "../../lib/dom.js";
import { lastStep } from "../../model/seq2seq/clock.js";
import { equationOf } from "../../model/cell/equations.js";
import { symbolNode } from "../../model/cell/symbols.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {Model, State} from "../../types.d.ts" */

/**
 * The sub-step after or before the current one, across timesteps; null if there is none. From the whole step, `by` leads to its own first
 * or last sub-step.
 * @param {State} state
 * @param {1 | -1} by
 * @returns {{t: number, stage: number} | null}
 */
export function neighbour({ model, stage, selection: { t }, document, network, answer }, by) {
  const count = model?.stages.length ?? 0;
  const next = (stage ?? (by > 0 ? -1 : count)) + by;
  if (next >= 0 && next < count) return { t, stage: next };
  const other = t + by;
  if (count === 0 || other < 0 || other > lastStep(document, network.parts, answer)) return null;
  return { t: other, stage: by > 0 ? 0 : count - 1 };
}

/**
 * @param {Page} page
 */
export function createStages(page) {
  const { store, actions, byId } = page;
  const root = byId("stages");
  /** @type {Model | null} */
  let shown = null;

  /** @param {1 | -1} by */
  function move(by) {
    const place = neighbour(store.get(), by);
    if (place === null) return false;
    actions.stage(place.stage);
    if (place.t !== store.get().selection.t) actions.select({ t: place.t });
    return true;
  }

  /** @param {1 | -1} by */
  function step(by) {
    actions.show({ playing: false });
    move(by);
  }

  /** @param {Pick<State, "model" | "stage">} inputs */
  function render({ model, stage }) {
    if (model !== shown) {
      shown = model;
      root.replaceChildren(...(model === null ? [] : chips(model)));
    }
    [...root.children].forEach((chip, i) => press(chip, stage === null ? i === 0 : i === stage + 1));
  }

  /** @param {Model} model */
  function chips(model) {
    const all = chip(null, "The whole step");
    all.append("all");
    return [all, ...model.stages.map((values, i) => {
      const titles = values.map((value) => equationOf(model, value)?.title ?? value);
      const button = chip(i, titles.join(", "));
      button.append(...values.flatMap((value, at) => (at ? [" ", symbolNode(value)] : [symbolNode(value)])));
      return button;
    })];
  }

  /**
   * @param {number | null} stage
   * @param {string} title
   */
  function chip(stage, title) {
    const button = make("button");
    button.type = "button";
    button.title = stage === null ? title : `${title} (sub-steps: [ and ], or Shift with ← →)`;
    button.setAttribute("aria-label", title);
    button.addEventListener("click", () => actions.stage(stage));
    return button;
  }

  /** @type {View<Pick<State, "model" | "stage">>} */
  const view = { root, inputs: ({ model, stage }) => ({ model, stage }), render };
  return { view, move, moves: { nextStage: () => step(1), previousStage: () => step(-1) } };
}
