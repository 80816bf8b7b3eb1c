/** The buttons above the plots, which choose how to draw them and reset the zoom. */

import { press } from "../../lib/dom.js";
import { allow } from "../../lib/controls/focus-restore.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {State} from "../../types.d.ts" */

const VIEWS = /** @type {const} */ (["heatmap", "lines"]);

/**
 * @param {Page} page
 * @returns {View<Pick<State, "view" | "numbers"> & {zoomed: boolean}>}
 */
export function createPlotTools({ root, actions, byId }) {
  const buttons = VIEWS.map((view) => byId(`view-${view}`));
  const fit = byId("fit");
  buttons.forEach((button, i) => button.addEventListener("click", () => actions.show({ view: VIEWS[i], numbers: false })));
  fit.addEventListener("click", () => actions.zoom(null));
  return {
    root,
    inputs: ({ view, numbers, zoom }) => ({ view, numbers, zoomed: zoom !== null }),
    render({ view, numbers, zoomed }) {
      buttons.forEach((button, i) => press(button, view === VIEWS[i] && !numbers));
      allow(fit, zoomed);
    },
  };
}
