/** Canvases at the screen's own resolution, and rasters of matrices on them. */

import { colourTable, level } from "./colour.js";

/** @import {MapName} from "./colour.js" */
/** @import {State} from "./types.d.ts" */

/**
 * Fit a canvas to a size in CSS px, cleared, with a context that counts in CSS px.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 * @returns {CanvasRenderingContext2D}
 */
export function fitCanvas(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across;
    canvas.height = down;
  }
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

const pixels = document.createElement("canvas");

/**
 * Draw a matrix as a raster of one pixel a value, stretched without smoothing. NaN stays clear.
 * @param {CanvasRenderingContext2D} context
 * @param {object} raster
 * @param {(row: number, column: number) => number} raster.value
 * @param {number} raster.rows
 * @param {number} raster.columns
 * @param {MapName} raster.map
 * @param {State["theme"]} raster.theme
 * @param {number} raster.low
 * @param {number} raster.high
 * @param {{left: number, top: number, width: number, height: number}} box
 */
export function drawRaster(context, { value, rows, columns, map, theme, low, high }, box) {
  if (rows === 0 || columns === 0) return;
  const table = colourTable(map, theme);
  const image = new ImageData(columns, rows);
  const words = new Uint32Array(image.data.buffer);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const at = level(value(row, column), low, high);
      if (at >= 0) words[row * columns + column] = table[at];
    }
  }
  pixels.width = columns;
  pixels.height = rows;
  pixels.getContext("2d")?.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(pixels, 0, 0, columns, rows, box.left, box.top, box.width, box.height);
}
