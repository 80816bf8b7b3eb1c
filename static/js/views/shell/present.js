/** The presenter's view: large type, the chosen panels, no controls but those for stepping and leaving. */

import { make, put } from "../../lib/dom.js";
import { PANELS, panelsOf } from "../../model/panels.js";
import { scaleType } from "../../lib/type-scale.js";

/** @import {Page} from "../../state/page.d.ts" */
/** @import {Panel, State} from "../../types.d.ts" */

/** The side of the page that these panels share. */
const SIDE = /** @type {const} */ (["weights", "number"]);

/**
 * @param {Page} page
 */
export function createPresenter(page) {
  const { root, store, actions, byId, listen } = page;
  const main = byId("page");
  const list = byId("panel-list");
  const choice = byId("panel-choice", HTMLDetailsElement);
  const names = /** @type {Panel[]} */ (Object.keys(PANELS));
  const boxes = names.map((name) => {
    const box = Object.assign(make("input"), { type: "checkbox", value: name });
    const label = make("label", "panel-box");
    label.append(box, ` ${PANELS[name]}`);
    list.append(label);
    return box;
  });
  list.addEventListener("change", () => {
    actions.showPanels(boxes.filter((box) => box.checked).map((box) => /** @type {Panel} */ (box.value)));
  });
  choice.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !choice.open) return;
    event.preventDefault();
    choice.open = false;
    choice.querySelector("summary")?.focus();
  });
  listen(document, "pointerdown", (event) => {
    if (!choice.contains(/** @type {Node} */ (event.target))) choice.open = false;
  });
  byId("present").addEventListener("click", () => actions.present(true));
  byId("leave").addEventListener("click", () => actions.present(false));
  listen(window, "resize", () => scale(store.get()));

  let presenting = false;

  /** @param {State} state */
  function scale(state) {
    const shown = panelsOf(state.document);
    scaleType(root, state.presenting, SIDE.some((name) => shown.includes(name)));
  }

  /** @param {boolean} on */
  function turn(on) {
    presenting = on;
    root.classList.toggle("presenting", on);
    put(byId("presenter"), "hidden", !on);
    choice.open = false;
    // The button just used is gone: to the page on the way in, so that Space plays, and back to the button on the way out.
    (on ? main : byId("present")).focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  /** @param {State} state */
  function render(state) {
    if (state.presenting !== presenting) turn(state.presenting);
    const shown = panelsOf(state.document);
    for (const box of boxes) put(box, "checked", shown.includes(/** @type {Panel} */ (box.value)));
    const list = presenting ? shown.join(" ") : "";
    if (main.dataset.panels === list) return;
    main.dataset.panels = list;
    main.classList.toggle("one-sided", presenting && !SIDE.some((name) => shown.includes(name)));
    scale(state);
  }

  return { render };
}
