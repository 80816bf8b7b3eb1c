/** One number: the value in focus as its equation with its numbers, and the ways from there. */

import { make, press, put } from "../../lib/dom.js";
import { applied, equationOf, wordNodes } from "../../model/cell/equations.js";
import { fixed } from "../../lib/format.js";
import { allow } from "../../lib/controls/focus-restore.js";
import { symbolNode } from "../../model/cell/symbols.js";
import { createChooser } from "./chooser.js";
import { createCopyMenu } from "./copy-menu.js";
import { createCurve } from "./curve.js";
import { leafOf, leafWords, sourceOf } from "./factor.js";
import { createTerms } from "./terms.js";

/** @import {Page} from "../../state/page.d.ts" */
/** @import {Equation, Explained, Factor, Seen} from "../../types.d.ts" */

/**
 * @param {Page} page
 */
export function createNumber(page) {
  const { store, actions, byId } = page;
  const panel = /** @type {HTMLElement} */ (byId("terms").closest("section"));
  const order = byId("term-order");
  const back = byId("back");
  const chooser = createChooser(page);
  const curve = createCurve(page);
  let all = false;
  const terms = createTerms(page, open, () => {
    all = !all;
    render(latest);
  });
  /** @type {Seen} */
  let latest;
  /** What the panel shows. @type {{equation: Equation, explained: Explained} | null} */
  let shown = null;
  /** @type {unknown[]} */
  let drawn = [];
  createCopyMenu(page, () => shown && { ...shown, network: latest.network });

  /** @param {Factor} factor */
  function open(factor) {
    const source = sourceOf(factor, latest.explained ?? latest.selection);
    if (source === null) actions.showFactor(factor);
    else actions.follow(source);
  }

  order.addEventListener("click", () => actions.show({ termOrder: store.get().termOrder === "size" ? "order" : "size" }));
  back.addEventListener("click", actions.back);
  byId("leaf-go").addEventListener("click", () => {
    const { leaf, document: doc } = store.get();
    const field = leaf?.factor.kind !== "input" ? "weight-value" : doc.input.kind === "text" ? "text" : "bars";
    byId(field).focus();
  });

  /** @param {Seen} state */
  function render(state) {
    latest = state;
    const { network, model, termOrder, theme, marked, leaf, trail } = state;
    chooser.render(state);
    const equation = equationOf(model, state.explained?.quantity ?? "");
    const explained = equation ? state.explained : null;
    panel.classList.toggle("outdated", explained !== null && isStale(explained, state));
    allow(back, leaf !== null || trail.length > 0);
    const key = [explained, network, equation, termOrder, theme, marked, leaf, all];
    if (key.every((part, i) => part === drawn[i])) return;
    drawn = key;
    const focused = panel.contains(document.activeElement);
    put(byId("number-empty"), "hidden", marked);
    put(byId("number-body"), "hidden", !marked);
    shown = explained && equation && marked ? { equation, explained } : null;
    allow(byId("copy"), shown !== null);
    if (explained && equation) draw(state, equation, explained);
    else panel.classList.add("blank");
    const focus = document.activeElement;
    if (focused && !(panel.contains(focus) && focus?.checkVisibility())) back.focus();
  }

  /**
   * @param {Seen} state
   * @param {Equation} equation
   * @param {Explained} explained
   */
  function draw({ leaf, network, termOrder }, equation, explained) {
    panel.classList.remove("blank");
    const { run, t, unit, quantity } = explained;
    Object.assign(panel.dataset, { run, t, unit, quantity });
    const found = leaf === null ? null : leafOf(leaf, explained);
    panel.classList.toggle("leaf", found !== null);
    byId("strip").classList.toggle("origin", found?.kind === "input");
    put(byId("leaf-go"), "hidden", found === null || found.kind === "previous");
    if (found !== null) {
      const { reference, place, text } = leafWords(found, network);
      byId("equation-numbers").replaceChildren(symbolNode(reference), `${place} = `, make("b", "", fixed(found.value)));
      byId("leaf-text").textContent = text;
      return;
    }
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
    terms.render(explained, equation, network, termOrder, all);
  }

  return { render };
}

/**
 * Whether an answer is of another place than the one in focus, or of an older run; a pinned run has numbers of its own.
 * @param {Explained} explained
 * @param {Seen} state
 */
function isStale({ run, t, unit, quantity }, { selection, trace, compare }) {
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
