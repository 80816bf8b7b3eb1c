/** The steps of an encoder and its decoder on one clock. */

import assert from "node:assert/strict";
import test from "node:test";
import { answerChange } from "../../../static/js/model/answer.js";
import { actingLayer, isPair, lastStep, readAt, runSteps, saidBy, saidWords, stepOfLayer } from "../../../static/js/model/seq2seq/clock.js";

const plain = { decoder: null };
const parts = { decoder: { first: 2, limit: 4, start: 0, end: 1 } };
const doc = { input: { kind: "text", text: "417" } };

/** An answer of three outputs that says these in turn after the input, with nothing at the other steps. @param {number[]} said */
function answerOf(said) {
  const values = new Float32Array(7 * 3).fill(NaN);
  said.forEach((unit, i) => values.set([0.1, 0.1, 0.1].with(unit, 0.8), (3 + i) * 3));
  return { run: 1, steps: 7, have: 7, size: 3, values, index: null };
}

test("a run has the steps of its input, and those in which a decoder may answer", () => {
  assert.equal(runSteps(doc, plain), 3);
  assert.equal(runSteps(doc, parts), 7);
});

test("of a pair of layers, the encoder's acts while it reads and the decoder's after it", () => {
  for (const [layer, t, acts] of [[0, 2, 0], [0, 3, 2], [3, 0, 1], [3, 6, 3], [1, 3, 3]]) assert.equal(actingLayer(doc, parts, layer, t), acts, `${layer} at ${t}`);
  assert.equal(actingLayer(doc, plain, 5, 2), 5);
  assert.ok(isPair(parts, { layer: 1 }, { layer: 3 }) && !isPair(parts, { layer: 1 }, { layer: 2 }) && !isPair(plain, { layer: 1 }, { layer: 1 }));
});

test("a layer on show is at a step at which it acts", () => {
  const seen = (layer) => ({ ...doc, view: { layer, direction: "forward" } });
  assert.deepEqual([stepOfLayer(seen(0), parts, 5), stepOfLayer(seen(2), parts, 1), stepOfLayer(seen(2), parts, 5)], [2, 3, 5]);
  assert.equal(stepOfLayer(doc, plain, 1), 1);
});

test("what a decoder says ends with the end mark, and so do the steps", () => {
  const answer = answerOf([2, 2, 1]);
  assert.deepEqual(saidBy(doc, parts, answer), [2, 2, 1]);
  assert.equal(lastStep(doc, parts, answer), 5);
  assert.deepEqual([2, 3, 4, 5, 6].map((t) => readAt(doc, parts, [2, 2, 1], t)), [null, 0, 2, 2, null]);
  assert.equal(saidWords({ card: { classes: ["^", "$", "x"] }, parts }, [2, 2, 1]), "xx");
  assert.equal(saidWords({ card: { classes: ["^", "$", "one"] }, parts }, [2, 2, 1]), "one one");
  assert.equal(saidWords({ card: {}, parts }, [2, 0]), "20");
});

test("without an answer of this input, every step may come", () => {
  assert.deepEqual(saidBy(doc, parts, null), []);
  assert.deepEqual(saidBy({ input: { kind: "text", text: "41" } }, parts, answerOf([2])), []);
  assert.equal(lastStep(doc, parts, null), 6);
  assert.equal(lastStep(doc, plain, null), 2);
});

test("an answer that is longer than before has changed at the steps it has more", () => {
  assert.equal(answerChange(answerOf([2, 2, 1]), answerOf([2, 1]), "classes"), "the answer changes at 2 of 7 steps");
  assert.equal(answerChange(answerOf([2, 1]), answerOf([2, 1]), "classes"), "the answer is the same");
});
