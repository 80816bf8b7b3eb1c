/** Where the four plots stand, and which step, unit and quantity lies under a point. */

import { stepAt } from "./timeline.js";
import { QUANTITIES } from "./trace.js";

/** @import {Quantity} from "./types.d.ts" */
/** @import {Timeline} from "./timeline.js" */

/** px over each plot for its title */
export const TITLE = 24;
/** px under the last one for the time axis */
export const AXIS = 38;

/**
 * @typedef {{left: number, top: number, width: number, height: number}} Box
 */

/**
 * The plots' boxes, top to bottom.
 * @param {Timeline} line
 * @param {number} height px of the panel
 * @returns {Box[]}
 */
export function plotBoxes(line, height) {
  const each = Math.max(8, (height - AXIS) / QUANTITIES.length - TITLE);
  return QUANTITIES.map((_, i) => ({
    left: line.left,
    top: TITLE + i * (each + TITLE),
    width: line.width,
    height: each,
  }));
}

/**
 * @param {Timeline} line
 * @param {number} height px of the panel
 * @param {number} hidden
 * @param {number} x px from the panel's left
 * @param {number} y px from its top
 * @returns {{t: number, unit: number, quantity: Quantity} | null} null between the plots
 */
export function placeAt(line, height, hidden, x, y) {
  const boxes = plotBoxes(line, height);
  const i = boxes.findIndex((box) => y >= box.top && y < box.top + box.height);
  if (i < 0 || x < line.left || x >= line.left + line.width) return null;
  const unit = Math.floor(((y - boxes[i].top) / boxes[i].height) * hidden);
  return { t: stepAt(line, x), unit, quantity: QUANTITIES[i] };
}
