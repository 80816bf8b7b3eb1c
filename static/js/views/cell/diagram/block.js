/** One gate or candidate, from the bottom up: the summands, the sum, the function applied to it, and the value. */

import { previousRef, sameRef, valueRef } from "../../../model/cell/references.js";
import { productWords, sideWords, widthOf } from "./words.js";

/** @import {Reference} from "../../../types.d.ts" */
/** @import {Block, Row} from "./plan.js" */
/** @import {Sheet} from "./sheet.js" */

/**
 * Heights that all parts of a picture share, in px from its top.
 * @typedef {object} Levels
 * @property {number} high the state's path along the top
 * @property {number} link the upper wires across from gates
 * @property {number} cross the lower wires across from gates
 * @property {number} gate
 * @property {number} apply
 * @property {number} clip the bound on a sum
 * @property {number} sum
 * @property {number} plus
 * @property {(i: number) => number} row
 * @property {number} h the wire of the previous state
 * @property {number} x the wire of the input
 *
 * The horizontal position of a block: its side, with the gates that act before the sum, its labels, its strips and its numbers.
 * @typedef {object} Place
 * @property {Block} block
 * @property {number} start left of its side
 * @property {number} x left of its labels
 * @property {number} left of its strips
 * @property {number} right of its strips
 * @property {number} middle of its strips
 */

/** The state with a wire along the bottom. */
const OLD = previousRef("h");
/** px: the height of thick and thin strips, and half the size of operators */
export const THICK = 14;
const THIN = 10;
export const HALF = 9;
const PLUS = 6;
/** px between two rising wires */
const RISER = 5;
const SIDE = { left: 16, strip: 88, gap: 30 };

/**
 * @param {Sheet} sheet
 * @param {Place} place
 * @param {Levels} levels
 * @param {(value: string) => Place | undefined} find
 * @param {boolean} open whether to put the value's name at the right, because a wire leaves at the left
 */
export function placeBlock(sheet, place, levels, find, open) {
  const { block: { equation, couple }, left, right, middle } = place;
  const { value, pre, clip } = equation;
  sheet.strip(
    { id: value, of: value, source: { kind: "value", name: value, step: 0 }, box: box(left, right, levels.gate, THICK) },
    open ? [valueRef(value)] : [],
    { x: right + 6, y: levels.gate, align: "left", strong: true },
  );
  if (!open) sheet.labels.push({ of: value, part: value, words: [valueRef(value)], number: false, x: left - 6, y: levels.gate, align: "right", strong: true });
  if (couple) return placeCouple(sheet, place, levels, find);
  sheet.operators.push({ id: `${value}/apply`, of: value, kind: "apply", x: middle, y: levels.apply, text: equation.symbol });
  if (clip !== null) sheet.operators.push({ id: `${value}/clip`, of: value, kind: "clip", x: middle, y: levels.clip, text: `clip ±${clip}` });
  sheet.row({ id: pre ?? "", of: value, source: { kind: "step", keys: [pre ?? ""] }, box: box(left, right, levels.sum, THIN) }, pre === null ? [] : [valueRef(pre)]);
  sheet.operators.push({ id: `${value}/plus`, of: value, kind: "plus", x: middle, y: levels.plus });
  placeRows(sheet, place, levels, find);
  return placeSpine(sheet, place, levels);
}

/**
 * Place 1 − another gate.
 * @param {Sheet} sheet
 * @param {Place} place
 * @param {Levels} levels
 * @param {(value: string) => Place | undefined} find
 */
function placeCouple(sheet, { block, middle, right }, levels, find) {
  const { value } = block.equation;
  const from = block.couple && find(block.couple.name);
  sheet.operators.push({ id: `${value}/less`, of: value, kind: "less", x: middle, y: levels.apply });
  if (!block.couple || !from) return;
  const down = levels.sum + 8;
  const beside = Math.max(right + 52, from.start - 6);
  sheet.wire(value, valueRef(block.couple.name), [
    [from.middle, levels.gate - THICK / 2], [from.middle, levels.cross], [beside, levels.cross], [beside, down], [middle, down], [middle, levels.apply + HALF],
  ]);
  sheet.wire(value, valueRef(value), [[middle, levels.apply - HALF], [middle, levels.gate + THICK / 2]]);
}

/**
 * Place the summands, each with the wire of its vector.
 * @param {Sheet} sheet
 * @param {Place} place
 * @param {Levels} levels
 * @param {(value: string) => Place | undefined} find
 */
function placeRows(sheet, place, levels, find) {
  const { block: { equation: { value }, rows }, x, left, right } = place;
  rows.forEach((row, i) => {
    const y = levels.row(i);
    const words = row.side?.after ? [] : productWords(row.products[0].factors);
    sheet.row({ id: row.id, of: value, source: { kind: "step", keys: row.keys }, box: box(left, right, y, THIN) }, words);
    if (row.side) placeSide(sheet, place, levels, row, y, find);
    else if (row.source) rise(sheet, value, row.source, x + (row.source.kind === "input" ? 0 : RISER), y, levels, left - 10 - widthOf(words));
  });
}

/**
 * Draw a wire up to a summand from the wires along the bottom. Other sources get their wires from `placeViews`.
 * @param {Sheet} sheet
 * @param {string} of
 * @param {Reference} source
 * @param {number} x
 * @param {number} y
 * @param {Levels} levels
 * @param {number} to
 */
function rise(sheet, of, source, x, y, levels, to) {
  const from = source.kind === "input" ? levels.x : sameRef(source, OLD) ? levels.h : undefined;
  if (from !== undefined) sheet.wire(of, source, [[x, from], [x, y], [Math.max(x + 6, to), y]]);
}

/**
 * Place a gate that acts before the sum: on a product, or on the vector before its matrix.
 * @param {Sheet} sheet
 * @param {Place} place
 * @param {Levels} levels
 * @param {Row} row
 * @param {number} y
 * @param {(value: string) => Place | undefined} find
 */
function placeSide(sheet, { block: { equation: { value } }, start, x, left }, levels, row, y, find) {
  const { side, source } = row;
  if (!side || !source) return;
  const valve = side.after ? start + SIDE.left + SIDE.strip + SIDE.gap : start + SIDE.gap;
  const from = side.after ? start + SIDE.left : valve + SIDE.gap;
  const to = from + SIDE.strip;
  const id = `${row.id}/side`;
  sheet.strip(
    { id, of: value, source: { kind: "step", keys: [side.key] }, box: box(from, to, y, THICK) },
    sideWords(row),
    { x: from, y: y - 15, align: "left" },
  );
  rise(sheet, value, source, start, y, levels, side.after ? from : valve - HALF);
  sheet.operators.push({ id: `${row.id}/times`, of: value, kind: "times", x: valve, y, gate: side.gate, carries: valueRef(value) });
  sheet.labels.push({ of: value, part: `${row.id}/times`, words: [side.gate], number: true, x: valve, y: y + 17, align: "centre" });
  if (side.after) {
    sheet.pipes.push({ of: value, carries: source, gate: null, line: [[to, y], [valve, y]] });
    sheet.pipes.push({ of: value, carries: source, gate: side.gate, line: [[valve, y], [left, y]] });
  } else {
    sheet.pipes.push({ of: value, carries: source, gate: side.gate, line: [[valve, y], [from, y]] });
    sheet.wire(value, source, [[to, y], [x + 8, y]]);
  }
  const gate = find(side.gate.of);
  if (!gate) return;
  sheet.wire(value, side.gate, [[gate.middle, levels.gate - THICK / 2], [gate.middle, levels.cross], [valve, levels.cross], [valve, y - HALF]]);
}

/**
 * Place the wires from the summands through the sum to the value.
 * @param {Sheet} sheet
 * @param {Place} place
 * @param {Levels} levels
 */
function placeSpine(sheet, { block: { equation: { value }, rows }, middle }, levels) {
  const between = rows.slice(1).map((_, i) => levels.row(i));
  const gaps = between.map((y) => line(middle, levels.row(1) - levels.row(0) + y - THIN / 2, y + THIN / 2));
  sheet.wire(
    value,
    valueRef(value),
    ...gaps,
    line(middle, levels.row(0) - THIN / 2, levels.plus + PLUS),
    line(middle, levels.plus - PLUS, levels.sum + THIN / 2),
    line(middle, levels.sum - THIN / 2, levels.apply + HALF),
    line(middle, levels.apply - HALF, levels.gate + THICK / 2),
  );
}

/**
 * @param {number} x
 * @param {number} from
 * @param {number} to
 * @returns {import("./sheet.js").Point[]}
 */
function line(x, from, to) {
  return [[x, from], [x, to]];
}

/**
 * The box of a strip centred on a height.
 * @param {number} left
 * @param {number} right
 * @param {number} y
 * @param {number} thickness
 */
export function box(left, right, y, thickness) {
  return { left, top: y - thickness / 2, width: right - left, height: thickness };
}
