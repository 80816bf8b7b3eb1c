// Numbers and names as they are typed and shown.

import assert from "node:assert/strict";
import { test } from "node:test";

import { fixed, parseNumber, short } from "../../static/js/lib/format.js";

for (const [text, value] of [
  ["1", 1],
  [" -2.5 ", -2.5],
  ["−3", -3],
  ["0,5", 0.5],
  [".5", 0.5],
  ["1e-3", 0.001],
  ["2.", 2],
]) {
  test(`"${text}" is the number ${value}`, () => assert.equal(parseNumber(text), value));
}

for (const text of ["", "-", "1e", "nan", "Infinity", "0x10", "1 2", "1,2,3", "--1"]) {
  test(`"${text}" is no number`, () => assert.equal(parseNumber(text), NaN));
}

for (const [value, text] of [
  [2_100_000, "2.10e6"],
  [-1e23, "−1.00e23"],
  [99999.5, "99999.5000"],
]) {
  test(`${value} is shown as ${text} in a table`, () => assert.equal(fixed(value), text));
}

for (const [value, text] of [
  [1e10, "1e10"],
  [-2e6, "−2000000"],
  [0.1234567, "0.1235"],
]) {
  test(`${value} is shown as ${text} on an axis`, () => assert.equal(short(value), text));
}
