/** Holds the selected value at its step or at every step, sets its start state, and ablates its unit. */

import { boundsOf } from "../../state/edit-actions.js";
import { editsIn, holdOf, isAblated, scopeOf, startOf } from "../../model/edits/edits.js";
import { equationOf } from "../../model/cell/equations.js";
import { press, put } from "../../lib/dom.js";
import { allow } from "../../lib/controls/focus-restore.js";
import { previousRef, sameRef, startRef } from "../../model/cell/references.js";
import { symbol, symbolNode } from "../../model/cell/symbols.js";
import { stepBefore, valueAt } from "../../model/trace.js";
import { createDial } from "./dial.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {HoldScope, Limits, Model, Quantity, State} from "../../types.d.ts" */

/** @typedef {Pick<State, "document" | "model" | "selection" | "trace" | "holdScope">} Shown */

/**
 * @param {Page} page
 * @returns {View<Shown>}
 */
export function createHoldPanel({ store, actions, byId, config: { limits } }) {
  const root = byId("number-actions");
  const atStep = byId("hold-step", HTMLInputElement);
  const always = byId("hold-always", HTMLInputElement);
  const free = byId("hold-free");
  const ablate = byId("ablate");
  const startRow = byId("start-row");

  const value = createDial(byId, "hold", (number, gesture) => {
    const state = store.get();
    return actions.hold(state.selection, number, shownScope(state) === "always", gesture);
  });
  const start = createDial(byId, "start", (number, gesture) => {
    const { quantity, unit } = store.get().selection;
    return actions.start(quantity, unit, number, gesture);
  });

  atStep.addEventListener("change", () => actions.chooseHoldScope("step"));
  always.addEventListener("change", () => actions.chooseHoldScope("always"));
  free.addEventListener("click", () => actions.free(store.get().selection));
  ablate.addEventListener("click", () => actions.ablate(store.get().selection.unit));

  /** @param {Shown} shown */
  function render(shown) {
    const { document, model, selection, trace } = shown;
    const edits = editsIn(document.edits, selection);
    const { quantity, unit, t } = selection;
    put(root, "hidden", model === null || !equationOf(model, quantity));
    if (root.hidden) return;
    const held = holdOf(edits, selection);
    const range = rangeOf(shown, quantity, limits);
    value.show(held !== undefined && "value" in held ? held.value : held ? 0 : valueAt(trace, quantity, t, unit), range);
    byId("hold-name").replaceChildren("Hold ", symbolNode(quantity), `[${unit}] at`);
    showScope(shown, held !== undefined);
    allow(free, held !== undefined);
    put(ablate, "textContent", `Ablate unit ${unit}`);
    press(ablate, isAblated(edits, unit));
    showStart(shown, range);
  }

  /**
   * Show whether a number would hold this step or every step. `hold-effect` describes the field and the slider to screen readers.
   * @param {Shown} shown
   * @param {boolean} held
   */
  function showScope(shown, held) {
    const { quantity, unit, t } = shown.selection;
    const everywhere = shownScope(shown) === "always";
    put(byId("hold-step-name"), "textContent", `at t = ${t + 1}`);
    put(atStep, "checked", !everywhere);
    put(always, "checked", everywhere);
    const where = everywhere ? "at every step" : `at t = ${t + 1} only`;
    const name = `${symbol(quantity)}[${unit}]`;
    put(byId("hold-effect"), "textContent", held ? `${name} is held ${where}` : `A number holds ${name} ${where}`);
  }

  /**
   * @param {Shown} shown
   * @param {[number, number]} range
   */
  function showStart({ document, model, selection, trace }, range) {
    const { quantity, unit, t } = selection;
    const set = startOf(editsIn(document.edits, selection), quantity, unit);
    const begins = trace !== null && stepBefore(trace, t) < 0;
    put(startRow, "hidden", !isState(model, quantity) || (!begins && set === undefined));
    if (startRow.hidden) return;
    byId("start-name").replaceChildren("Start ", symbolNode(startRef(quantity)), `[${unit}] at`);
    start.show(set !== undefined && "value" in set ? set.value : trace?.initial?.[quantity]?.[unit] ?? 0, range);
  }

  return {
    root,
    // The actual selection, not the place under the pointer or the run on show.
    inputs: (_, { document, model, selection, trace, holdScope }) => ({ document, model, selection, trace, holdScope }),
    render,
  };
}

/**
 * The scope of the hold in force on the selected value, or the reader's choice if it is free.
 * @param {Pick<Shown, "document" | "selection" | "holdScope">} shown
 * @returns {HoldScope}
 */
function shownScope({ document: { edits }, selection, holdScope }) {
  return scopeOf(holdOf(edits, selection)) ?? holdScope;
}

/**
 * The slider's range: the bounds of the equation if it has any, otherwise the range of the plot, and at least −1 to 1.
 * @param {Pick<Shown, "model" | "trace">} shown
 * @param {Quantity} quantity
 * @param {Limits} limits
 * @returns {[number, number]}
 */
function rangeOf({ model, trace }, quantity, limits) {
  const scale = trace?.scales[quantity];
  return scale?.follows ? [Math.min(-1, scale.low), Math.max(1, scale.high)] : boundsOf(model, quantity, limits);
}

/**
 * Whether the next step reads a value.
 * @param {Model | null} model
 * @param {Quantity} quantity
 */
function isState(model, quantity) {
  return model?.equations.some(({ products }) => products.some(({ factors }) => factors.some((factor) => sameRef(factor, previousRef(quantity))))) ?? false;
}
