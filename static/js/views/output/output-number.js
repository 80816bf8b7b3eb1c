/** One output taken apart: the terms of its readout, which add up to the logit, and then the head. */

import { integerOf, make, put } from "../../lib/dom.js";
import { fixed } from "../../lib/format.js";
import { largest } from "../../model/answer.js";
import { isArray } from "../../model/cell/references.js";
import { stateOf } from "../number/factor.js";
import { sumOf } from "../number/sum.js";
import { createSumList } from "../number/sum-list.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {Explained, Factor, NetworkPart} from "../../types.d.ts" */

/** @typedef {{output: number | null, explained: Explained | null, parts: NetworkPart, t: number}} Inputs */

/**
 * @param {Page} page
 * @returns {View<Inputs>}
 */
export function createOutputNumber({ store, actions, byId }) {
  const panel = byId("output-number");
  const unit = byId("output-unit", HTMLInputElement);
  const list = createSumList(byId("output-terms"), open);

  byId("output-open").addEventListener("click", () => actions.show({ output: store.get().output === null ? likeliest() : null }));
  byId("output-close").addEventListener("click", () => {
    actions.show({ output: null });
    byId("output-open").focus();
  });
  unit.addEventListener("change", () => {
    const size = store.get().network.parts.readout?.output_size ?? 1;
    const chosen = integerOf(unit, 0, size - 1);
    if (chosen !== null) actions.show({ output: chosen });
  });

  /** The output with the largest answer at the selected step. */
  function likeliest() {
    const { answer, selection: { t } } = store.get();
    return answer === null || t >= answer.have ? 0 : largest(answer, t, 1)[0].unit;
  }

  /** @param {Factor} factor */
  function open(factor) {
    const { parts } = store.get().network;
    const [t, column] = factor.index;
    const source = factor.kind === "value" ? stateOf(parts, parts.layers.length - 1, t, column) : null;
    if (isArray(factor)) actions.showFactor(factor);
    else if (source !== null) actions.follow(source);
  }

  /** @param {Inputs} inputs */
  function render({ output, explained, parts, t }) {
    put(panel, "hidden", output === null);
    byId("output-open").setAttribute("aria-expanded", String(output !== null));
    if (output === null || parts.readout === null) return;
    put(unit, "max", String(parts.readout.output_size - 1));
    if (document.activeElement !== unit) put(unit, "value", String(output));
    panel.classList.toggle("outdated", explained === null || explained.t !== t || explained.unit !== output);
    if (explained !== null) draw(explained);
  }

  /** @param {Explained} explained */
  function draw(explained) {
    const { t, unit: place, result, pre_activation: logit, activation } = explained;
    const head = logit === null ? "" : `${activation}(${fixed(logit)}) = `;
    byId("output-result").replaceChildren(`ŷ[${place}] at t = ${t + 1}: ${head}`, make("b", "", fixed(result)));
    const sum = sumOf(explained, "size", false);
    list.show(sum, null);
    put(list.restLabel, "textContent", sum.smaller + sum.zeros > 0 ? `rest: ${sum.smaller + sum.zeros} smaller, rounding` : "rest: rounding");
    put(list.totalLabel, "textContent", logit === null ? `sum of ${explained.terms.length} terms` : `sum of ${explained.terms.length} terms: the logit`);
  }

  return {
    root: panel,
    inputs: ({ selection }, { output, explainedOutput, network: { parts } }) => ({ output, explained: explainedOutput, parts, t: selection.t }),
    render,
  };
}
