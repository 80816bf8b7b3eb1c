// Names of values as symbols, and the colour of each.

import assert from "node:assert/strict";
import { test } from "node:test";

import { hue, symbol } from "../../static/js/model/symbols.js";

for (const [name, written, colour] of [
  ["n", "h̃", "n"],
  ["1-z", "(1−z)", "z"],
  ["1-n", "(1−h̃)", "n"],
  ["h_prev", "hₜ₋₁", "h"],
  ["c_prev", "cₜ₋₁", "c"],
  ["b_hn", "b_hn", "n"],
  ["p_o", "p_o", "o"],
  ["W", "W", "h"],
  ["m", "m", "c"],
  ["x", "x", "x"],
  ["q", "q", ""],
]) {
  test(`${name} is written ${written}`, () => {
    assert.equal(symbol(name), written);
    assert.equal(hue(name), colour);
  });
}
