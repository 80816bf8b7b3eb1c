/** Brings into view what a text is about, once the text has had its moment. */

import { isWeight } from "../model/symbols.js";

/** @import {TourPage} from "../types.d.ts" */

/** First the words, then the motion. */
const READ_MS = 700;
const STILL = matchMedia("(prefers-reduced-motion: reduce)");
const PANELS = { input: ".input", plots: ".plots", transport: ".transport", cell: ".cell", weights: ".weights", number: ".number-panel" };

/**
 * @param {TourPage["panel"]} panel
 * @param {() => boolean} wanted still, after that moment
 */
export function bringIntoView(panel, wanted) {
  setTimeout(() => {
    const element = document.querySelector(PANELS[panel]);
    if (element === null || !wanted() || isInView(element)) return;
    element.scrollIntoView({ block: "start", behavior: STILL.matches ? "auto" : "smooth" });
  }, READ_MS);
}

/**
 * The panel that a name of a page's text leads to.
 * @param {string} name
 * @param {TourPage} page
 * @returns {TourPage["panel"]}
 */
export function panelOf(name, { panel }) {
  if (name === "x") return "input";
  if (isWeight(name)) return "weights";
  return panel === "input" || panel === "weights" ? "plots" : panel;
}

/** @param {Element} element */
function isInView(element) {
  const { top, bottom } = element.getBoundingClientRect();
  const covered = parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--sheet")) || 0;
  return top >= 0 && bottom <= innerHeight - covered;
}
