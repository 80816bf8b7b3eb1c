/** The parts of a cell's picture outside the sums: the inputs, the blend of the state by gates, and the outputs. */

import { HALF, THICK, box } from "./block.js";
import { INPUT, nameOf, previousRef, sameRef, valueRef } from "../../../model/cell/references.js";
import { halfOf } from "./sheet.js";
import { productWords } from "./words.js";

/** @import {Reference} from "../../../types.d.ts" */
/** @import {Levels, Place} from "./block.js" */
/** @import {Plan, Share} from "./plan.js" */
/** @import {Sheet} from "./sheet.js" */

/** px of the strips at the left end */
const END = 84;
const STATE = "h";
const OLD = previousRef(STATE);
const THIN = 10;

/**
 * Place the input and the previous states, and the wires along the bottom.
 * @param {Sheet} sheet
 * @param {Plan} plan
 * @param {Place[]} places
 * @param {Levels} levels
 */
export function placeEnds(sheet, { blend }, places, levels) {
  const inner = blend && blend.equation.value !== STATE ? blend.equation.value : null;
  const y = inner ? levels.h - 44 : levels.high;
  if (inner) placeOld(sheet, inner, levels.high);
  placeOld(sheet, STATE, y);
  sheet.strip(
    { id: nameOf(INPUT), of: "", source: { kind: "input" }, box: box(0, END, levels.x - 2, THICK) },
    [INPUT],
    { x: 0, y: levels.x - 18, align: "left", strong: true },
  );
  const h = END + 9;
  const last = (/** @type {Reference} */ source) => Math.max(...places.filter(({ block }) => takes(block, source)).map((place) => end(place, source)));
  sheet.wire("", OLD, [[inner || !blend ? END : h, y], [h, y], [h, levels.h], [last(OLD), levels.h]]);
  sheet.wire("", INPUT, [[END, levels.x], [last(INPUT), levels.x]]);
}

/**
 * Where the last wire of a block leaves the bottom.
 * @param {Place} place
 * @param {Reference} source
 */
function end({ block, start, x }, source) {
  if (source.kind === "input") return x;
  const sided = block.rows.some((row) => row.source && sameRef(row.source, source) && row.side);
  return sided ? start : x + 5;
}

/**
 * @param {import("./plan.js").Block} block
 * @param {Reference} source
 */
function takes({ rows }, source) {
  return rows.some((row) => row.source && sameRef(row.source, source));
}

/**
 * @param {Sheet} sheet
 * @param {string} state
 * @param {number} y
 */
function placeOld(sheet, state, y) {
  const old = previousRef(state);
  sheet.strip(
    { id: nameOf(old), of: "", source: { kind: "value", name: state, step: -1 }, box: box(0, END, y, THICK + 2) },
    [old],
    { x: 0, y: y - 16, align: "left", strong: true },
  );
}

/**
 * Place the state's path: the kept part of the previous state, the written part of the candidate, and their sum.
 * @param {Sheet} sheet
 * @param {Plan} plan
 * @param {Place[]} places
 * @param {Levels} levels
 */
export function placeBlend(sheet, { blend }, places, levels) {
  if (!blend) return;
  const { equation: { value }, keep, write } = blend;
  const find = (/** @type {string} */ name) => places.find(({ block }) => block.equation.value === name);
  const [keeper, writer, fresh] = [keep.gate.of, write.gate.of, write.of.name].map(find);
  if (!keeper || !writer || !fresh) return;
  const { high, gate } = levels;
  const join = fresh.x + 12;
  const old = previousRef(value);
  const beside = places[places.indexOf(keeper) + 1];

  sheet.pipes.push({ of: value, carries: old, gate: null, line: [[END, high], [keeper.middle, high]] });
  sheet.pipes.push({ of: value, carries: old, gate: keep.gate, line: [[keeper.middle, high], [beside.left, high]] });
  sheet.pipes.push({ of: value, carries: old, gate: keep.gate, line: [[beside.right, high], [join, high]] });
  sheet.strip(
    { id: keep.key, of: value, source: { kind: "step", keys: [keep.key] }, box: box(beside.left, beside.right, high, THICK) },
    productWords([keep.gate, keep.of]),
    { x: beside.left, y: high - 16, align: "left" },
  );
  placeValve(sheet, value, keep, keeper.middle, high, false, { x: keeper.middle, y: high - 16 });
  placeGateWire(sheet, value, keep.gate, keeper, [[keeper.middle, gate - THICK / 2], [keeper.middle, high + HALF]], levels);

  sheet.pipes.push({ of: value, carries: write.of, gate: null, line: [[fresh.left, gate], [join, gate]] });
  sheet.pipes.push({ of: value, carries: write.of, gate: write.gate, line: [[join, gate], [join, high]] });
  sheet.row(
    { id: write.key, of: value, source: { kind: "step", keys: [write.key] }, box: box(fresh.left, fresh.right, levels.link + 1, THIN) },
    productWords([write.gate, write.of]),
  );
  const across = fresh.x - 3;
  const leaves = writer === keeper ? writer.right - 8 : writer.middle;
  placeValve(sheet, value, write, join, gate, true, { x: join, y: gate + 17 });
  placeGateWire(sheet, value, write.gate, writer, [
    [leaves, gate - THICK / 2], [leaves, levels.link], [across, levels.link], [across, gate], [join - HALF, gate],
  ], levels);

  const gates = [keep.gate, write.gate];
  sheet.pipes.push({ of: value, carries: old, gate: keep.gate, line: [[join, high], [fresh.left, high]], beside: gates });
  sheet.pipes.push({ of: value, carries: write.of, gate: write.gate, line: [[join, high], [fresh.left, high]], beside: gates });
  sheet.operators.push({ id: `${value}/plus`, of: value, kind: "plus", x: join, y: high });
  sheet.strip(
    { id: value, of: value, source: { kind: "value", name: value, step: 0 }, box: box(fresh.left, fresh.right, high, THICK + 2) },
    [valueRef(value)],
    { x: fresh.left, y: high - 16, align: "left", strong: true },
  );
  sheet.arrow(value, valueRef(value), [fresh.right, high], [sheet.width - 2, high]);
}

/**
 * Place a valve that is as open as its gate.
 * @param {Sheet} sheet
 * @param {string} of
 * @param {Share} share
 * @param {number} x
 * @param {number} y
 * @param {boolean} upright
 * @param {{x: number, y: number}} label
 */
function placeValve(sheet, of, { gate, of: carries, key }, x, y, upright, label) {
  const id = `${key}/times`;
  sheet.operators.push({ id, of, kind: "times", x, y, gate, carries, upright });
  sheet.labels.push({ of, part: id, words: [gate], number: true, ...label, align: "centre" });
}

/**
 * Draw a gate's wire to its valve. It passes "1−" if the valve opens as the gate shuts.
 * @param {Sheet} sheet
 * @param {string} of
 * @param {Reference} gate
 * @param {Place} from
 * @param {import("./sheet.js").Point[]} line
 * @param {Levels} levels
 */
function placeGateWire(sheet, of, gate, from, line, levels) {
  sheet.wire(of, valueRef(gate.name), line);
  if (gate.kind !== "complement") return;
  const straight = line.length === 2;
  const x = straight ? from.middle : from.right + 24;
  sheet.operators.push({ id: `${of}/${nameOf(gate)}`, of, kind: "less", x, y: levels.link });
}

/**
 * Place the output of an inner state: the squashed state, and the part of it that a gate shows.
 * @param {Sheet} sheet
 * @param {Plan} plan
 * @param {Place[]} places
 * @param {Levels} levels
 */
export function placeShow(sheet, { show }, places, levels) {
  if (!show) return;
  const { equation: { value }, share, squash } = show;
  const from = places.find(({ block }) => block.equation.value === share.gate.of);
  if (!from) return;
  const x = from.right + 46 + 22;
  const [left, right] = [x + 26, sheet.width - 16];
  const word = squash.symbol;
  const [applied, valve, out] = [levels.link + 3, levels.sum - 14, levels.row(1)];
  sheet.wire(squash.value, valueRef(squash.pre ?? ""), [[x, levels.high], [x, applied - HALF]]);
  sheet.operators.push({ id: `${squash.value}/apply`, of: squash.value, kind: "apply", x, y: applied, text: word });
  sheet.strip(
    { id: squash.value, of: squash.value, source: { kind: "value", name: squash.value, step: 0 }, box: box(left, right, applied + 25, THICK) },
    [valueRef(squash.value)],
    { x: Math.max(left, x + halfOf(word) + 4), y: applied + 10, align: "left", strong: true },
  );
  sheet.pipes.push({ of: value, carries: valueRef(squash.value), gate: null, line: [[x, applied + HALF], [x, valve]] });
  sheet.wire(squash.value, valueRef(squash.value), [[x, applied + 25], [left, applied + 25]]);
  sheet.pipes.push({ of: value, carries: share.of, gate: share.gate, line: [[x, valve], [x, out], [left, out]] });
  placeValve(sheet, value, share, x, valve, true, { x: x + 14, y: valve + 4 });
  sheet.labels[sheet.labels.length - 1].align = "left";
  const beside = x - 20;
  sheet.wire(value, share.gate, [
    [from.middle, levels.gate - THICK / 2], [from.middle, levels.cross], [beside, levels.cross], [beside, valve], [x - HALF, valve],
  ]);
  sheet.strip(
    { id: value, of: value, source: { kind: "value", name: value, step: 0 }, box: box(left, right, out, THICK + 2) },
    [valueRef(value)],
    { x: left, y: out - 16, align: "left", strong: true },
  );
  sheet.arrow(value, valueRef(value), [right, out], [sheet.width - 2, out]);
}

/**
 * Place peepholes, by which gates read the inner state, and the output of a cell without gates.
 * @param {Sheet} sheet
 * @param {Plan} plan
 * @param {Place[]} places
 * @param {Levels} levels
 */
export function placeViews(sheet, { blend }, places, levels) {
  const { high, row } = levels;
  if (!blend) {
    const [place] = places;
    const { value } = place.block.equation;
    sheet.arrow(value, valueRef(value), [place.middle, levels.gate - THICK / 2], [place.middle, levels.link], [sheet.width - 2, levels.link]);
    return;
  }
  const own = valueRef(blend.equation.value);
  const old = previousRef(own.name);
  const tap = END + 16;
  for (const { block, x } of places) {
    block.rows.forEach(({ source }, i) => {
      const { value } = block.equation;
      const at = x + 10;
      if (source && sameRef(source, own)) sheet.wire(value, source, [[at, high], [at, row(i)], [at + 7, row(i)]]);
      if (source && sameRef(source, old) && !sameRef(source, OLD)) {
        sheet.wire(value, source, [[tap, high], [tap, high + 16], [at, high + 16], [at, row(i)], [at + 7, row(i)]]);
      }
    });
  }
}
