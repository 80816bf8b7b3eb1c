/** Strips of values on the diagram's canvas, with one column per unit and numbers where they fit. */

import { fixed } from "../../../lib/format.js";

/** @import {Page} from "../../../state/page.d.ts" */
/** @import {Scale, State} from "../../../types.d.ts" */
/** @import {Box} from "./sheet.js" */

/** The largest number of units that a strip shows individually. */
export const MOST = 64;
/** px: the minimum widths of a column for a number and for a hairline */
const NUMBER = 29;
const HAIRLINE = 5;
/** The share of a strip's height for all units if there are too many to show individually. */
const WHOLE = 0.4;

/**
 * The units to show individually: all, or those around the selected one.
 * @param {number} count
 * @param {number} unit
 */
export function unitsShown(count, unit) {
  if (count <= MOST) return { from: 0, to: count };
  const from = Math.max(0, Math.min(count - MOST / 2, unit - MOST / 4));
  return { from, to: from + MOST / 2 };
}

/**
 * @param {Page} page
 * @param {CanvasRenderingContext2D} context
 * @param {Float32Array} values
 * @param {Scale} scale
 * @param {State["theme"]} theme
 * @param {Box} box
 * @param {{from: number, to: number}} shown
 */
export function drawStrip({ cssColour, inkOn, drawRaster }, context, values, scale, theme, box, { from, to }) {
  const colours = { ...scale, theme };
  const raster = (/** @type {number} */ offset, /** @type {number} */ columns, /** @type {Box} */ place) =>
    drawRaster(context, { data: values, offset, rows: 1, columns, rowStride: 0, columnStride: 1 }, colours, place);
  if (from === 0 && to === values.length) raster(0, values.length, box);
  else {
    const above = Math.round(box.height * WHOLE);
    raster(0, values.length, { ...box, height: above - 1 });
    raster(from, to - from, { ...box, top: box.top + above, height: box.height - above });
  }
  const column = box.width / (to - from);
  if (column < HAIRLINE) return;
  context.fillStyle = cssColour("--paper");
  for (let i = 1; i < to - from; i += 1) context.fillRect(box.left + i * column - 0.5, box.top, 1, box.height);
  if (column < NUMBER) return;
  context.font = `${box.height > 12 ? 10 : 9}px ${cssColour("--mono")}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (let i = from; i < to; i += 1) {
    context.fillStyle = inkOn(scale.map, theme, values[i], scale);
    context.fillText(fixed(values[i], 2), box.left + (i - from + 0.5) * column, box.top + box.height / 2 + 0.5);
  }
}
