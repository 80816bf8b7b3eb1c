/** Draws the small picture of a network's values. */

import { fitCanvas } from "../../lib/canvas.js";

/** @import {DrawRaster} from "../../lib/canvas.js" */
/** @import {Picture, State} from "../../types.d.ts" */

/** The highest level in a picture. */
const TOP = 255;

/**
 * @param {DrawRaster} drawRaster
 * @param {HTMLCanvasElement} canvas CSS stretches it
 * @param {Picture} picture
 * @param {State["theme"]} theme
 */
export function drawPicture(drawRaster, canvas, { map, rows, columns, data }, theme) {
  const levels = Float32Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const context = fitCanvas(canvas, columns, rows);
  const matrix = { data: levels, offset: 0, rows, columns, rowStride: columns, columnStride: 1 };
  drawRaster(context, matrix, { map, theme, low: 0, high: TOP }, { left: 0, top: 0, width: columns, height: rows });
}
