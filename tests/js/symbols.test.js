// Names of values as symbols, and the colour of each.

import assert from "node:assert/strict";
import { test } from "node:test";

import { INPUT, nameOf, previousRef, startRef, valueRef } from "../../static/js/model/cell/references.js";
import { hue, symbol } from "../../static/js/model/cell/symbols.js";

/** @param {string} gate */
const less = (gate) => ({ kind: "complement", name: gate, of: gate });

for (const [reference, name, written, colour] of [
  ["n", "n", "h̃", "n"],
  ["m", "m", "m", "c"],
  ["q", "q", "q", ""],
  ["a_z", "a_z", "a_z", ""],
  [less("z"), "1-z", "(1−z)", "z"],
  [less("n"), "1-n", "(1−h̃)", "n"],
  [previousRef("h"), "h_prev", "hₜ₋₁", "h"],
  [previousRef("c"), "c_prev", "cₜ₋₁", "c"],
  [startRef("c"), "c_0", "c₀", "c"],
  [{ kind: "recurrent_bias", name: "b_hn", of: "n" }, "b_hn", "b_hn", "n"],
  [{ kind: "peephole", name: "p_o", of: "o" }, "p_o", "p_o", "o"],
  [{ kind: "input_weights", name: "W", of: "h" }, "W", "W", "h"],
  [INPUT, "x", "x", "x"],
]) {
  test(`${name} is written ${written}`, () => {
    assert.equal(symbol(reference), written);
    assert.equal(hue(reference), colour);
    assert.equal(nameOf(typeof reference === "string" ? valueRef(reference) : reference), name);
  });
}
