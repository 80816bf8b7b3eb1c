/** Lays out a cell's plan: blocks side by side, the state's path above them, and the input and previous state along the bottom. */

import { valueRef } from "../../../model/cell/references.js";
import { placeBlock } from "./block.js";
import { placeBlend, placeEnds, placeShow, placeViews } from "./state-path.js";
import { Sheet } from "./sheet.js";
import { productWords, widthOf } from "./words.js";

/** @import {Block, Plan} from "./plan.js" */
/** @import {Levels, Place} from "./block.js" */

/** The minimum width in px; on narrower screens the picture scrolls in its box. */
export const NARROWEST = 860;
const WIDEST_BLOCK = 640;
/** px beside a block's strips: for wires to the labels, and for numbers */
const RISERS = 24;
const JOIN = 32;
const NUMBERS = 46;
const NAMED = 12;
const SIDE = 176;
const IN = 98;
const OUT = 160;
const ROW = 13.5;
const LEVELS = { high: 24, link: 47, cross: 56, gate: 72, apply: 93, sum: 112, plus: 126 };
const FIRST_ROW = 141;
/** px for a bound on the sums */
const CLIP = 22;

/**
 * @param {Plan} plan
 * @param {number} room px of width
 * @param {number} foot px to leave free at the bottom
 * @returns {Sheet}
 */
export function layOut(plan, room, foot) {
  const width = Math.max(NARROWEST, room);
  const isClipped = plan.blocks.some(({ equation }) => equation.clip !== null);
  const levels = levelsOf(Math.max(...plan.blocks.map(({ rows }) => rows.length)), isClipped ? CLIP : 0);
  const sheet = new Sheet(width, levels.x + 9 + foot);
  const places = placesOf(plan, width);
  const find = (/** @type {string} */ value) => places.find(({ block }) => block.equation.value === value);
  placeEnds(sheet, plan, places, levels);
  for (const place of places) placeBlock(sheet, place, levels, find, place.block.equation.value === (plan.blend?.write.of.name ?? places[0].block.equation.value));
  if (plan.blend) placeBlend(sheet, plan, places, levels);
  if (plan.show) placeShow(sheet, plan, places, levels);
  placeViews(sheet, plan, places, levels);
  return sheet;
}

/**
 * @param {number} rows of the tallest block
 * @param {number} clip px for a bound between the sum and the function
 * @returns {Levels}
 */
function levelsOf(rows, clip) {
  const row = (/** @type {number} */ i) => FIRST_ROW + clip + i * ROW;
  const h = row(rows - 1) + 17;
  return { ...LEVELS, clip: LEVELS.apply + clip, sum: LEVELS.sum + clip, plus: LEVELS.plus + clip, row, h, x: h + 11 };
}

/**
 * Blocks share the width that labels and sides leave.
 * @param {Plan} plan
 * @param {number} width
 * @returns {Place[]}
 */
function placesOf({ blocks, blend, show }, width) {
  const fresh = blend?.write.of.name;
  const needs = blocks.map((block) => {
    const isFresh = block.equation.value === fresh;
    const labels = Math.max(labelsOf(block), isFresh && blend ? JOIN + widthOf(productWords([blend.write.gate, blend.write.of])) : 0);
    return { block, side: block.rows.some(({ side }) => side) ? SIDE : 0, labels, numbers: NUMBERS + (isFresh || !blend ? NAMED : 0) };
  });
  const fixed = needs.reduce((sum, { side, labels, numbers }) => sum + side + labels + numbers, 0);
  const share = Math.min(WIDEST_BLOCK, (width - IN - (show ? OUT : 0) - fixed) / blocks.length);
  let start = IN;
  return needs.map(({ block, side, labels, numbers }) => {
    const x = start + side;
    const place = { block, start, x, left: x + labels, right: x + labels + share, middle: x + labels + share / 2 };
    start = place.right + numbers;
    return place;
  });
}

/**
 * px of a block's labels and the wires to them.
 * @param {Block} block
 */
function labelsOf({ rows, equation: { pre } }) {
  const words = rows.map(({ products, side }) => (side?.after ? [] : productWords(products[0].factors)));
  return RISERS + Math.max(...[...words, pre === null ? [] : [valueRef(pre)]].map(widthOf));
}
