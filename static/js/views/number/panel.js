/** Explains one number: the equation of the selected value with its numbers, and links to its factors. */

import { make, press, put } from "../../lib/dom.js";
import { applied, equationOf, wordNodes } from "../../model/cell/equations.js";
import { fixed } from "../../lib/format.js";
import { allow } from "../../lib/controls/focus-restore.js";
import { symbolNode } from "../../model/cell/symbols.js";
import { readsInput } from "../../model/network.js";
import { createChooser } from "./chooser.js";
import { createCopyMenu } from "./copy-menu.js";
import { createCurve } from "./curve.js";
import { leafOf, leafWords, readoutLeaf, sourceOf } from "./factor.js";
import { createTerms } from "./terms.js";
import { heldInNumber } from "../../state/view-state.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {Equation, Explained, Factor, Network, Seen} from "../../types.d.ts" */

/** @typedef {Pick<Seen, "network" | "explained" | "termOrder" | "marked" | "leaf" | "ends" | "part"> & {equation: Equation | undefined}} Inputs */

/**
 * The panel's views. While the pointer is over a name in the panel, the panel keeps its value.
 * @param {Page} page
 * @returns {View[]}
 */
export function createNumber(page) {
  const panel = /** @type {HTMLElement} */ (page.byId("terms").closest("section"));
  return [createChooser(page), createStanding(page, panel), createSum(page, panel)];
}

/**
 * Shows whether the explanation is outdated, and enables the Back button if there is somewhere to go back to.
 * @param {Page} page
 * @param {HTMLElement} panel
 * @returns {View<{stale: boolean, followed: boolean}>}
 */
function createStanding({ seen, actions, byId }, panel) {
  const back = byId("back");
  back.addEventListener("click", actions.back);
  return {
    root: panel,
    inputs(_, state) {
      const shown = seen(heldInNumber(state));
      return { stale: isStale(shown), followed: shown.leaf !== null || shown.trail.length > 0 };
    },
    render({ stale, followed }) {
      panel.classList.toggle("outdated", stale);
      allow(back, followed);
    },
  };
}

/**
 * The equation with its numbers and terms.
 * @param {Page} page
 * @param {HTMLElement} panel
 * @returns {View<Inputs>}
 */
function createSum(page, panel) {
  const { store, actions, byId } = page;
  const order = byId("term-order");
  const curve = createCurve(page);
  let all = false;
  const terms = createTerms(page, open, () => {
    all = !all;
    render(latest);
  });
  /** @type {Inputs} */
  let latest;
  /** What the panel shows. @type {{equation: Equation, explained: Explained} | null} */
  let shown = null;
  createCopyMenu(page, () => shown && { ...shown, network: latest.network });

  /** @param {Factor} factor */
  function open(factor) {
    const { selection, trace, network } = store.get();
    const source = trace && sourceOf(factor, latest.explained ?? selection, trace, network.parts);
    if (source === null) actions.showFactor(factor);
    else actions.follow(source);
  }

  order.addEventListener("click", () => actions.show({ termOrder: store.get().termOrder === "size" ? "order" : "size" }));
  byId("leaf-go").addEventListener("click", () => {
    const { leaf, document: doc } = store.get();
    const field = leaf?.factor.kind !== "input" ? "weight-value" : doc.input.kind === "text" ? "text" : "bars";
    byId(field).focus();
  });

  /** @param {Inputs} inputs */
  function render(inputs) {
    latest = inputs;
    const { explained, equation, marked } = inputs;
    const focused = panel.contains(document.activeElement);
    put(byId("number-empty"), "hidden", marked);
    put(byId("number-body"), "hidden", !marked);
    shown = explained && equation && marked ? { equation, explained } : null;
    allow(byId("copy"), shown !== null);
    if (explained && equation) draw(inputs, equation, explained);
    else panel.classList.add("blank");
    const focus = document.activeElement;
    if (focused && !(panel.contains(focus) && focus?.checkVisibility())) byId("back").focus();
  }

  /**
   * @param {Inputs} inputs
   * @param {Equation} equation
   * @param {Explained} explained
   */
  function draw({ leaf, network, termOrder, ends, part }, equation, explained) {
    panel.classList.remove("blank");
    const { run, t, unit, quantity } = explained;
    Object.assign(panel.dataset, { run, t, unit, quantity });
    const found = leaf === null ? null : readoutLeaf(leaf, { ends, part }) ?? leafOf(leaf, explained);
    panel.classList.toggle("leaf", found !== null);
    const isMade = found?.kind === "input" && !readsInput(network.parts, explained.layer);
    byId("strip").classList.toggle("origin", found?.kind === "input" && !isMade);
    put(byId("leaf-go"), "hidden", found === null || found.kind === "previous" || isMade);
    if (found !== null) return drawLeaf(found, network, explained.layer);
    put(order, "textContent", termOrder === "size" ? "largest first" : "in order");
    press(order, termOrder === "size");
    if (byId("equation").dataset.text !== equation.text) {
      Object.assign(byId("equation").dataset, { equation: equation.value, text: equation.text });
      byId("equation").replaceChildren(...wordNodes(equation.words));
    }
    byId("equation-numbers").replaceChildren(...result(explained, equation));
    put(byId("number-held"), "textContent", heldWords(explained));
    put(byId("number-held"), "hidden", !explained.clamped);
    curve.render(equation, explained);
    return terms.render(explained, equation, network, termOrder, all);
  }

  /**
   * @param {Factor} leaf
   * @param {Network} network
   * @param {number} layer
   */
  function drawLeaf(leaf, network, layer) {
    const { reference, place, text } = leafWords(leaf, network, layer);
    byId("equation-numbers").replaceChildren(symbolNode(reference), `${place} = `, make("b", "", fixed(leaf.value)));
    byId("leaf-text").textContent = text;
  }

  return {
    root: panel,
    inputs(_, state) {
      const { network, model, explained, termOrder, marked, leaf, ends, part } = page.seen(heldInNumber(state));
      return { network, explained, termOrder, marked, leaf, ends, part, equation: equationOf(model, explained?.quantity ?? "") };
    },
    render,
  };
}

/**
 * Whether the explanation is for another place or an older run. A pinned run has its own run number, so only the place is compared.
 * @param {Pick<Seen, "model" | "explained" | "selection" | "trace" | "compare">} seen
 */
function isStale({ model, explained, selection, trace, compare }) {
  if (explained === null || !equationOf(model, explained.quantity)) return false;
  const { run, t, unit, quantity } = explained;
  const here = t === selection.t && unit === selection.unit && quantity === selection.quantity;
  return !here || (compare !== "before" && run !== trace?.run);
}

/**
 * @param {Explained} explained
 * @param {Equation} equation
 * @returns {(Node | string)[]}
 */
function result({ quantity, t, unit, result: value, pre_activation: sum, clamped }, equation) {
  const call = sum === null || clamped ? "" : `${applied(equation, fixed(sum))} = `;
  return [symbolNode(quantity), `[${unit}] at t = ${t + 1}: ${call}`, make("b", "", fixed(value))];
}

/** @param {Explained} explained */
function heldWords({ clamped, computed, result: value }) {
  return clamped ? `held at ${fixed(value)}; the equation gives ${fixed(computed ?? value)}` : "";
}
