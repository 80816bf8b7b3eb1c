/** The presenter's view: large type, the chosen panels, and only the controls for stepping and leaving. */

import { make, press, put } from "../../lib/dom.js";
import { PANELS, panelsOf } from "../../model/panels.js";
import { closeLikeMenu } from "../../lib/controls/popover.js";
import { scaleType } from "../../lib/type-scale.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {Panel, State} from "../../types.d.ts" */

/** The panels in the right column. */
const SIDE = /** @type {const} */ (["weights", "number"]);

/**
 * `panels`: the names of the visible panels; `sided`: whether any of them is in the right column.
 * @typedef {Pick<State, "presenting"> & {panels: string, sided: boolean}} Arrangement
 */

/**
 * Arranges the page for the presenter's view.
 * @param {Page} page
 * @returns {View<Arrangement>}
 */
export function createPresenter(page) {
  const { root, store, actions, byId, listen } = page;
  const main = byId("page");
  const choice = byId("panel-choice", HTMLDetailsElement);
  let presenting = false;

  closeLikeMenu(page, choice);
  byId("present").addEventListener("click", () => actions.present(true));
  byId("leave").addEventListener("click", () => actions.present(false));
  listen(window, "resize", () => scaleType(root, store.get().presenting, hasSide(store.get())));

  /** @param {boolean} on */
  function turn(on) {
    presenting = on;
    root.classList.toggle("presenting", on);
    put(byId("presenter"), "hidden", !on);
    choice.open = false;
    // The button just used disappears. Focus the page on the way in, so that Space plays, and the button on the way out.
    (on ? main : byId("present")).focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  return {
    root: main,
    inputs: (_, state) => ({ presenting: state.presenting, panels: panelsOnShow(state), sided: hasSide(state) }),
    render({ presenting: on, panels, sided }) {
      if (on !== presenting) turn(on);
      main.dataset.panels = panels;
      main.classList.toggle("one-sided", on && !sided);
      scaleType(root, on, sided);
    },
  };
}

/**
 * The presenter's controls: the choice of panels, and the list of edits.
 * @param {Page} page
 * @returns {View<Pick<State, "side"> & {panels: readonly Panel[], edits: number}>}
 */
export function createPresenterControls(page) {
  const { store, actions, byId } = page;
  const list = byId("panel-list");
  const edited = byId("present-edits");
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
  edited.addEventListener("click", () => actions.show({ side: store.get().side === "edits" ? "weights" : "edits" }));

  return {
    root: byId("presenter"),
    inputs: (_, { document: doc, side }) => ({ panels: panelsOf(doc), edits: doc.edits.length, side }),
    render({ panels, edits, side }) {
      for (const box of boxes) put(box, "checked", panels.includes(/** @type {Panel} */ (box.value)));
      press(edited, side === "edits");
      put(edited, "textContent", `Edits (${edits})`);
    },
  };
}

/**
 * The names of the panels in the presenter's view, or "" outside of it.
 * @param {State} state
 */
function panelsOnShow({ presenting, document, tour, side }) {
  if (!presenting) return "";
  return [...panelsOf(document), ...(tour.open ? ["tour"] : []), ...(side === "edits" ? ["edits"] : [])].join(" ");
}

/**
 * Whether any panel in the right column is visible.
 * @param {State} state
 */
function hasSide({ document, tour, side }) {
  const shown = panelsOf(document);
  return tour.open || side === "edits" || SIDE.some((name) => shown.includes(name));
}
