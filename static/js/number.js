/** One number: the selected value's equation, with its numbers, term by term. */

import { byId, fill, integerOf, make, press, put } from "./dom.js";
import { applied, equationNodes, equationOf } from "./equations.js";
import { fixed, inputName } from "./format.js";
import { isWeight, symbol, symbolNode } from "./symbols.js";

/** @import {Actions} from "./actions.js" */
/** @import {Equation, Explained, Factor, Model, Network, State, Term} from "./types.d.ts" */
/** @import {Store} from "./store.js" */

const MOST_TERMS = 120;

/**
 * @param {Store} store
 * @param {Actions} actions
 */
export function createNumber(store, actions) {
  const panel = byId("terms").closest("section");
  const choice = byId("quantities");
  /** @type {HTMLButtonElement[]} */
  let tabs = [];
  /** @type {Model | null} */
  let offered = null;
  const unit = byId("unit", HTMLInputElement);
  const order = byId("term-order");
  /** @type {unknown[]} */
  let drawn = [];

  /**
   * A button for each value that has an equation.
   * @param {Model} model
   */
  function offer(model) {
    const same = model.equations.map(({ value }) => value).join() === offered?.equations.map(({ value }) => value).join();
    offered = model;
    if (same) return;
    tabs = model.equations.map(({ value, title }) => {
      const tab = Object.assign(make("button"), { type: "button", title });
      tab.dataset.quantity = value;
      tab.append(symbolNode(value));
      tab.addEventListener("click", () => actions.select({ quantity: value }));
      return tab;
    });
    choice.replaceChildren(...tabs);
  }

  unit.addEventListener("input", () => {
    const value = integerOf(unit, 0, store.get().network.hiddenSize - 1);
    if (value !== null) actions.select({ unit: value });
  });
  unit.addEventListener("change", () => {
    const most = store.get().network.hiddenSize - 1;
    if (integerOf(unit, 0, most) === null) {
      actions.notify({ kind: "error", text: `unit: expected a whole number from 0 to ${most}, got “${unit.value}”.` });
    }
  });
  unit.addEventListener("blur", () => unit.removeAttribute("aria-invalid"));
  order.addEventListener("click", () => store.update({ termOrder: store.get().termOrder === "size" ? "order" : "size" }));

  /** @param {State} state */
  function render(state) {
    const { selection, network, model, termOrder, theme } = state;
    if (model !== null && model !== offered) offer(model);
    const equation = equationOf(model, state.explained?.quantity ?? "");
    const explained = equation ? state.explained : null;
    for (const tab of tabs) press(tab, tab.dataset.quantity === selection.quantity);
    fill(unit, String(selection.unit));
    put(unit, "max", String(network.hiddenSize - 1));
    put(order, "textContent", termOrder === "size" ? "largest first" : "in order");
    const key = [explained, network, equation, termOrder, theme];
    if (key.every((part, i) => part === drawn[i])) return;
    drawn = key;
    if (explained === null || !equation) {
      for (const id of ["equation", "equation-numbers", "terms", "terms-sum"]) byId(id).replaceChildren();
      return;
    }
    if (panel) Object.assign(panel.dataset, { run: explained.run, t: explained.t, unit: explained.unit, quantity: explained.quantity });
    byId("equation").dataset.equation = equation.value;
    byId("equation").replaceChildren(...equationNodes(equation.text));
    byId("equation-numbers").replaceChildren(...result(explained, equation));
    byId("terms").replaceChildren(...termRows(explained, network, termOrder));
    byId("terms-sum").replaceChildren(...sumLine(explained));
  }

  return { render };
}

/**
 * @param {Explained} explained
 * @param {Equation} equation
 * @returns {Node[]}
 */
function result({ quantity, t, unit, result: value, pre_activation: sum }, equation) {
  const call = sum === null ? "" : `${applied(equation, fixed(sum))} = `;
  const place = document.createTextNode(`[${unit}] at t = ${t + 1}: ${call}`);
  return [symbolNode(quantity), place, make("b", "", fixed(value))];
}

/**
 * @param {Explained} explained
 * @param {Network | null} network
 * @param {State["termOrder"]} order
 * @returns {Node[]}
 */
function termRows({ terms }, network, order) {
  const shown = terms.filter((term) => term.product !== 0);
  const most = shown.reduce((largest, term) => Math.max(largest, Math.abs(term.product)), 1e-9);
  const sorted = order === "size" ? shown.toSorted((a, b) => Math.abs(b.product) - Math.abs(a.product)) : shown;
  const rows = sorted.slice(0, MOST_TERMS).map((term) => termRow(term, network, most));
  const zeros = terms.length - shown.length;
  if (zeros > 0) rows.push(make("li", "term zeros quiet", zeros === 1 ? "1 term is 0" : `${zeros} terms are 0`));
  const rest = sorted.slice(MOST_TERMS);
  if (rest.length > 0) rows.push(make("li", "term zeros quiet", `${rest.length} more: ${fixed(rest.reduce((sum, { product }) => sum + product, 0))}`));
  return rows;
}

/**
 * @param {Term} term
 * @param {Network | null} network
 * @param {number} most
 */
function termRow({ factors, product }, network, most) {
  const row = make("li", "term");
  const times = factors.length > 2 ? "·" : " · ";
  row.append(
    make("span", "term-name", factors.map((factor, i) => factorName(factor, i === 0 && factors.length > 2, network)).join(times)),
    make("span", "factors", factors.length > 1 ? factors.map((factor) => fixed(factor.value, 3)).join(times) : ""),
    make("span", "product", fixed(product)),
    bar(product / most),
  );
  return row;
}

/**
 * A factor's name with its unit or input; the step is the one the panel names.
 * @param {Factor} factor
 * @param {boolean} leads many: a gate is then said without its unit, which the panel names
 * @param {Network | null} network
 */
function factorName({ name, index }, leads, network) {
  const weight = isWeight(name);
  if (leads && !weight) return symbol(name);
  const places = (weight ? index : index.slice(-1)).map((place, i) => {
    const isInput = name === "x" || (name.startsWith("W") && i === 1);
    return isInput ? inputName(network, place) : String(place);
  });
  return `${symbol(name)}[${places.join(",")}]`;
}

/** @param {number} part of the largest, −1 to 1 */
function bar(part) {
  const track = make("span", "signed");
  const fillBar = make("i", part < 0 ? "negative" : "");
  fillBar.style.width = `${Math.abs(part) * 50}%`;
  fillBar.style[part < 0 ? "right" : "left"] = "50%";
  track.append(fillBar);
  return track;
}

/**
 * @param {Explained} explained
 * @returns {Node[]}
 */
function sumLine({ pre_activation: sum, result: value, terms, quantity }) {
  const label = terms.length === 1 ? "one term" : `sum of ${terms.length} terms`;
  const total = sum === null ? `${symbol(quantity)} = ${fixed(value)}` : fixed(sum);
  return [make("span", "", label), make("b", "", total)];
}
