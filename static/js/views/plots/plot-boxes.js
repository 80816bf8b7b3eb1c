/** The positions of the plots, one below the other, and the value at a point. */

import { stepAt } from "../../model/timeline.js";

/** @import {PageTrace, Quantity} from "../../types.d.ts" */
/** @import {Timeline} from "../../model/timeline.js" */

/** px above each plot for its title, for few and for many plots */
const TITLE = 24;
const CLOSE_TITLE = 20;
/** px of a title's line */
const LINE = 19;
const MANY = 5;
/** px: the maximum heights of a unit's row and of a plot, and a height that even a plot of few units may have */
const ROW = 26;
const TALLEST = 416;
const LOWEST = 120;
/** px below the last plot for the time axis */
export const AXIS = 38;

/**
 * @typedef {{left: number, top: number, width: number, height: number}} Box
 */

/**
 * px above each plot for its title.
 * @param {number} scale of the page's type
 * @param {number} count of plots
 */
export function titleRoom(scale, count) {
  return Math.max(count < MANY ? TITLE : CLOSE_TITLE, Math.round(LINE * scale));
}

/**
 * The largest useful height of all plots together, in px.
 * @param {number} scale of the page's type
 * @param {number} count of plots
 * @param {number} hidden
 */
export function tallest(scale, count, hidden) {
  return count * (titleRoom(scale, count) + Math.max(LOWEST, Math.min(TALLEST, hidden * ROW))) + AXIS;
}

/**
 * The plots' boxes, top to bottom.
 * @param {number} scale of the page's type
 * @param {Timeline} line
 * @param {number} height px of the panel
 * @param {number} count of plots
 * @returns {Box[]}
 */
export function plotBoxes(scale, line, height, count) {
  const title = titleRoom(scale, count);
  const each = Math.max(8, (height - AXIS) / count - title);
  return Array.from({ length: count }, (_, i) => ({
    left: line.left,
    top: title + i * (each + title),
    width: line.width,
    height: each,
  }));
}

/**
 * @param {number} scale of the page's type
 * @param {Timeline} line
 * @param {number} height px of the panel
 * @param {PageTrace} trace
 * @param {number} x px from the panel's left
 * @param {number} y px from its top
 * @returns {{t: number, unit: number, quantity: Quantity} | null} null between the plots
 */
export function placeAt(scale, line, height, { hidden, values }, x, y) {
  const boxes = plotBoxes(scale, line, height, values.length);
  const i = boxes.findIndex((box) => y >= box.top && y < box.top + box.height);
  if (i < 0 || x < line.left || x >= line.left + line.width) return null;
  const unit = Math.floor(((y - boxes[i].top) / boxes[i].height) * hidden);
  return { t: stepAt(line, x), unit, quantity: values[i] };
}
