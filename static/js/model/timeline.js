/** The horizontal positions of timesteps, shared by the editor, the plots and the cursor. */

/** @import {Lifetime} from "../lib/lifetime.js" */
/** @import {State, TimeWindow} from "../types.d.ts" */

const NARROWEST_ZOOM = 4;

/**
 * @typedef {object} Timeline
 * @property {number} from first column shown
 * @property {number} to one past the last
 * @property {number} left px of the first column's left edge
 * @property {number} width px of all columns
 * @property {number} column px of one
 */

/**
 * How the panels of one page lay out their columns.
 * @typedef {object} Timelines
 * @property {() => {left: number, right: number}} gutters px beside the columns, the same in every panel
 * @property {(width: number, steps: number, zoom: TimeWindow | null) => Timeline} timeline the positions of timesteps in a panel
 */

/**
 * @param {HTMLElement} root of the page, with custom properties for the room at both sides of the columns
 * @param {Lifetime["listen"]} listen
 * @param {(steps: number) => number} [columns] how many of the steps to show if the reader has not zoomed, by default all
 * @returns {Timelines}
 */
export function createTimelines(root, listen, columns = (steps) => steps) {
  /** @type {{left: number, right: number} | null} */
  let known = null;
  listen(window, "resize", () => { known = null; });

  function gutters() {
    if (known) return known;
    const style = getComputedStyle(root);
    const px = (/** @type {string} */ name) => parseFloat(style.getPropertyValue(name));
    known = { left: px("--gutter-left"), right: px("--gutter-right") };
    return known;
  }

  return { gutters, timeline: (width, steps, zoom) => timeline(gutters(), width, steps, zoom ?? { from: 0, to: columns(steps) }) };
}

/**
 * @param {{left: number, right: number}} gutters px
 * @param {number} width px of the panel
 * @param {number} steps
 * @param {TimeWindow | null} zoom
 * @returns {Timeline}
 */
export function timeline({ left, right }, width, steps, zoom) {
  const { from, to } = clampZoom(zoom, steps) ?? { from: 0, to: steps };
  const inner = Math.max(1, width - left - right);
  return { from, to, left, width: inner, column: inner / Math.max(1, to - from) };
}

/**
 * Left edge of a step's column.
 * @param {Timeline} line
 * @param {number} t
 */
export function edge(line, t) {
  return line.left + (t - line.from) * line.column;
}

/**
 * The step under a point, clamped to the visible steps.
 * @param {Timeline} line
 * @param {number} px
 */
export function stepAt(line, px) {
  const t = line.from + Math.floor((px - line.left) / line.column);
  return Math.max(line.from, Math.min(line.to - 1, t));
}

/**
 * @param {TimeWindow | null} zoom
 * @param {number} steps
 * @returns {TimeWindow | null} null if it shows everything
 */
export function clampZoom(zoom, steps) {
  if (zoom === null) return null;
  const span = Math.max(Math.min(NARROWEST_ZOOM, steps), Math.min(steps, Math.round(zoom.to) - Math.round(zoom.from)));
  const from = Math.max(0, Math.min(steps - span, Math.round(zoom.from)));
  return span >= steps ? null : { from, to: from + span };
}

/**
 * The window moved as little as needed to show a step.
 * @param {State} state
 * @param {number} t
 * @returns {TimeWindow | null}
 */
export function follow({ zoom }, t) {
  if (zoom === null || (t >= zoom.from && t < zoom.to)) return zoom;
  const span = zoom.to - zoom.from;
  const from = t < zoom.from ? t : t - span + 1;
  return { from, to: from + span };
}
