import assert from "node:assert/strict";
import test from "node:test";

import { cardOf, fromOwn, outputName, toOwn } from "../../../static/js/model/card/card.js";
import { meanError } from "../../../static/js/model/card/right.js";
import { keptTarget, splicedTarget, targetAt } from "../../../static/js/model/card/target.js";
import { assign, cardScale, isPlain, withoutTarget } from "../../../static/js/model/columns.js";
import { storedCardFault, storedDocumentFault } from "../../../static/js/model/document-check.js";
import { spliceInput } from "../../../static/js/model/document.js";
import { config } from "../support/documents.js";

const load = { name: "load", unit: "MW", mean: 350, scale: 80 };
const card = { channels: [load, { name: "heat" }], outputs: [{ ...load, name: "forecast" }] };
const parts = { vocabulary: null, decoder: null, readout: { output_size: 1, head: "identity" } };
const network = { inputSize: 2, alphabet: null, tokens: null, card, parts };
const columns = (/** @type {string[]} */ ...names) => names.map((name) => ({ name, kind: "number", missing: 0 }));
const numbers = (/** @type {number[][]} */ ...values) => ({ kind: "numbers", values });
const values = (/** @type {number[][]} */ ...rows) => ({ kind: "values", values: rows });

test("numbers are converted between the network's units and the reader's", () => {
  assert.equal(toOwn(load, 0.5), 390);
  assert.equal(fromOwn(load, 390), 0.5);
  assert.equal(toOwn(undefined, 0.5), 0.5);
});

test("a dropped card counts more than the file's, and only for its own file", () => {
  const document = { network: { kind: "file", digest: "a" } };
  const examples = [{ document, card: { title: "file" } }];
  assert.deepEqual(cardOf({ examples }, document, {}), { title: "file" });
  assert.deepEqual(cardOf({ examples }, document, { a: { title: "dropped" } }), { title: "dropped" });
  assert.deepEqual(cardOf({ examples }, { network: { kind: "file", digest: "b" } }, { a: {} }), {});
});

test("outputs are called by class, output, token or character", () => {
  const two = { ...network, parts: { ...parts, readout: { output_size: 2, head: "softmax" } } };
  assert.equal(outputName(network, 0), "forecast");
  assert.equal(outputName({ ...two, card: { classes: ["cat", "dog"] } }, 1), "dog");
  assert.equal(outputName({ ...two, card: {}, tokens: ["the", "cat"] }, 1), "cat");
  assert.equal(outputName({ ...two, card: {}, alphabet: "ab" }, 1), "b");
  assert.equal(outputName({ ...two, card: {} }, 1), "1");
});

test("columns fill the channels and the target with their names", () => {
  assert.deepEqual(assign(columns("heat", "forecast", "LOAD", "other"), network, 0), [1, 2, 0, null]);
  assert.deepEqual(assign(columns("a", "forecast", "b"), network, 0), [0, 2, 1]);
  assert.ok(isPlain({ columns: columns("heat", "forecast", "load"), rows: 3, doubts: [] }, 2, 8, 1));
});

test("the server scales each column as the card says", () => {
  assert.deepEqual(cardScale(network, [1, 2, 0]), { scale: "card", means: [0, 350, 350], scales: [1, 80, 80] });
  assert.deepEqual(cardScale(network, [1]), {});
});

test("the target's columns leave the input, some rows later", () => {
  const taken = withoutTarget([[1, 2, 3], [4, 5, 6]], [1, 2, 0], 2, 1);
  assert.deepEqual(taken, { rows: [[1, 3], [4, 6]], channels: [1, 0], target: values([5]) });
  assert.equal(withoutTarget([[1]], [0], 2, 0).target, undefined);
});

test("a target of the input is the channel later, in the output's units", () => {
  const document = { input: numbers([0, 0], [0.5, 9], [1, 9]), target: { kind: "input", ahead: 1, channels: [0] } };
  assert.equal(targetAt(document, network, 0, 0), 0.5);
  assert.equal(targetAt(document, network, 2, 0), null);
  assert.equal(targetAt(document, { card: { channels: [load] } }, 0, 0), 390);
  assert.equal(targetAt({ ...document, target: values([], [3]) }, network, 0, 0), null);
  assert.equal(targetAt({ ...document, target: values([], [3]) }, network, 1, 0), 3);
});

test("the mean absolute error is over the steps that have a target", () => {
  const answer = { size: 1, have: 3, values: Float32Array.of(1, 2, 9) };
  assert.equal(meanError({ input: numbers([0, 0]), target: values([2], [], [6]), right: null, network }, answer, 0), 2);
  assert.equal(meanError({ input: numbers([0, 0]), target: values(), right: null, network }, answer, 0), null);
});

test("a target moves with the steps of the input, and another input has none", () => {
  const document = { network: { kind: "file" }, edits: [], input: numbers([1], [2], [3]), target: values([1], [2], [3]) };
  assert.deepEqual(spliceInput(document, 1, 1, []).target, values([1], [3]));
  assert.deepEqual(spliceInput(document, 1, 0, [[7]]).target, values([1], [], [2], [3]));
  assert.deepEqual(spliceInput(document, 1, 1, [[7]]).target, document.target);
  assert.equal(splicedTarget(undefined, 0, 1, 0), undefined);
  assert.equal(keptTarget(values([1])), undefined);
});

test("cards and targets from storage are checked", () => {
  assert.equal(storedCardFault({ ...card, tokens: ["", "a"], target: { ahead: 1, columns: ["load"] } }), null);
  assert.match(storedCardFault({ tokens: [1] }), /tokens\.0: expected text, got 1/);
  assert.match(storedCardFault({ channels: [{ scale: "2" }] }), /channels\.0\.scale: expected a number/);
  assert.match(storedCardFault([]), /expected an object/);
  const document = { network: { kind: "file" }, edits: [], input: numbers([1]) };
  assert.equal(storedDocumentFault({ ...document, target: values([1], []) }, config), null);
  assert.match(storedDocumentFault({ ...document, target: { kind: "input", ahead: -1 } }, config), /target\.ahead/);
});
