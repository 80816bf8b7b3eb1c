// What changes between documents, and how edits take each other's place.

import assert from "node:assert/strict";
import { test } from "node:test";

import { addEdit, diff, sameForm, withCell, withForm } from "../../static/js/model/document.js";
import { latch } from "./documents.js";
import { repeat } from "./random.js";

function spliced(sequence, { start, remove, insert }) {
  const parts = [sequence.slice(0, start), insert, sequence.slice(start + remove)];
  return typeof sequence === "string" ? parts.join("") : parts.flat();
}

test("a difference applied gives the second document", () => {
  repeat(500, (draw) => {
    const [a, b] = [draw.text("ab.", 1, 9), draw.text("ab.", 1, 9)];
    const changes = diff(latch(a), latch(b));
    assert.equal(changes.length, a === b ? 0 : 1, `${a} to ${b}`);
    for (const change of changes) assert.equal(change.kind, "input");
    assert.equal(changes.reduce(spliced, a), b);
  });
});

test("two edit lists differ by one splice", () => {
  repeat(500, (draw) => {
    const edits = () => draw.list(() => ({ op: "zero", array: draw.one(["W_z", "U_r", "b_n"]) }), 0, 5);
    const [a, b] = [edits(), edits()];
    const changes = diff(latch("a", a), latch("a", b));
    assert.ok(changes.length <= 1);
    for (const change of changes) assert.equal(change.kind, "edits");
    assert.deepEqual(changes.reduce(spliced, a), b);
  });
});

test("another network or kind of input is a whole new document", () => {
  const before = latch("ab");
  const numbers = { ...before, input: { kind: "numbers", values: [[1, 0, 0]] } };
  const toggle = { ...before, network: { kind: "example", name: "toggle" } };
  for (const after of [numbers, toggle]) {
    assert.deepEqual(diff(before, after), [{ kind: "document", document: after }]);
  }
});

const SET = { op: "set", array: "W_z", row: 1, column: 2 };
const ONE = { ...SET, value: 1 };
const TWO = { ...SET, value: 2 };
const ZERO = { op: "zero", array: "W_z" };
const SCALE = { op: "scale", array: "W_z", factor: 2 };
const OTHER = { op: "set", array: "b_z", row: 1, value: 3 };
const RESTORE = { op: "restore", array: "W_z" };
const CELL = { ...RESTORE, row: 1, column: 2 };
const HOLD = { op: "clamp", quantity: "z", unit: 1, value: 0 };
const START = { op: "start", quantity: "h", unit: 1, value: 0.5 };
const ABLATE = { op: "ablate", unit: 1 };
const off = (edit) => ({ ...edit, off: true });
const at = (t) => ({ ...HOLD, t });

for (const [title, edits, edit, expected] of [
  ["the first edit is added", [], ONE, [ONE]],
  ["a weight set again is set once", [ONE, OTHER], TWO, [TWO, OTHER]],
  ["a weight set after its array was scaled is set afterwards", [ONE, SCALE], TWO, [ONE, SCALE, TWO]],
  ["zeroing comes last", [ONE, OTHER], ZERO, [ONE, OTHER, ZERO]],
  ["zeroing twice is zeroing once", [ZERO, OTHER], ZERO, [ZERO, OTHER]],
  ["scaling comes after zeroing", [ZERO], SCALE, [ZERO, SCALE]],
  ["scaling twice scales twice", [SCALE], SCALE, [SCALE, SCALE]],
  ["restoring an array drops its edits", [ONE, SCALE, OTHER], RESTORE, [OTHER]],
  ["restoring a weight drops its edit", [OTHER, ONE], CELL, [OTHER]],
  ["restoring a weight of a scaled array is an edit", [SCALE, ONE], CELL, [SCALE, CELL]],
  ["an edit that is off keeps its place", [off(ONE)], TWO, [off(ONE), TWO]],
  ["an edit is not moved across one that is off", [ONE, off(ZERO)], TWO, [ONE, off(ZERO), TWO]],
  ["restoring a weight passes what is off", [off(ZERO), ONE], CELL, [off(ZERO)]],
  ["restoring an array keeps what is off", [off(ONE), SCALE], RESTORE, [off(ONE)]],
  ["a hold takes the same hold's place", [HOLD, OTHER], { ...HOLD, value: 1 }, [{ ...HOLD, value: 1 }, OTHER]],
  ["a hold at one step is another than throughout", [HOLD], at(4), [HOLD, at(4)]],
  ["a hold is repeated after one that hides it", [at(4), HOLD], at(4), [at(4), HOLD, at(4)]],
  ["holds at two steps are two", [HOLD, at(4)], at(5), [HOLD, at(4), at(5)]],
  ["a start comes after an ablation that hides it", [START, ABLATE], START, [START, ABLATE, START]],
  ["ablating twice is ablating once", [ABLATE, HOLD], ABLATE, [ABLATE, HOLD]],
]) {
  test(`of edits, ${title}`, () => assert.deepEqual(addEdit(latch("a", edits), edit).edits, expected));
}

test("a form keeps the edits of arrays that it has", () => {
  const peephole = { op: "zero", array: "p_i" };
  const matrix = { op: "zero", array: "U_i" };
  const before = latch("ab", [peephole, matrix]);
  const arrays = { p_i: { kind: "peephole" }, U_i: { kind: "recurrent_weights" } };
  const coupled = withForm(before, { input_forget: true }, arrays);
  assert.deepEqual(coupled.edits, [matrix]);
  assert.deepEqual(coupled.options, { form: { input_forget: true } });
  assert.deepEqual(withForm(before, { peepholes: true }, arrays).edits, before.edits);
  const rnn = withCell(coupled, "rnn");
  assert.deepEqual([rnn.edits, rnn.options, rnn.network.cell], [[], {}, "rnn"]);
});

for (const [one, other, same] of [
  [{}, { reset_after: true, clip: null }, true],
  [{ z_keeps: false }, { z_keeps: false, reset_after: true }, true],
  [{ z_keeps: false }, {}, false],
  [{ activations: ["relu"] }, { activations: ["relu"] }, true],
  [{ activations: ["relu"] }, { activations: ["tanh"] }, false],
]) {
  test(`${JSON.stringify(one)} and ${JSON.stringify(other)} are ${same ? "one form" : "two forms"}`, () => {
    assert.equal(sameForm(one, other), same);
    const [a, b] = [one, other].map((form) => ({ ...latch("ab"), options: { form } }));
    assert.equal(diff(a, b).length === 0, same);
  });
}
