// When the page asks for the scores without each unit, and when it stops them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createAblation } from "../../../static/js/server/ablation.js";
import { reduceAblation } from "../../../static/js/state/reducers/ablation.js";

const letters = (edits = []) => ({ version: 1, network: { kind: "file", digest: "a" }, input: { kind: "text", text: "ab" }, edits, options: {} });

function page() {
  const document = letters();
  let state = { ablation: null, document, network: { card: { training: { task: "parity", settings: { length: 20, names: null } } } } };
  let id = 0;
  const sent = [];
  const dispatch = (action) => {
    state = { ...state, ...reduceAblation(state, action) };
  };
  const ablation = createAblation({ get: () => state, dispatch }, { send: (text) => sent.push(JSON.parse(text)) > 0, nextId: () => (id += 1) });
  const ask = (has = document) => ablation.ask(state, has);
  return { ablation, ask, dispatch, document, sent, status: () => state.ablation?.status };
}

test("it asks once, with the task and settings of the card", () => {
  const { ask, dispatch, sent, status } = page();
  ask();
  assert.deepEqual(sent, []);
  dispatch({ type: "units asked" });
  ask();
  ask();
  assert.deepEqual(sent, [{ type: "ablate_all", id: 1, layer: 0, direction: "forward", task: "parity", settings: { length: 20 } }]);
  assert.equal(status(), "running");
});

test("it waits until the server has the edits", () => {
  const { ask, dispatch, document, sent } = page();
  dispatch({ type: "units asked" });
  ask(letters([{ op: "zero", array: "W_z" }]));
  assert.deepEqual(sent, []);
  ask(document);
  assert.equal(sent.length, 1);
});

test("it stops what the page no longer wants, and does not listen to it", () => {
  const { ablation, ask, dispatch, sent, status } = page();
  dispatch({ type: "units asked" });
  ask();
  dispatch({ type: "units stopped" });
  ask();
  assert.deepEqual(sent.at(-1), { type: "stop_ablation", id: 1 });
  dispatch({ type: "units asked" });
  ask();
  ablation.receive({ type: "ended", id: 1, complete: false });
  assert.equal(status(), "running");
  ablation.receive({ type: "ended", id: 2, complete: true });
  assert.equal(status(), "done");
});

test("after a lost connection it asks again for what had begun", () => {
  const { ablation, ask, dispatch, sent, status } = page();
  dispatch({ type: "units asked" });
  ask();
  ablation.forget();
  assert.equal(status(), "asked");
  ask();
  assert.equal(sent.at(-1).id, 2);
});

test("a refusal is told, and others' errors are left to others", () => {
  const { ablation, ask, dispatch, status } = page();
  dispatch({ type: "units asked" });
  ask();
  assert.equal(ablation.receiveError({ type: "error", id: 7, message: "no" }), false);
  assert.equal(ablation.receiveError({ type: "error", id: 1, message: "too large" }), true);
  assert.equal(status(), "failed");
});
