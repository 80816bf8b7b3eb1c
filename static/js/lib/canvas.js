/** Canvases at the screen's own resolution, and rasters of matrices on them. */

import { colourTable } from "./colour.js";
import { positionOf } from "./span.js";

/** @import {MapName, State} from "../types.d.ts" */

/**
 * Fit a canvas to a size in CSS px, cleared, with a context that counts in CSS px.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 * @param {number} [enlarged] how many times CSS enlarges it
 * @returns {CanvasRenderingContext2D}
 */
export function fitCanvas(canvas, width, height, enlarged = 1) {
  const ratio = (window.devicePixelRatio || 1) * enlarged;
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

/**
 * @typedef {object} Matrix
 * @property {Float32Array} data
 * @property {number} offset of the first value
 * @property {number} rows
 * @property {number} columns
 * @property {number} rowStride from a value to the one below it
 * @property {number} columnStride from a value to the one beside it
 *
 * @typedef {object} Scale
 * @property {MapName} map
 * @property {State["theme"]} theme
 * @property {number} low
 * @property {number} high
 * @property {number | null} [linear] see span.js
 */

/**
 * Draw a matrix as a raster with one pixel for each value, stretched without smoothing. NaN is transparent.
 * @typedef {(context: CanvasRenderingContext2D, matrix: Matrix, scale: Scale, box: {left: number, top: number, width: number, height: number}) => void} DrawRaster
 */

/** @returns {DrawRaster} */
export function createRaster() {
  // All rasters share one canvas, because a canvas is slow to create.
  const pixels = document.createElement("canvas");
  return (context, matrix, scale, box) => drawRaster(pixels, context, matrix, scale, box);
}

/**
 * @param {HTMLCanvasElement} pixels
 * @param {CanvasRenderingContext2D} context
 * @param {Matrix} matrix
 * @param {Scale} scale
 * @param {{left: number, top: number, width: number, height: number}} box
 */
function drawRaster(pixels, context, matrix, scale, box) {
  const { rows, columns } = matrix;
  if (rows <= 0 || columns <= 0) return;
  const image = new ImageData(columns, rows);
  paintPixels(new Uint32Array(image.data.buffer), matrix, scale);
  pixels.width = columns;
  pixels.height = rows;
  pixels.getContext("2d")?.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(pixels, 0, 0, columns, rows, box.left, box.top, box.width, box.height);
}

/**
 * The inner loop: `level` of each value, inlined for an even scale.
 * @param {Uint32Array} words
 * @param {Matrix} matrix
 * @param {Scale} scale
 */
function paintPixels(words, { data, offset, rows, columns, rowStride, columnStride }, { map, theme, ...span }) {
  const { low, high, linear } = span;
  const table = colourTable(map, theme);
  const top = table.length - 1;
  const factor = top / (high - low);
  for (let row = 0; row < rows; row += 1) {
    let from = offset + row * rowStride;
    const end = (row + 1) * columns;
    for (let to = row * columns; to < end; to += 1, from += columnStride) {
      const place = (linear == null ? (data[from] - low) * factor : positionOf(span, data[from]) * top) + 0.5;
      if (place >= top) words[to] = table[top];
      else if (place >= 0) words[to] = table[place | 0];
      else if (place < 0) words[to] = table[0];
    }
  }
}

/**
 * As much of a text as fits, "" if that is less than two characters of it.
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {number} width px
 */
export function shortened(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  const fits = Math.floor(width / context.measureText("0").width) - 1;
  return fits < 2 ? "" : `${text.slice(0, fits).trimEnd()}…`;
}
