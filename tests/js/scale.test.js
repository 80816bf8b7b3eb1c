// Ranges of colours and axes: they follow what is shown, and an outlier does not take all of one.

import assert from "node:assert/strict";
import { test } from "node:test";

import { colourScaleOver } from "../../static/js/lib/colour.js";
import { landmarks, positionOf, valueAtPosition } from "../../static/js/lib/span.js";
import { fitted, joined, widened } from "../../static/js/model/scale.js";

const FREE = /** @type {const} */ ({ map: "states", low: -1, high: 1, linear: null, follows: true });
const GATES = /** @type {const} */ ({ map: "gates", low: 0, high: 1, linear: null, follows: false });

for (const [values, high] of [
  [[0.5, -0.9], 1],
  [[1.01], 2],
  [[-2.5, 1], 5],
  [[7, -3], 10],
  [[2e9], 2e9],
  [[1, NaN, Infinity, -3], 5],
  [[0.03], 0.05],
  [[1e-12, 0], 1],
]) {
  test(`a range fits ${values} with ±${high}, whatever it was before`, () => {
    for (const before of [FREE, { ...FREE, low: -50, high: 50, linear: 1 }]) {
      const { low, high: end, linear } = fitted(before, [values], values.length);
      assert.deepEqual([low, end, linear], [-high, high, null]);
    }
    assert.equal(fitted(GATES, [values], values.length), GATES);
  });
}

test("during a gesture a range widens and does not shrink", () => {
  const wide = widened(FREE, [[7]], 1);
  assert.equal(wide.high, 10);
  assert.equal(widened(wide, [[0.1]], 1), wide);
  assert.equal(fitted(wide, [[0.1]], 1).high, 0.1);
});

for (const [what, arrays, hidden, linear] of [
  ["values are alike", [Array(24).fill(0.3)], 4, null],
  ["one unit is far larger", [Array(6).fill([0.3, 0.3, 0.3, 40]).flat()], 4, 0.5],
  ["one step is far larger", [[...Array(20).fill(0.3), 40, 40, 40, 40]], 4, 0.5],
  ["one of two units is", [Array(6).fill([0.3, 40]).flat()], 2, 0.5],
  ["nothing is beside the large one", [Array(6).fill([0, 0, 0, 40]).flat()], 4, null],
  ["another array has the large unit", [Array(12).fill(0.3), Array(6).fill([0.1, 40]).flat()], 2, 0.5],
  ["the largest is less than ten times the usual", [Array(6).fill([0.3, NaN, Infinity, 2.9]).flat()], 4, null],
  ["there are no values", [[]], 4, null],
]) {
  test(`where ${what}, a range is ${linear === null ? "even" : `logarithmic beyond ±${linear}`}`, () => {
    assert.equal(fitted(FREE, arrays, hidden).linear, linear);
  });
}

test("a range for two runs fits both, and still shows the smaller one", () => {
  const large = { ...FREE, low: -50, high: 50 };
  assert.deepEqual(joined(FREE, large), { ...FREE, low: -50, high: 50, linear: 1 });
  assert.deepEqual(joined(large, FREE), { ...FREE, low: -50, high: 50, linear: 1 });
  assert.equal(joined(FREE, { ...FREE }), FREE);
});

for (const linear of [null, 0.5, 2]) {
  test(`positions rise from end to end and lead back to their values, even up to ${linear}`, () => {
    const span = { low: -50, high: 50, linear };
    const values = [-50, -7, -2, -0.5, -0.01, 0, 0.3, 2, 49, 50];
    const positions = values.map((value) => positionOf(span, value));
    assert.deepEqual(positions, [...positions].sort((a, b) => a - b));
    assert.deepEqual([positions[0], positions[5], positions.at(-1)], [0, 0.5, 1]);
    values.forEach((value, i) => assert.ok(Math.abs(valueAtPosition(span, positions[i]) - value) < 1e-9));
  });
}

test("Plotly's stops put each colour at its value", () => {
  const span = { low: -50, high: 50, linear: 1 };
  const stops = colourScaleOver("states", "light", span);
  assert.deepEqual([stops[0][0], stops.at(-1)?.[0]], [0, 1]);
  stops.forEach(([place], i) => assert.ok(i === 0 || place > stops[i - 1][0]));
  const atLinear = stops.findIndex(([place]) => Math.abs(place * 100 - 50 - 1) < 1e-9);
  assert.equal(atLinear / (stops.length - 1), positionOf(span, 1));
});

test("the landmarks of a range are its ends, 0 and the ends of its linear part", () => {
  assert.deepEqual(landmarks({ low: 0, high: 1 }), [0, 1]);
  assert.deepEqual(landmarks({ low: -2, high: 2, linear: null }), [-2, 0, 2]);
  assert.deepEqual(landmarks({ low: -50, high: 50, linear: 1 }), [-50, -1, 0, 1, 50]);
});
