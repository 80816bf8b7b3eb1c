import assert from "node:assert/strict";
import test from "node:test";

import { assign, intoChannels, isPlain, reassign, takenColumns } from "../../../static/js/model/columns.js";

const columns = (/** @type {string[]} */ ...kinds) => kinds.map((kind, i) => ({ name: `column ${i + 1}`, kind, missing: 0 }));
const inputs = (/** @type {number} */ inputSize, /** @type {string | null} */ alphabet = null) => ({ inputSize, alphabet });

test("a table of numbers that fits is plain", () => {
  const table = { columns: columns("number", "number"), rows: 8, doubts: [] };
  assert.ok(isPlain(table, 2, 8));
  assert.ok(!isPlain(table, 2, 7));
  assert.ok(!isPlain(table, 3, 8));
  assert.ok(!isPlain({ ...table, doubts: ["?"] }, 2, 8));
  assert.ok(!isPlain({ ...table, columns: columns("index", "number") }, 2, 8));
  assert.ok(!isPlain({ ...table, columns: [{ ...columns("number")[0], missing: 1 }] }, 1, 8));
});

test("a single column fills a channel of any input", () => {
  assert.ok(isPlain({ columns: columns("number"), rows: 1, doubts: [] }, 3, 8));
  assert.deepEqual(assign(columns("date", "number"), inputs(3), 2), [null, 2]);
});

test("numbers fill the channels in order; dates, text and indexes are left out", () => {
  assert.deepEqual(assign(columns("index", "number", "date", "number", "text", "number"), inputs(2), 0), [null, 0, null, 1, null, null]);
});

test("an index is taken if it is just what lacks", () => {
  assert.deepEqual(assign(columns("index", "number"), inputs(2), 0), [0, 1]);
});

test("columns with the names of channels fill those", () => {
  const named = [..."bxb"].map((name) => ({ name, kind: "number", missing: 0 }));
  assert.deepEqual(assign(named, inputs(3, ".ab"), 0), [2, null, null]);
});

test("a channel has one column", () => {
  assert.deepEqual(reassign([0, 1, null], 2, 0), [null, 1, 0]);
  assert.deepEqual(reassign([0, null], 0, null), [null, null]);
  assert.deepEqual(takenColumns([1, null, 0]), { columns: [0, 2], channels: [1, 0] });
});

test("other channels keep their values, and are 0 beyond the end", () => {
  const input = { kind: /** @type {const} */ ("numbers"), values: [[1, 2, 3]] };
  const filled = intoChannels(input, [[7, 8], [9, 10]], [2, 0], 3);
  assert.deepEqual(filled.values, [[8, 2, 7], [10, 0, 9]]);
  assert.deepEqual(input.values, [[1, 2, 3]]);
});
