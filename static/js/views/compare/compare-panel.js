/** The controls for comparing with a pinned run, a line about what changed, and the selected value in both runs. */

import { answerChange, answerKind } from "../../model/answer.js";
import { causes, effect, effectWords, signed } from "../../model/edits/changes.js";
import { apart } from "../../model/comparison.js";
import { make, press, put } from "../../lib/dom.js";
import { focusOf } from "../../state/view-state.js";
import { fixed } from "../../lib/format.js";
import { allow } from "../../lib/controls/focus-restore.js";
import { saidBy, saidWords } from "../../model/seq2seq/clock.js";
import { valueAt } from "../../model/trace.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {Before, PageTrace, Selection, State, StepFrame} from "../../types.d.ts" */

const WAYS = /** @type {const} */ (["now", "before", "difference"]);

/**
 * The buttons that pin a run and choose the run to show, and the line about what changed.
 * @typedef {Pick<State, "document" | "network" | "model" | "trace" | "weights" | "original" | "baseline" | "compare" | "answer">} Inputs
 */

/**
 * @param {Page} page
 * @param {{pin: () => void, unpin: () => void}} baseline
 * @returns {View<Inputs>}
 */
export function createComparePanel(page, { pin, unpin }) {
  const { root, actions, byId } = page;
  const buttons = WAYS.map((way) => byId(`compare-${way}`));
  const line = byId("change-line");

  byId("pin").addEventListener("click", pin);
  byId("unpin").addEventListener("click", unpin);
  WAYS.forEach((compare, i) => buttons[i].addEventListener("click", () => actions.show({ compare })));

  /** @param {Inputs} inputs of the present run, whichever run is on show */
  function render(inputs) {
    const { baseline, compare } = inputs;
    root.dataset.compare = compare;
    put(byId("pin"), "hidden", baseline !== null);
    put(byId("comparing"), "hidden", baseline === null);
    put(line, "hidden", baseline === null);
    if (baseline === null) return;
    byId("comparing").dataset.ready = String(baseline.trace !== null && baseline.trace.have === baseline.trace.steps);
    const refused = apart(inputs);
    const shown = compare === "difference" && refused !== null ? "now" : compare;
    buttons.forEach((button, i) => press(button, WAYS[i] === shown));
    allow(buttons[2], refused === null);
    put(line, "textContent", changeWords(inputs, baseline, refused));
  }

  return {
    root: line,
    inputs: (_, { document, network, model, trace, weights, original, baseline, compare, answer }) =>
      ({ document, network, model, trace, weights, original, baseline, compare, answer }),
    render,
  };
}

/**
 * @param {Inputs} inputs
 * @param {Before} baseline
 * @param {string | null} refused the reason why there is no difference
 */
function changeWords(inputs, baseline, refused) {
  const found = effect(inputs.trace, baseline.trace);
  const done = causes(inputs, baseline);
  const parts = [];
  if (done.length > 0) parts.push(done.join("; "));
  if (refused !== null) parts.push(`no difference to show: ${refused}`);
  else if (found !== null && (done.length > 0 || found.from >= 0)) parts.push([effectWords(found), ...answerWords(inputs, baseline)].join("; "));
  return parts.length > 0 ? parts.join(" → ") : "Pinned. Nothing has changed since.";
}

/**
 * @param {Inputs} inputs
 * @param {Before} baseline
 * @returns {string[]} empty without a readout
 */
function answerWords({ document, answer, network, network: { parts } }, baseline) {
  if (parts.readout === null) return [];
  if (parts.decoder !== null && baseline.network.parts.decoder !== null) {
    const [now, then] = [saidBy(document, parts, answer), saidBy(baseline.document, baseline.network.parts, baseline.answer)].map((said) => saidWords(network, said));
    return now === "" && then === "" ? [] : [now === then ? `it still says “${now}”` : `it says “${now}” instead of “${then}”`];
  }
  return [answerChange(answer, baseline.answer, answerKind(parts.readout)) ?? []].flat();
}

/**
 * The selected value in both runs, beside the panel of one number.
 * @param {Page} page
 * @returns {View<{now: number | null, then: number | null}>} null if nothing is pinned
 */
export function createNumberCompare({ byId }) {
  const root = byId("number-compare");
  return {
    root,
    inputs(_, state) {
      const { baseline, trace, step } = state;
      const place = focusOf(state);
      if (baseline === null) return { now: null, then: null };
      return { now: read(trace, step, place), then: read(baseline.trace, baseline.step, place) };
    },
    render({ now, then }) {
      put(root, "hidden", now === null);
      if (now === null || then === null) return;
      root.replaceChildren(`before ${fixed(then)} · now ${fixed(now)} · difference `, make("b", "", signed(now - then, 4)));
    },
  };
}

/**
 * Read a value from a run, including values that are not plotted.
 * @param {PageTrace | null} trace
 * @param {StepFrame | null} step
 * @param {Selection} place
 */
function read(trace, step, { quantity, t, unit }) {
  if (trace === null || unit >= trace.hidden || t >= trace.steps) return NaN;
  const value = valueAt(trace, quantity, t, unit);
  return Number.isNaN(value) && step?.t === t ? step.arrays[quantity]?.[unit] ?? NaN : value;
}
