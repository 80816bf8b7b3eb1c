/** The header's menus of cells and forms. */

import { put } from "../../lib/dom.js";
import { isStack } from "../../model/network.js";
import { choiceOf } from "./form-panel.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {CellChoice, CellName, GruDocument, NetworkPart} from "../../types.d.ts" */

/** The value of the option for a form that the page does not offer. */
const OTHER = "";

/** @typedef {{document: GruDocument, parts: NetworkPart}} Inputs */

/**
 * @param {Page} page
 * @returns {View<Inputs>}
 */
export function createFormChoice(page) {
  const { root, config, store, actions, byId } = page;
  const cells = byId("cell", HTMLSelectElement);
  const forms = byId("form", HTMLSelectElement);
  const field = /** @type {HTMLElement} */ (cells.closest(".field"));
  /** @type {CellChoice | null} */
  let offered = null;
  cells.append(...config.cells.map(({ name, title }) => new Option(title, name)));
  cells.addEventListener("change", () => actions.changeCell(/** @type {CellName} */ (cells.value)));
  forms.addEventListener("change", () => {
    const chosen = choiceOf(config, store.get().document).cell.forms.find(({ name }) => name === forms.value);
    if (chosen) actions.changeForm(chosen.form);
  });

  /** @param {Inputs} inputs */
  function render({ document: doc, parts }) {
    const { cell, form } = choiceOf(config, doc, parts);
    const whole = isStack(parts);
    put(field, "hidden", whole); // it has weights for its own cells only
    put(forms, "disabled", !parts.uniform);
    if (cell !== offered) {
      offered = cell;
      forms.replaceChildren(...cell.forms.map(({ name, title, note }) => Object.assign(new Option(title, name), { title: note })));
    }
    const other = [...forms.options].find(({ value }) => value === OTHER);
    if (form === null && !other) forms.append(Object.assign(new Option("a form of its own", OTHER), { disabled: true }));
    if (form !== null) other?.remove();
    if (cells.value !== cell.name) cells.value = cell.name;
    const name = form?.name ?? OTHER;
    if (forms.value !== name) forms.value = name;
    forms.title = parts.uniform ? form?.note ?? "" : "The layers differ in cell or form";
  }

  return { root, inputs: (_, { document, network: { parts } }) => ({ document, parts }), render };
}
