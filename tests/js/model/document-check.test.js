/** What storage holds is checked before the page uses it. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { storedDocumentFault } from "../../../static/js/model/document-check.js";
import { config, document } from "../support/documents.js";

const NUMBERS = { kind: "numbers", values: [[0.5, -1], [2, 3]] };
const RANDOM = { kind: "random", hidden_size: 4, seed: 1, input_size: 2 };
const FILE = { kind: "file", cell: "lstm", digest: "abc" };

const usable = {
  "a text": document("ab"),
  "numbers for a random network": { ...document(""), network: RANDOM, input: NUMBERS },
  "a file's network": { ...document("a"), network: FILE },
  "another layer of a file": { ...document("a"), network: FILE, view: { layer: 1, direction: "reverse" } },
  tokens: { ...document("a"), network: FILE, input: { kind: "tokens", tokens: [0, 7, 3] } },
  "the first version": { ...document("a"), version: 1 },
  "every option": { ...document("a"), options: { dtype: "float32", form: { z_keeps: false } }, panels: ["input", "cell"] },
  "a field of a later version": { ...document("a"), author: "someone" },
  "every kind of edit (1)": { ...document("a"), edits: [
    { op: "set", array: "W_z", row: 0, column: 1, value: 2 }, { op: "zero", array: "W_z", off: true },
    { op: "fill", array: "b_f", value: 1 }, { op: "random", array: "U_n", seed: 7, gain: 1.5 },
  ] },
  "every kind of edit (2)": { ...document("a"), edits: [
    { op: "scale", array: "U_n", factor: 0.5 }, { op: "restore", array: "U_n", row: null },
    { op: "clamp", quantity: "z", unit: 3, t: null, value: 1 }, { op: "ablate", unit: 3, layer: 1, direction: "reverse" },
  ] },
};
for (const [name, found] of Object.entries(usable)) {
  test(`${name} is usable`, () => assert.equal(storedDocumentFault(found, config), null));
}

const edit = (given) => ({ ...document("a"), edits: [given] });
const input = (given) => ({ ...document("a"), input: given });
const faults = [
  [null, "document: expected an object, got null"],
  ["text", 'document: expected an object, got "text"'],
  [[], "document: expected an object, got []"],
  [{ ...document("a"), version: 2 }, "version: expected one of 1, got 2"],
  [{ ...document("a"), network: 3 }, "network: expected an object, got 3"],
  [{ ...document("a"), network: { kind: "url" } }, 'network.kind: expected one of example, random, file, got "url"'],
  [{ ...document("a"), network: { kind: "toString" } }, 'network.kind: expected one of example, random, file, got "toString"'],
  [{ ...document("a"), network: { kind: "example", name: "nope" } }, 'network.name: expected one of latch, reader, got "nope"'],
  [{ ...document("a"), network: { ...RANDOM, hidden_size: 9 } }, "network.hidden_size: expected a whole number from 1 to 8, got 9"],
  [{ ...document("a"), network: { ...RANDOM, cell: "mlp" } }, 'network.cell: expected one of gru, lstm, rnn, got "mlp"'],
  [input(undefined), "input: expected an object, got undefined"],
  [input({ kind: "text", text: "" }), 'input.text: expected text, got ""'],
  [input({ kind: "text", text: "a".repeat(501) }), "input.text: expected at most 500 characters, got 501"],
  [input({ kind: "numbers", values: [] }), "input.values: expected from 1 to 500 entries, got 0"],
  [input({ kind: "numbers", values: [[1], ["2"]] }), 'input.values.1.0: expected a number from -50 to 50, got "2"'],
  [input({ kind: "numbers", values: [[1], [2, 3]] }), "input.values.1: expected 1 numbers, like the first row, got 2"],
  [{ ...document("a"), edits: {} }, "edits: expected a list, got {}"],
  [{ ...document("a"), edits: Array(5).fill({ op: "ablate", unit: 0 }) }, "edits: expected from 0 to 4 entries, got 5"],
  [edit({ op: "delete" }), 'edits.0.op: expected one of set, zero, fill, random, scale, restore, clamp, start, ablate, got "delete"'],
  [edit({ op: "fill", array: "b_f", value: 101 }), "edits.0.value: expected a number from -100 to 100, got 101"],
  [edit({ op: "set", array: "b_z", row: -1, value: 1 }), "edits.0.row: expected a whole number from 0, got -1"],
  [edit({ op: "zero", array: "b_z", off: "yes" }), 'edits.0.off: expected true or false, got "yes"'],
  [edit({ op: "ablate", unit: 0, direction: "up" }), 'edits.0.direction: expected one of forward, reverse, got "up"'],
  [{ ...document("a"), view: { layer: -1, direction: "forward" } }, "view.layer: expected a whole number from 0, got -1"],
  [input({ kind: "tokens", tokens: [0, 1.5] }), "input.tokens.1: expected a whole number from 0, got 1.5"],
  [edit(null), "edits.0: expected an object, got null"],
  [{ ...document("a"), options: { dtype: "float16" } }, 'options.dtype: expected one of float64, float32, got "float16"'],
  [{ ...document("a"), panels: ["cellar"] }, 'panels.0: expected one of input, plots, transport, cell, weights, number, got "cellar"'],
];
for (const [found, reason] of faults) {
  test(`refused: ${reason}`, () => assert.equal(storedDocumentFault(found, config), reason));
}
