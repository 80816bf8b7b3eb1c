// Undo and redo.

import assert from "node:assert/strict";
import { test } from "node:test";

import { canRedo, canUndo, historyOf, moved, presentOf, pushed } from "../../static/js/model/history.js";

/** Go back or forth until there is nothing more, and return the documents on the way. */
function walk(history, by) {
  const found = [];
  let here = history;
  while (by < 0 ? canUndo(here) : canRedo(here)) {
    here = moved(here, by);
    found.push(presentOf(here));
  }
  return { found, here };
}

function drawn() {
  const steps = [["b", "drag 1"], ["c", "drag 1"], ["d", "drag 2"], ["e", null]];
  return steps.reduce((history, [document, gesture]) => pushed(history, document, gesture), historyOf("a"));
}

test("undo joins a gesture", () => {
  const { found, here } = walk(drawn(), -1);
  assert.deepEqual(found, ["d", "c", "a"]);
  assert.equal(moved(here, -1), here);
});

test("redo reverses undo until the next change", () => {
  const { here } = walk(drawn(), -1);
  const forth = moved(moved(here, 1), 1);
  assert.equal(presentOf(forth), "d");
  const changed = pushed(forth, "f", null);
  assert.equal(canRedo(changed), false);
  assert.equal(presentOf(moved(changed, -1)), "d");
});

test("the history keeps its last five hundred documents", () => {
  let history = historyOf(0);
  for (let i = 1; i <= 1000; i += 1) history = pushed(history, i, null);
  assert.equal(walk(history, -1).found.length, 499);
});
