/** What if the selected value were another: held at this step or throughout, its state started elsewhere, its unit taken out. */

import { boundsOf } from "../../state/edit-actions.js";
import { holdOf, isAblated, startOf } from "../../model/edits.js";
import { equationOf } from "../../model/equations.js";
import { fillNumber, press, put } from "../../lib/dom.js";
import { parseNumber, short } from "../../lib/format.js";
import { allow } from "../../lib/focus-restore.js";
import { createSlider } from "../../lib/slider.js";
import { symbolNode } from "../../model/symbols.js";
import { valueAt } from "../../model/trace.js";

/** @import {Page} from "../../state/page.d.ts" */
/** @import {Edit, Limits, Model, Quantity, State} from "../../types.d.ts" */

/** A slider has this many stops. */
const STOPS = 200;

/**
 * @param {Page} page
 */
export function createHoldPanel(page) {
  const { store, actions, byId } = page;
  const { limits } = page.config;
  const root = byId("number-actions");
  const at = byId("hold-step");
  const always = byId("hold-always");
  const free = byId("hold-free");
  const ablate = byId("ablate");
  const startRow = byId("start-row");
  /** whether the next hold is meant throughout */
  let throughout = false;
  /** @type {unknown[]} */
  let drawn = [];

  const value = createDial(byId, "hold", (number, gesture) => actions.hold(store.get().selection, number, throughout, gesture));
  const start = createDial(byId, "start", (number, gesture) => {
    const { quantity, unit } = store.get().selection;
    return actions.start(quantity, unit, number, gesture);
  });

  for (const [button, all] of /** @type {const} */ ([[at, false], [always, true]])) {
    button.addEventListener("click", () => {
      throughout = all;
      const state = store.get();
      const { edits } = state.document;
      const held = holdOf(edits, state.selection);
      if (held && scopeOf(held) === (all ? "always" : "step")) actions.removeEdit(edits.lastIndexOf(held));
      else actions.hold(state.selection, value.number(), all);
    });
  }
  free.addEventListener("click", () => actions.free(store.get().selection));
  ablate.addEventListener("click", () => actions.ablate(store.get().selection.unit));

  /** @param {State} state as it is, whatever is pointed at or compared */
  function render(state) {
    const { document: { edits }, model, selection, trace } = state;
    const key = [edits, model, selection, trace];
    if (key.every((part, i) => part === drawn[i])) return;
    drawn = key;
    const { quantity, unit, t } = selection;
    put(root, "hidden", model === null || !equationOf(model, quantity));
    if (root.hidden) return;
    const held = holdOf(edits, selection);
    const scope = scopeOf(held);
    if (scope !== null) throughout = scope === "always";
    const range = rangeOf(state, quantity, limits);
    value.show(held !== undefined && "value" in held ? held.value : held ? 0 : valueAt(trace, quantity, t, unit), range);
    byId("hold-name").replaceChildren("Hold ", symbolNode(quantity), `[${unit}] at`);
    put(at, "textContent", `at t = ${t + 1}`);
    press(at, scope === "step");
    press(always, scope === "always");
    allow(free, held !== undefined);
    put(ablate, "textContent", `Ablate unit ${unit}`);
    press(ablate, isAblated(edits, unit));
    showStart(state, range);
  }

  /**
   * @param {State} state
   * @param {[number, number]} range
   */
  function showStart({ document: { edits }, model, selection: { quantity, unit, t }, trace }, range) {
    const set = startOf(edits, quantity, unit);
    put(startRow, "hidden", !isState(model, quantity) || (t > 0 && set === undefined));
    if (startRow.hidden) return;
    byId("start-name").replaceChildren("Start ", symbolNode(`${quantity}_0`), `[${unit}] at`);
    start.show(set !== undefined && "value" in set ? set.value : trace?.initial?.[quantity]?.[unit] ?? 0, range);
  }

  return { render };
}

/**
 * A number field and a slider for one value; what is done to either without a pause is one gesture.
 * @param {Page["byId"]} byId
 * @param {string} name
 * @param {(value: number, gesture: string) => boolean} set
 */
function createDial(byId, name, set) {
  const field = byId(`${name}-value`, HTMLInputElement);
  let visit = 0;
  const begin = () => { visit += 1; };
  const slider = createSlider(byId(`${name}-slider`, HTMLInputElement), {
    begin,
    set: (number) => set(number, `${name} slider ${visit}`),
  });
  field.addEventListener("focus", begin);
  field.addEventListener("input", () => {
    const number = parseNumber(field.value);
    const taken = !Number.isNaN(number) && set(number, `${name} field ${visit}`);
    field.setAttribute("aria-invalid", String(!taken));
  });
  field.addEventListener("blur", () => field.removeAttribute("aria-invalid"));

  return {
    number: () => {
      const typed = parseNumber(field.value);
      return Number.isNaN(typed) ? slider.value() : typed;
    },
    /**
     * @param {number} value
     * @param {[number, number]} range of the slider
     */
    show(value, [low, high]) {
      slider.show(value, { low, high, step: (high - low) / STOPS });
      if (!Number.isNaN(value) && field.getAttribute("aria-invalid") !== "true") fillNumber(field, short(value, 4).replace("−", "-"));
    },
  };
}

/**
 * Whether a value is held at its step or throughout; null: by nothing that the two buttons do.
 * @param {Edit | undefined} edit
 */
function scopeOf(edit) {
  if (edit?.op !== "clamp") return null;
  return edit.t == null ? "always" : "step";
}

/**
 * What a slider spans: what the equation bounds, or else as far as the plot's colours go.
 * @param {State} state
 * @param {Quantity} quantity
 * @param {Limits} limits
 * @returns {[number, number]}
 */
function rangeOf({ model, trace }, quantity, limits) {
  const scale = trace?.scales[quantity];
  return scale?.grows ? [scale.low, scale.high] : boundsOf(model, quantity, limits);
}

/**
 * Whether a value is handed on to the next step.
 * @param {Model | null} model
 * @param {Quantity} quantity
 */
function isState(model, quantity) {
  return model?.equations.some(({ products }) => products.some(({ factors }) => factors.includes(`${quantity}_prev`))) ?? false;
}
