/** The list of networks: a dialog of cards, filtered by task and cell. */

import { rove } from "../../lib/controls/roving-tabindex.js";
import { make, press, put } from "../../lib/dom.js";
import { isShown } from "../../model/examples/listing.js";
import { exampleOf } from "../../model/examples/examples.js";
import { networkCard } from "./network-card.js";
import { createUntrained } from "./untrained.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {GruDocument, State} from "../../types.d.ts" */

/** @typedef {{document: GruDocument, network: State["network"], theme: State["theme"]}} Inputs */

/**
 * @param {Page} page
 * @returns {View<Inputs>}
 */
export function createPicker(page) {
  const { config, store, actions, byId, drawRaster } = page;
  const dialog = byId("picker", HTMLDialogElement);
  const cards = byId("picker-cards");
  const families = byId("picker-families");
  const cells = byId("picker-cells");
  const showUntrained = createUntrained(page, () => dialog.close());
  const settleFamilies = rove(families);
  const settleCells = rove(cells);
  const settleCards = rove(cards, columnsOf);

  cells.append(...config.cells.map(({ name }) => {
    const button = Object.assign(make("button", "", name.toUpperCase()), { type: "button" });
    button.dataset.cell = name;
    press(button, false);
    return button;
  }));
  put(byId("picker-file"), "hidden", byId("open-button").hidden);
  settleFamilies();
  settleCells();

  byId("picker-open").addEventListener("click", open);
  byId("picker-close").addEventListener("click", () => dialog.close());
  byId("picker-file").addEventListener("click", () => {
    dialog.close();
    byId("open-file").click();
  });
  put(byId("picker-train"), "hidden", config.training === null);
  byId("picker-train").addEventListener("click", () => {
    dialog.close();
    actions.show({ side: "train" });
    byId("tab-train").focus();
  });
  // A file that is dropped here is opened by the page, whose messages a dialog would cover.
  dialog.addEventListener("drop", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog && isOutside(event)) dialog.close();
  });
  families.addEventListener("click", ({ target }) => {
    const chosen = /** @type {HTMLElement} */ (target).closest("button");
    if (chosen === null) return;
    for (const button of families.querySelectorAll("button")) press(button, button === chosen);
    filter();
  });
  cells.addEventListener("click", ({ target }) => {
    const chosen = /** @type {HTMLElement} */ (target).closest("button");
    if (chosen === null) return;
    for (const button of cells.querySelectorAll("button")) press(button, button === chosen && !isPressed(button));
    filter();
  });
  cards.addEventListener("click", ({ target }) => {
    const chosen = /** @type {HTMLElement} */ (target).closest("button");
    if (chosen === null) return;
    dialog.close();
    if (!chosen.hasAttribute("aria-current")) actions.openExample(chosen.dataset.network ?? "");
  });

  function open() {
    const { document: doc, network, theme } = store.get();
    list({ document: doc, network, theme });
    showUntrained(doc, network);
    dialog.showModal();
    const start = cards.querySelector("li:not([hidden]) [aria-current]") ?? cards.querySelector("li:not([hidden]) button");
    /** @type {HTMLElement | null} */ (start)?.focus();
  }

  /** @param {Inputs} inputs */
  function list({ document: doc, theme }) {
    const current = exampleOf(config, doc);
    cards.replaceChildren(...config.examples.map((example) => networkCard(example, { drawRaster, theme, current: example === current })));
    filter();
  }

  function filter() {
    const family = families.querySelector('[aria-pressed="true"]')?.getAttribute("data-family") ?? "all";
    const cell = cells.querySelector('[aria-pressed="true"]')?.getAttribute("data-cell") ?? null;
    const shown = new Set(config.examples.filter((example) => isShown(example, { family, cell })).map(({ name }) => name));
    for (const button of cards.querySelectorAll("button")) put(/** @type {HTMLElement} */ (button.parentElement), "hidden", !shown.has(button.dataset.network ?? ""));
    put(byId("picker-none"), "hidden", shown.size > 0);
    put(byId("picker-none"), "textContent", family === "yours" ? "No network of yours is open. Open a file, or drop it on the page." : "No network fits both choices.");
    put(byId("untrained"), "hidden", family !== "all");
    settleCards();
  }

  /** The number of cards in a row. */
  function columnsOf() {
    return getComputedStyle(cards).gridTemplateColumns.split(" ").length;
  }

  /** @param {MouseEvent} event */
  function isOutside({ clientX, clientY }) {
    const { left, right, top, bottom } = dialog.getBoundingClientRect();
    return clientX < left || clientX > right || clientY < top || clientY > bottom;
  }

  return {
    root: dialog,
    inputs: (_, { document, network, theme }) => ({ document, network, theme }),
    render(inputs) {
      if (dialog.open) list(inputs);
    },
  };
}

/** @param {Element} button */
function isPressed(button) {
  return button.getAttribute("aria-pressed") === "true";
}
