// Text, generators and the part of time that is shown.

import assert from "node:assert/strict";
import { test } from "node:test";

import { fitText } from "../../static/js/model/encode.js";
import { uniform } from "../../static/js/model/generators.js";
import { clampZoom } from "../../static/js/model/timeline.js";

for (const [text, alphabet, fitted, foreign] of [
  ["abc", "abc", "abc", []],
  ["AbC", "abc", "abc", []],
  ["ab", "AB", "AB", []],
  ["a\nb\tc", " abc", "a b c", []],
  ["a-é-é", "ab", "a", ["-", "é"]],
  ["ß", "s", "", ["ß"]],
  ["a😀b", "ab", "ab", ["😀"]],
]) {
  test(`${JSON.stringify(text)} fitted to "${alphabet}" is "${fitted}"`, () => {
    assert.deepEqual(fitText(text, alphabet), { text: fitted, foreign });
  });
}

test("noise is the same for the same seed, and uniform", () => {
  const [first, again, other] = [1, 1, 2].map((seed) => Array.from({ length: 4000 }, uniform(seed)));
  assert.deepEqual(first, again);
  assert.notDeepEqual(first, other);
  assert.ok(first.every((value) => value >= 0 && value < 1));
  const counts = new Array(10).fill(0);
  for (const value of first) counts[Math.floor(value * 10)] += 1;
  assert.ok(Math.min(...counts) > 320 && Math.max(...counts) < 480, `${counts}`);
});

for (const [zoom, steps, expected] of [
  [null, 10, null],
  [{ from: 2.2, to: 7.6 }, 10, { from: 2, to: 8 }],
  [{ from: -5, to: 4 }, 20, { from: 0, to: 9 }],
  [{ from: 18, to: 19 }, 20, { from: 16, to: 20 }],
  [{ from: 0, to: 20 }, 20, null],
  [{ from: 0, to: 50 }, 20, null],
  [{ from: 1, to: 2 }, 3, null],
]) {
  test(`the zoom ${JSON.stringify(zoom)} stays within ${steps} steps`, () => {
    assert.deepEqual(clampZoom(zoom, steps), expected);
  });
}
