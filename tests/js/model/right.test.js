// The right answers to an input: which rule says them, when they are shown, and what they make of the network's answers.

import assert from "node:assert/strict";
import { test } from "node:test";

import { isRight, rightFrom, rightNow, ruleOf, scoreOf, wantedAt } from "../../../static/js/model/card/right.js";
import { scoreWords, sentence } from "../../../static/js/views/output/words.js";
import { createRight } from "../../../static/js/server/right.js";

const config = { tasks: { parity: "Parity", words: "English words" } };
const readout = { output_size: 2, head: "softmax" };
const parts = (rest = {}) => ({ decoder: null, readout, writes: null, vocabulary: null, ...rest });
const network = (card = {}, rest = {}) => ({ card, parts: parts(), alphabet: "01", tokens: null, ...rest });
const parity = network({ classes: ["even", "odd"], training: { task: "parity", settings: { length: 8 } } });
const input = { kind: "text", text: "011" };
const right = { run: 3, input, size: 1, values: Float32Array.of(0, 1, 0), asked: Float32Array.of(1, 1, 1), next: false };
const answer = { run: 3, steps: 3, have: 3, size: 2, values: Float32Array.of(0.9, 0.1, 0.2, 0.8, 0.3, 0.7), index: null };
const shown = { document: { input }, right, answer, baseline: null, compare: "now" };

test("the rule is that of the card's task, or to say the next symbol", () => {
  assert.deepEqual(ruleOf(config, parity), { task: "parity", settings: { length: 8 } });
  assert.deepEqual(ruleOf(config, network({}, { parts: parts({ writes: "symbols" }) })), { task: null, settings: {} });
  assert.equal(ruleOf(config, network()), null);
  const labels = network({ classes: ["low", "high"], training: { task: "labels" } }, { parts: parts({ writes: "symbols" }) });
  assert.equal(ruleOf(config, labels), null, "its classes are not what it reads");
  assert.equal(ruleOf(config, { ...parity, parts: parts({ readout: null }) }), null);
});

test("they are shown for their own input only, once the network has answered it", () => {
  assert.equal(rightNow(shown), right);
  assert.equal(rightNow({ ...shown, document: { input: { ...input } } }), null);
  assert.equal(rightNow({ ...shown, document: { input, target: { kind: "values", values: [] } } }), null);
  assert.equal(rightNow({ ...shown, answer: { ...answer, run: 2 } }), null);
  assert.equal(rightNow({ ...shown, right: { ...right, asked: new Float32Array(3) } }), null);
  const before = { ...shown, compare: "before", answer: { ...answer, run: 1 } };
  assert.equal(rightNow({ ...before, baseline: { document: { input } } }), right);
  assert.equal(rightNow({ ...before, baseline: { document: { input: { ...input } } } }), null);
});

test("an answer is right if the right class is the likeliest, or a probability is on the right side", () => {
  assert.deepEqual([0, 1, 2].map((t) => isRight(right, answer, t, "classes")), [true, true, false]);
  assert.deepEqual(scoreOf(right, answer, "classes"), { right: 2, asked: 3 });
  assert.equal(scoreOf(right, { ...answer, have: 2 }, "classes"), null);
  const last = { ...right, asked: Float32Array.of(0, 0, 1), values: Float32Array.of(0, 0, 1) };
  const binary = { ...answer, size: 1, values: Float32Array.of(0.9, 0.9, 0.4) };
  assert.deepEqual([0, 2].map((t) => isRight(last, binary, t, "binary")), [null, false]);
  assert.deepEqual(scoreOf(last, binary, "binary"), { right: 0, asked: 1 });
});

test("of many outputs only the largest have come, with their places", () => {
  const few = { ...answer, values: Float32Array.of(0.2, 0.1, 0.2, 0.1, 0.2, 0.1), index: Float32Array.of(0, 9, 7, 1, 4, 0) };
  assert.deepEqual(scoreOf(right, few, "classes"), { right: 1, asked: 3 });
});

test("numbers have a target where one is asked for", () => {
  const sums = rightFrom(
    { metadata: { run: "3" }, arrays: { target: { shape: [2, 2], data: Float32Array.of(0, 0, 1.5, 2) }, asked: { shape: [2], data: Float32Array.of(0, 1) } } },
    input, { task: "adding" },
  );
  assert.equal(wantedAt({ input, right: sums, network: parity }, 0, 1), null);
  assert.equal(wantedAt({ input, right: sums, network: parity }, 1, 1), 2);
});

test("the sentence says whether the step is right, and the score of all", () => {
  const inputs = { network: parity, before: null, input, target: undefined, right, sameInput: false };
  assert.equal(sentence({ ...inputs, t: 1 }, readout, answer), "t = 2: “odd” 80 %, “even” 20 % · right");
  assert.equal(sentence({ ...inputs, t: 2 }, readout, answer), "t = 3: “odd” 70 %, “even” 30 % · wrong, “even” is right");
  assert.equal(scoreWords(inputs, readout, answer), "2 of 3 steps right");
  assert.equal(scoreWords({ ...inputs, before: answer, sameInput: true }, readout, answer), "2 of 3 steps right, before 2");
  assert.equal(scoreWords({ ...inputs, before: answer }, readout, answer), "2 of 3 steps right");
  const next = { ...inputs, right: { ...right, next: true } };
  assert.equal(sentence({ ...next, t: 2 }, readout, answer), "t = 3: “odd” 70 %, “even” 30 % · the next is “even”");
  assert.equal(scoreWords(next, readout, answer), "2 of 3 next symbols right");
  const end = { ...inputs, right: { ...right, asked: Float32Array.of(0, 0, 1) } };
  assert.match(sentence({ ...end, t: 0 }, readout, answer), /nothing is asked here$/);
  assert.equal(scoreWords(end, readout, answer), "0 of 1 answer right");
});

test("it asks once for each input, network and rule, and hears only the newest answer", () => {
  const sent = [];
  let id = 0;
  const asking = createRight({ send: (text) => sent.push(JSON.parse(text)) > 0, nextId: () => (id += 1), tasks: config.tasks });
  const document = { network: { kind: "file", digest: "a" }, input, edits: [] };
  const frame = (of) => ({ metadata: { id: String(of), run: "1" }, arrays: { target: { shape: [3], data: right.values }, asked: { shape: [3], data: right.asked } } });
  asking.ask({ network: parity }, document);
  asking.ask({ network: parity }, { ...document, edits: [{}] });
  assert.deepEqual(sent, [{ type: "target", id: 1, task: "parity", settings: { length: 8 } }]);
  const other = { kind: "text", text: "1" };
  asking.ask({ network: parity }, { ...document, input: other });
  assert.equal(sent.length, 2);
  assert.equal(asking.receive(frame(1)), null);
  assert.equal(asking.receive(frame(2)).input, other);
  assert.equal(asking.receiveError(2), true);
  assert.equal(asking.receiveError(1), false);
  asking.forget();
  asking.ask({ network: parity }, { ...document, input: other });
  asking.ask({ network: parity }, { ...document, target: { kind: "values", values: [] } });
  assert.equal(sent.length, 3);
});
