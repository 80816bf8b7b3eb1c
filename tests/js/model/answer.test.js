/** What has become of an answer after a change. */

import assert from "node:assert/strict";
import test from "node:test";
import { answerChange } from "../../../static/js/model/answer.js";

/** @param {number[][]} rows */
const answer = (rows, rest = {}) => ({ run: 1, steps: rows.length, have: rows.length, size: rows[0].length, values: Float32Array.from(rows.flat()), index: null, ...rest });

const cases = [
  { kind: "classes", now: [[0.6, 0.4], [0.2, 0.8]], old: [[0.9, 0.1], [0.7, 0.3]], says: "the answer changes at 1 of 2 steps" },
  { kind: "classes", now: [[0.6, 0.4]], old: [[0.9, 0.1]], says: "the answer is the same" },
  { kind: "binary", now: [[0.4], [0.6], [0.7]], old: [[0.6], [0.4], [0.7]], says: "the answer changes at 2 of 3 steps" },
  { kind: "numbers", now: [[1, 2], [3, 4]], old: [[1, 2.5], [3, 4]], says: "the answer differs by up to 0.50" },
  { kind: "numbers", now: [[1]], old: [[1]], says: "the answer is the same" },
];
for (const { kind, now, old, says } of cases) {
  test(`${kind} ${JSON.stringify(old)} and then ${JSON.stringify(now)}: ${says}`, () => {
    assert.equal(answerChange(answer(now), answer(old), kind), says);
  });
}

test("an answer that is on its way, or has other outputs, says nothing", () => {
  const whole = answer([[0.5, 0.5], [0.5, 0.5]]);
  assert.equal(answerChange({ ...whole, have: 1 }, whole, "classes"), null);
  assert.equal(answerChange(whole, { ...whole, have: 1 }, "classes"), null);
  assert.equal(answerChange(answer([[1]]), whole, "numbers"), null);
  assert.equal(answerChange(null, whole, "numbers"), null);
});

test("of many outputs, the places of the largest are compared", () => {
  const now = answer([[0.4, 0.3]], { index: Float32Array.from([7, 2]) });
  const old = answer([[0.4, 0.3]], { index: Float32Array.from([2, 7]) });
  assert.equal(answerChange(now, old, "classes"), "the answer changes at 1 of 1 steps");
});
