/** One number: the selected value's equation, with its numbers, term by term. */

import { byId, fill, integerOf, make, press, put } from "./dom.js";
import { fixed, inputName, SYMBOLS } from "./format.js";

/** @import {Actions} from "./actions.js" */
/** @import {Explained, Factor, Network, Quantity, State, Term} from "./types.d.ts" */
/** @import {Store} from "./store.js" */

const MOST_TERMS = 120;

/**
 * Each quantity's equation; names in it are coloured where they are quantities.
 * @type {Record<Quantity, string>}
 */
const EQUATIONS = {
  z: "z_t = σ(W_z x_t + U_z h_t−1 + b_z)",
  r: "r_t = σ(W_r x_t + U_r h_t−1 + b_r)",
  n: "h̃_t = tanh(W_n x_t + b_n + r_t ⊙ (U_n h_t−1 + b_hn))",
  h: "h_t = z_t ⊙ h_t−1 + (1 − z_t) ⊙ h̃_t",
};

/**
 * @param {Store} store
 * @param {Actions} actions
 */
export function createNumber(store, actions) {
  const panel = byId("terms").closest("section");
  const tabs = /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll(".number-panel [data-quantity]"));
  const unit = byId("unit", HTMLInputElement);
  const order = byId("term-order");
  /** @type {unknown[]} */
  let drawn = [];

  for (const tab of tabs) {
    tab.addEventListener("click", () => actions.select({ quantity: /** @type {Quantity} */ (tab.dataset.quantity) }));
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
    const { explained, selection, network, termOrder, theme } = state;
    for (const tab of tabs) press(tab, tab.dataset.quantity === selection.quantity);
    fill(unit, String(selection.unit));
    put(unit, "max", String(network.hiddenSize - 1));
    put(order, "textContent", termOrder === "size" ? "largest first" : "in order");
    const key = [explained, network, termOrder, theme];
    if (key.every((part, i) => part === drawn[i])) return;
    drawn = key;
    if (explained === null) {
      for (const id of ["equation-numbers", "terms", "terms-sum"]) byId(id).replaceChildren();
      return;
    }
    if (panel) Object.assign(panel.dataset, { run: explained.run, t: explained.t, unit: explained.unit, quantity: explained.quantity });
    byId("equation").replaceChildren(...symbols(EQUATIONS[explained.quantity]));
    byId("equation-numbers").replaceChildren(...result(explained));
    byId("terms").replaceChildren(...termRows(explained, network, termOrder));
    byId("terms-sum").replaceChildren(...sumLine(explained));
  }

  return { render };
}

/**
 * An equation as nodes: quantities in their colours, what follows an underscore lowered.
 * @param {string} text
 * @returns {Node[]}
 */
function symbols(text) {
  return text.split(/((?:h̃|[A-Za-z]+)_(?:t−1|hn|[a-z]))/u).filter(Boolean).map((part) => {
    const match = /^(h̃|[A-Za-z]+)_(.+)$/u.exec(part);
    if (match === null) return document.createTextNode(part);
    const [, name, index] = match;
    const quantity = name === "h̃" ? "n" : name;
    const node = make("span", "xzrnh".includes(quantity) ? `q ${quantity}` : "", name);
    node.append(make("sub", "", index));
    return node;
  });
}

/**
 * @param {Explained} explained
 * @returns {Node[]}
 */
function result({ quantity, t, unit, result: value, pre_activation: sum, activation }) {
  const name = make("span", `q ${quantity}`, SYMBOLS[quantity]);
  const place = document.createTextNode(`[${unit}] at t = ${t + 1}: `);
  const call = activation === "identity" ? "" : `${activation === "sigmoid" ? "σ" : "tanh"}(${fixed(sum ?? NaN)}) = `;
  return [name, place, document.createTextNode(call), make("b", "", fixed(value))];
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
    make("span", "term-name", factors.map((factor) => factorName(factor, network, factors.length)).join(times)),
    make("span", "factors", factors.length > 1 ? factors.map((factor) => fixed(factor.value, 3)).join(times) : ""),
    make("span", "product", fixed(product)),
    bar(product / most),
  );
  return row;
}

/**
 * A factor's name with its unit or input; the step is the one the panel names, and so is the unit where room is short.
 * @param {Factor} factor
 * @param {Network | null} network
 * @param {number} among how many factors
 */
function factorName({ name, index }, network, among) {
  if (among > 2 && name === "r") return name;
  const plain = { x: "x", h_prev: "hₜ₋₁", n: "h̃", "1-z": "(1−z)" }[name] ?? name;
  const weight = /^[WUb]/.test(name);
  const places = (weight ? index : index.slice(-1)).map((place, i) => {
    const isInput = name === "x" || (name.startsWith("W") && i === 1);
    return isInput ? inputName(network, place) : String(place);
  });
  return `${plain}[${places.join(",")}]`;
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
  const label = `sum of ${terms.length} terms`;
  const total = sum === null ? `${SYMBOLS[quantity]} = ${fixed(value)}` : fixed(sum);
  return [make("span", "", label), make("b", "", total)];
}
