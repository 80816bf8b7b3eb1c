/** A run pinned and what is compared with it: the buttons, the line that says what changed, the selected value before and now. */

import { causes, effect, effectWords, signed } from "../../model/changes.js";
import { apart } from "../../model/comparison.js";
import { make, press, put } from "../../lib/dom.js";
import { focusOf } from "../../state/view-state.js";
import { fixed } from "../../lib/format.js";
import { allow } from "../../lib/focus-restore.js";
import { valueAt } from "../../model/trace.js";

/** @import {Page} from "../../state/page.d.ts" */
/** @import {Before, PageTrace, Selection, State, StepFrame} from "../../types.d.ts" */

const WAYS = /** @type {const} */ (["now", "before", "difference"]);

/**
 * @param {Page} page
 * @param {{pin: () => void, unpin: () => void}} baseline
 */
export function createComparePanel(page, { pin, unpin }) {
  const { root, actions, byId } = page;
  const buttons = WAYS.map((way) => byId(`compare-${way}`));
  const line = byId("change-line");
  const beside = byId("number-compare");
  /** @type {unknown[]} */
  let drawn = [];
  /** @type {unknown[]} */
  let said = [];

  byId("pin").addEventListener("click", pin);
  byId("unpin").addEventListener("click", unpin);
  WAYS.forEach((compare, i) => buttons[i].addEventListener("click", () => actions.show({ compare })));

  /** @param {State} state as it is, whatever is compared */
  function render(state) {
    const { baseline, compare } = state;
    root.dataset.compare = compare;
    put(byId("pin"), "hidden", baseline !== null);
    put(byId("comparing"), "hidden", baseline === null);
    put(line, "hidden", baseline === null);
    put(beside, "hidden", baseline === null);
    if (baseline === null) return;
    byId("comparing").dataset.ready = String(baseline.trace !== null && baseline.trace.have === baseline.trace.steps);
    const refused = apart(state);
    const shown = compare === "difference" && refused !== null ? "now" : compare;
    buttons.forEach((button, i) => press(button, WAYS[i] === shown));
    allow(buttons[2], refused === null);
    sayChange(state, baseline, refused);
    sayNumber(state, baseline);
  }

  /**
   * @param {State} state
   * @param {Before} baseline
   * @param {string | null} refused
   */
  function sayChange(state, baseline, refused) {
    const key = [state.document, state.trace, state.weights, baseline.trace, baseline.weights, refused];
    if (key.every((part, i) => part === drawn[i])) return;
    drawn = key;
    const found = effect(state.trace, baseline.trace);
    const done = causes(state, baseline);
    const parts = [];
    if (done.length > 0) parts.push(done.join("; "));
    if (refused !== null) parts.push(`no difference to show: ${refused}`);
    else if (found !== null && (done.length > 0 || found.from >= 0)) parts.push(effectWords(found));
    put(line, "textContent", parts.length > 0 ? parts.join(" → ") : "Pinned. Nothing has changed since.");
  }

  /**
   * @param {State} state
   * @param {Before} baseline
   */
  function sayNumber(state, baseline) {
    const { trace, step } = state;
    const place = focusOf(state);
    const key = [place, trace, step, baseline.trace, baseline.step];
    if (key.every((part, i) => part === said[i])) return;
    said = key;
    const [now, then] = [read(trace, step, place), read(baseline.trace, baseline.step, place)];
    const change = make("b", "", signed(now - then, 4));
    beside.replaceChildren(`before ${fixed(then)} · now ${fixed(now)} · difference `, change);
  }

  return { render };
}

/**
 * A value out of a run, also one that has no plot.
 * @param {PageTrace | null} trace
 * @param {StepFrame | null} step
 * @param {Selection} place
 */
function read(trace, step, { quantity, t, unit }) {
  if (trace === null || unit >= trace.hidden || t >= trace.steps) return NaN;
  const value = valueAt(trace, quantity, t, unit);
  return Number.isNaN(value) && step?.t === t ? step.arrays[quantity]?.[unit] ?? NaN : value;
}
