/** Chooses the value to explain: a button for each value with an equation, and a field for the unit. */

import { fill, integerOf, make, press, put } from "../../lib/dom.js";
import { symbolNode } from "../../model/cell/symbols.js";
import { heldInNumber } from "../../state/view-state.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {Model, State} from "../../types.d.ts" */

/** @typedef {Pick<State, "model" | "network" | "selection">} Inputs */

/**
 * @param {Page} page
 * @returns {View<Inputs>}
 */
export function createChooser(page) {
  const { store, actions, byId } = page;
  const choice = byId("quantities");
  const unit = byId("unit", HTMLInputElement);
  /** @type {HTMLButtonElement[]} */
  let buttons = [];
  /** @type {Model | null} */
  let offered = null;

  /** @param {Model} model */
  function offer(model) {
    const same = model.equations.map(({ value }) => value).join() === offered?.equations.map(({ value }) => value).join();
    offered = model;
    if (same) return;
    buttons = model.equations.map(({ value, title }) => {
      const button = Object.assign(make("button"), { type: "button", title });
      button.dataset.quantity = value;
      button.append(symbolNode(value));
      button.addEventListener("click", () => actions.select({ quantity: value }));
      return button;
    });
    choice.replaceChildren(...buttons);
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
  unit.addEventListener("blur", () => {
    unit.removeAttribute("aria-invalid");
    fill(unit, String(inputsOf(store.get()).selection.unit));
  });

  /**
   * @param {State} state
   * @returns {Inputs}
   */
  function inputsOf(state) {
    const { model, network, selection } = page.seen(heldInNumber(state));
    return { model, network, selection };
  }

  /** @param {Inputs} inputs */
  function render({ model, network, selection }) {
    if (model !== null && model !== offered) offer(model);
    for (const button of buttons) press(button, button.dataset.quantity === selection.quantity);
    fill(unit, String(selection.unit));
    put(unit, "max", String(network.hiddenSize - 1));
  }

  return { root: choice, inputs: (_, state) => inputsOf(state), render };
}
