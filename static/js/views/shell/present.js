/** The presenter's view: large type, the chosen panels, no controls but those for stepping and leaving. */

import { make, press, put } from "../../lib/dom.js";
import { PANELS, panelsOf } from "../../model/panels.js";
import { closeLikeMenu } from "../../lib/controls/popover.js";
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
  closeLikeMenu(page, choice);
  byId("present-edits").addEventListener("click", () => actions.show({ side: store.get().side === "edits" ? "weights" : "edits" }));
  byId("present").addEventListener("click", () => actions.present(true));
  byId("leave").addEventListener("click", () => actions.present(false));
  listen(window, "resize", () => scale(store.get()));

  let presenting = false;

  /** @param {State} state */
  function scale(state) {
    scaleType(root, state.presenting, hasSide(state));
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
    press(byId("present-edits"), state.side === "edits");
    put(byId("present-edits"), "textContent", `Edits (${state.document.edits.length})`);
    const list = presenting ? [...shown, ...(state.tour.open ? ["tour"] : []), ...(state.side === "edits" ? ["edits"] : [])].join(" ") : "";
    if (main.dataset.panels === list) return;
    main.dataset.panels = list;
    main.classList.toggle("one-sided", presenting && !hasSide(state));
    scale(state);
  }

  return { render };
}

/**
 * Whether anything of the right column is on show.
 * @param {State} state
 */
function hasSide({ document, tour, side }) {
  const shown = panelsOf(document);
  return tour.open || side === "edits" || SIDE.some((name) => shown.includes(name));
}
