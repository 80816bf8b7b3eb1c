/** The list of edits, newest first: each is a sentence with a switch. Only the rows in view are in the DOM, because a list can have thousands. */

import { make, put } from "../../lib/dom.js";
import { viewOf } from "../../model/document.js";
import { isOn } from "../../model/edits/edits.js";
import { countWords, editWords } from "../../model/edits/edit-words.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {Size} from "../../lib/size.js" */
/** @import {Edit, State} from "../../types.d.ts" */

/** The height of a row in px, as in css/views/edits.css. */
const ROW = 32;

/**
 * @typedef {object} Row
 * @property {HTMLLIElement} root
 * @property {HTMLInputElement} onOff
 * @property {HTMLButtonElement} words
 * @property {HTMLButtonElement} remove
 * @property {number} index of its edit
 * @property {Edit | null} edit
 */

/**
 * @typedef {Pick<State, "document" | "original" | "network" | "model" | "ends" | "presenting" | "side"> & {size: Size}} Inputs
 */

/** @typedef {Pick<Inputs, "document" | "original" | "network" | "model" | "ends">} Known what the words of an edit need */

/**
 * @param {Page} page
 * @returns {View<Inputs>}
 */
export function createEditsPanel(page) {
  const { store, actions, byId, sizeOf } = page;
  const view = byId("edits-view");
  const list = byId("edits-list");
  const count = byId("edited-count");
  /** @type {Row[]} */
  let rows = [];

  count.addEventListener("click", () => actions.show({ side: "edits" }));
  byId("edits-clear").addEventListener("click", () => actions.removeEdits());
  view.addEventListener("scroll", () => showRows(store.get()));

  /** @param {Omit<Inputs, "size">} state */
  function render(state) {
    const { edits } = state.document;
    put(byId("tab-edits"), "textContent", `Edits (${edits.length})`);
    put(count, "textContent", countWords(edits));
    if (state.side !== "edits") return;
    put(byId("edits-none"), "hidden", edits.length > 0);
    put(byId("edits-order"), "hidden", edits.length === 0);
    put(byId("edits-clear"), "hidden", edits.length === 0);
    showRows(state);
  }

  /** @param {Known} state */
  function showRows(state) {
    const { edits } = state.document;
    const fit = Math.ceil(sizeOf(view).height / ROW) + 1;
    const first = Math.max(0, Math.min(Math.floor(view.scrollTop / ROW), edits.length - fit));
    const shown = Math.min(fit, edits.length - first);
    list.style.height = `${edits.length * ROW}px`;
    for (const row of rows.splice(shown)) row.root.remove();
    while (rows.length < shown) {
      const row = makeRow();
      rows.push(row);
      list.append(row.root);
    }
    rows.forEach((row, i) => fillRow(row, state, edits.length - 1 - first - i, first + i));
  }

  /** @returns {Row} */
  function makeRow() {
    const onOff = Object.assign(make("input"), { type: "checkbox" });
    const words = Object.assign(make("button", "edit-words"), { type: "button", title: "Go there" });
    const remove = Object.assign(make("button", "icon", "×"), { type: "button", title: "Remove" });
    const root = make("li", "edit");
    root.append(onOff, words, remove);
    /** @type {Row} */
    const row = { root, onOff, words, remove, index: -1, edit: null };
    onOff.addEventListener("change", () => actions.switchEdit(row.index, onOff.checked));
    words.addEventListener("click", () => row.edit && actions.goToEdit(row.edit));
    remove.addEventListener("click", () => removeAt(row));
    return row;
  }

  /** @param {Row} row */
  function removeAt(row) {
    actions.removeEdit(row.index);
    render(store.get());
    const next = rows[Math.min(rows.indexOf(row), rows.length - 1)] ?? rows[rows.length - 1];
    (next?.remove ?? byId("tab-edits")).focus();
  }

  /**
   * @param {Row} row
   * @param {Known} state
   * @param {number} index
   * @param {number} place the row, counted from the top
   */
  function fillRow(row, { document, network, original, model, ends }, index, place) {
    const { edits } = document;
    const edit = edits[index];
    row.index = index;
    row.root.style.transform = `translateY(${place * ROW}px)`;
    row.words.replaceChildren(...editWords(edits, index, { network, original, arrays: model?.arrays ?? {}, view: viewOf(document), ends }));
    const words = row.words.textContent ?? "";
    row.onOff.checked = isOn(edit);
    row.onOff.setAttribute("aria-label", `On: ${words}`);
    row.remove.setAttribute("aria-label", `Remove: ${words}`);
    row.root.classList.toggle("off", !isOn(edit));
    row.root.setAttribute("aria-posinset", String(place + 1));
    row.root.setAttribute("aria-setsize", String(edits.length));
    row.edit = edit;
  }

  return {
    root: page.root,
    inputs: (_, { document, original, network, model, ends, presenting, side }) => ({ document, original, network, model, ends, presenting, side, size: sizeOf(view) }),
    render,
  };
}
