/** Scrolls to the panel that a text describes, after a moment for reading. */

import { isArrayNamed } from "../model/cell/equations.js";
import { INPUT, nameOf } from "../model/cell/references.js";
import { isNarrow, isShort } from "../lib/breakpoints.js";

/** @import {Page} from "../state/page.d.ts" */
/** @import {Model, TourPage} from "../types.d.ts" */

/** Milliseconds before the scroll. */
const READ_MS = 700;
const PANELS = { input: ".input", output: ".output", plots: ".plots", transport: ".transport", cell: ".cell", weights: ".weights", number: ".number-panel" };

/**
 * @param {Page} page
 * @param {TourPage["panel"]} panel
 * @param {() => boolean} wanted whether to scroll, asked after that moment
 * @param {(panel: TourPage["panel"]) => void} look opens the panel if it is folded or behind a tab
 */
export function bringIntoView({ root, after }, panel, wanted, look) {
  after(() => {
    const element = elementOf(root, panel);
    if (element === null || !wanted()) return;
    look(panel);
    if (isShort() || !element.checkVisibility() || isInView(root, element)) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    // The answers are of use together with the input above them.
    element.scrollIntoView({ block: panel === "output" ? "nearest" : "start", behavior: still ? "auto" : "smooth" });
  }, READ_MS);
}

/**
 * @param {HTMLElement} root
 * @param {TourPage["panel"]} panel
 * @returns {Element | null}
 */
function elementOf(root, panel) {
  const apart = panel === "output" ? root.querySelector(".output-number:not([hidden])") : null;
  return apart ?? root.querySelector(PANELS[panel]);
}

/**
 * The panel that a name of a page's text leads to.
 * @param {string} name
 * @param {TourPage} page
 * @param {Model | null} model
 * @returns {TourPage["panel"]}
 */
export function panelOf(name, { panel }, model) {
  if (name === nameOf(INPUT)) return "input";
  if (isArrayNamed(model, name)) return "weights";
  return panel === "input" || panel === "weights" ? "plots" : panel;
}

/**
 * @param {HTMLElement} root
 * @param {Element} element
 */
function isInView(root, element) {
  const { top, bottom } = element.getBoundingClientRect();
  const style = getComputedStyle(root);
  const feet = isNarrow() ? ["--sheet", "--foot"] : [];
  const covered = feet.reduce((sum, name) => sum + (parseFloat(style.getPropertyValue(name)) || 0), 0);
  return top >= 0 && bottom <= innerHeight - covered;
}
