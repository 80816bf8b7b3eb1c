// Blocks of large arrays, and edits of the readout and the embedding in the list of edits.

import assert from "node:assert/strict";
import { test } from "node:test";

import { cellName } from "../../../static/js/model/weights/cell-name.js";
import { BLOCK, looking, shownArrays, tokenAt, withBlock } from "../../../static/js/model/weights/ends.js";
import { editedValues, valueIn } from "../../../static/js/model/weights/tensor.js";
import { editsIn, isTouched, lastEditOf, withEdit } from "../../../static/js/model/edits/edits.js";
import { storedDocumentFault } from "../../../static/js/model/document-check.js";

const E = { kind: "embedding", name: "E", of: "", shape: [50000, 1024] };
const W = { kind: "readout_weights", name: "W_y", of: "y", shape: [3, 8] };
const B = { kind: "readout_bias", name: "b_y", of: "y", shape: [3] };
const PARTS = { ends: { embedding: { E }, readout: { W_y: W, b_y: B } }, readout: { output_size: 3, head: "softmax" } };
const NETWORK = { card: {}, parts: PARTS, tokens: ["the", "cat", "sat"], alphabet: null };
const gate = (fields = {}) => ({ op: "set", array: "W_z", row: 0, column: 1, value: 2, ...fields });
const output = (fields = {}) => ({ op: "set", part: "readout", array: "W_y", row: 0, column: 1, value: 2, ...fields });

test("a block moves only when cells outside it come into view, and then covers them", () => {
  const whole = {};
  assert.equal(looking(whole, "E", { row: 0, column: 0, rows: 80, columns: 60 }), whole);
  assert.equal(looking(whole, "E", { row: BLOCK - 80, column: 0, rows: 80, columns: 60 }), whole);
  for (const row of [BLOCK - 79, 100, 5000, 49920]) {
    for (const column of [0, 300, 1000]) {
      const view = { row, column, rows: 80, columns: 60 };
      const { E: start } = looking(whole, "E", view);
      assert.ok(start.row <= row && row + 80 <= start.row + BLOCK, `rows from ${start.row} for ${row}`);
      assert.ok(start.column <= column && column + 60 <= start.column + BLOCK, `columns from ${start.column} for ${column}`);
      assert.ok(start.row >= 0 && start.column >= 0);
      const looks = { E: start };
      assert.equal(looking(looks, "E", view), looks, "the block that covers them stays");
    }
  }
});

test("a block has the values of its rows and columns, and nothing else", () => {
  const state = { part: "embedding", network: NETWORK, ends: { original: {}, weights: {} } };
  const metadata = { type: "block", part: "embedding", array: "E", row: "4096", column: "32", most: "3.5", edited: "7" };
  const data = Float32Array.from({ length: 6 }, (_, i) => i);
  const frame = { metadata, arrays: { edits: { shape: [2, 3], data } } };
  const ends = withBlock(state, frame);
  assert.deepEqual(ends.weights.E.shape, [50000, 1024]);
  assert.equal(valueIn(ends.weights.E, 4097, 34), 5);
  for (const [row, column] of [[4095, 32], [4098, 32], [4096, 31], [4096, 35], [0, 0]]) assert.ok(Number.isNaN(valueIn(ends.weights.E, row, column)));
  assert.equal(ends.original.E, ends.weights.E, "without own values, they are the same");
  assert.equal(editedValues(ends.weights.E, ends.original.E), 7);
  const own = withBlock(state, { ...frame, arrays: { ...frame.arrays, network: { shape: [2, 3], data: data.map((x) => -x) } } });
  assert.equal(valueIn(own.original.E, 4097, 34), -5);
  assert.equal(withBlock({ ...state, part: "readout" }, frame), state.ends, "a block that comes too late is dropped");
});

test("the value of a whole array needs no block", () => {
  const tensor = { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) };
  assert.equal(valueIn(tensor, 1, 0), 3);
  assert.equal(valueIn({ shape: [2], data: Float32Array.of(1, 2) }, 1, 0), 2);
  assert.ok(Number.isNaN(valueIn(tensor, 2, 0)) && Number.isNaN(valueIn(undefined, 0, 0)));
  assert.equal(editedValues({ ...tensor, data: Float32Array.of(1, 0, 3, 0) }, tensor), 2);
});

test("the weights panel shows the arrays of its part", () => {
  const state = { part: "layer", network: NETWORK, model: { arrays: { W_z: 1 } }, weights: { W_z: 2 }, original: { W_z: 3 }, ends: { weights: { W_y: 4 }, original: { W_y: 5 } } };
  assert.deepEqual(shownArrays(state), { arrays: { W_z: 1 }, weights: { W_z: 2 }, original: { W_z: 3 } });
  assert.deepEqual(shownArrays({ ...state, part: "readout" }), { arrays: PARTS.ends.readout, weights: { W_y: 4 }, original: { W_y: 5 } });
});

test("edits of the readout and of a layer do not meet, even in arrays of one name", () => {
  const edits = [gate(), output(), gate({ part: "embedding", array: "W_z" })];
  assert.deepEqual(editsIn(edits, { part: "readout" }), [edits[1]]);
  assert.deepEqual(editsIn(edits, { layer: 0, direction: "forward" }), [edits[0]]);
  const again = withEdit(edits, output({ value: 5 }));
  assert.deepEqual(again, [edits[0], output({ value: 5 }), edits[2]], "setting a number twice makes one edit");
  assert.deepEqual(withEdit(edits, { op: "restore", part: "readout", array: "W_y" }), [edits[0], edits[2]]);
  assert.deepEqual(withEdit(edits, { op: "restore", array: "W_z" }), [edits[1], edits[2]]);
  const zero = { op: "zero", part: "readout", array: "W_y" };
  assert.equal(withEdit([zero], output()).length, 2);
  assert.equal(lastEditOf(editsIn(again, { part: "readout" }), "W_y", 0, 1)?.value, 5);
  assert.ok(!isTouched(editsIn(edits, { part: "readout" }), "b_y"));
});

test("rows are named by their token or class where they are known", () => {
  const cell = (array) => ({ array, row: 1, column: 4 });
  assert.equal(cellName(cell("E"), NETWORK, E), "E[‘cat’, 4]");
  assert.equal(cellName(cell("W_y"), NETWORK, W), "W_y[‘cat’, 4]");
  assert.equal(cellName(cell("b_y"), NETWORK, B), "b_y[‘cat’]");
  assert.equal(cellName(cell("W_y"), { ...NETWORK, tokens: ["a", "b"] }, W), "W_y[1, 4]", "tokens are not classes");
  assert.equal(cellName(cell("E"), { ...NETWORK, tokens: null, alphabet: " a" }, E), "E[‘a’, 4]");
  assert.equal(cellName(cell("E"), { ...NETWORK, tokens: null }, E), "E[1, 4]");
});

test("the token of a step is that of tokens or of an alphabet", () => {
  assert.equal(tokenAt({ document: { input: { kind: "tokens", tokens: [4, 2] } }, network: NETWORK }, 1), 2);
  assert.equal(tokenAt({ document: { input: { kind: "text", text: "ba" } }, network: { ...NETWORK, alphabet: "ab" } }, 0), 1);
  assert.equal(tokenAt({ document: { input: { kind: "numbers", values: [[1]] } }, network: NETWORK }, 0), null);
});

test("a stored document may have edits of the readout, and of no other part", () => {
  const limits = { weight: 1000, steps: 100, edits: 10, input_size: 10, hidden_size: 10, input_value: 10 };
  const stored = (part) => ({ network: { kind: "file" }, input: { kind: "tokens", tokens: [0] }, edits: [output({ part })] });
  assert.equal(storedDocumentFault(stored("readout"), { limits, examples: [] }), null);
  assert.match(storedDocumentFault(stored("head"), { limits, examples: [] }) ?? "", /edits\.0\.part: expected one of layer, readout, embedding/);
});
