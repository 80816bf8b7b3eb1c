/** The equations of the chosen form, its description, and what choosing it changed. */

import { cellOf, formOf, sameForm, viewOf } from "../../model/document.js";
import { make, put } from "../../lib/dom.js";
import { equationElement, proseNodes } from "../../model/cell/equations.js";
import { rowsOf } from "./cell-rows.js";
import { previousRef } from "../../model/cell/references.js";
import { symbolNode } from "../../model/cell/symbols.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {CellChoice, Config, FormChoice, GruDocument, Model, NetworkPart, State} from "../../types.d.ts" */

/**
 * The cell and form of a document among those on offer, of the layer on show. `form` is null for any other form, and if the layers differ in it.
 * @param {Config} config
 * @param {GruDocument} document
 * @param {NetworkPart | null} [parts] of its network
 * @returns {{cell: CellChoice, form: FormChoice | null}}
 */
export function choiceOf(config, document, parts = null) {
  const mixed = parts !== null && !parts.uniform;
  const kind = mixed ? parts.layers[viewOf(document).layer]?.cell : cellOf(document);
  const cell = config.cells.find(({ name }) => name === kind) ?? config.cells[0];
  return { cell, form: mixed ? null : cell.forms.find(({ form }) => sameForm(form, formOf(document))) ?? null };
}

/** @typedef {Pick<State, "model" | "document" | "changed" | "network">} Inputs */

/**
 * @param {Page} page
 * @returns {View<Inputs>}
 */
export function createFormPanel(page) {
  const { root, config, byId } = page;
  const list = byId("equations");
  const change = byId("form-change");
  /** @type {Model | null} */
  let shown = null;

  /** @param {Inputs} inputs */
  function render(inputs) {
    const { model, document: doc, changed, network: { parts } } = inputs;
    const { cell, form } = choiceOf(config, doc, parts);
    put(byId("form-title"), "textContent", `${cell.title} · ${form?.title ?? "a form of its own"}`);
    const awaited = model !== null && !(model.cell === cell.name && (!parts.uniform || sameForm(model.form, formOf(doc))));
    root.classList.toggle("awaited", awaited);
    byId("form-note").replaceChildren(...proseNodes(form?.note ?? "", awaited ? null : model));
    if (model === null || model === shown) return;
    list.replaceChildren(...rowsOf(model).map((row) => rowElement(row, changed)));
    if (shown !== null) say(shown, inputs);
    shown = model;
  }

  /**
   * Describe the last change of cell or form.
   * @param {Model} before
   * @param {Inputs} inputs
   */
  function say(before, { model, changed }) {
    if (model === null) return;
    if (before.cell !== model.cell) change.replaceChildren(`Now ${model.title}: ${count(model.equations.length)}.`);
    else change.replaceChildren("Changed: ", ...changed.flatMap((value, i) => [i ? ", " : "", symbolNode(value)]), ".");
    put(change, "hidden", before.cell === model.cell && changed.length === 0);
  }

  return { root, inputs: ({ model, document, changed, network }) => ({ model, document, changed, network }), render };
}

/**
 * @param {import("./cell-rows.js").Row} row
 * @param {readonly string[]} changed
 */
function rowElement({ equation, label, quantity }, changed) {
  const item = make("li", "equation-row");
  if (equation === null) {
    item.append(symbolNode(previousRef(quantity)), make("span", "quiet", " from the step before"));
  } else {
    item.append(equationElement(equation));
    item.classList.toggle("changed", changed.includes(equation.value));
  }
  item.title = equation?.title ?? label;
  return item;
}

/** @param {number} equations */
function count(equations) {
  return equations === 1 ? "one equation" : `${equations} equations`;
}
