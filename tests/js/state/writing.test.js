// What the network writes on: how pieces arrive, what ends it, and how it becomes the input.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createWriter } from "../../../static/js/server/writer.js";
import { createActions } from "../../../static/js/state/actions.js";
import { initialState } from "../../../static/js/state/initial.js";
import { createReducer } from "../../../static/js/state/reducers/reducer.js";
import { writesOn } from "../../../static/js/model/writing.js";

const LIMITS = { steps: 12 };

/** A page with a document of letters; its actions reduce at once. */
function page(input = { kind: "text", text: "abca" }, network = {}) {
  const layer = { cell: "gru", directions: ["forward"], merge: "concat", input_size: 3, hidden_size: 2, output_size: 2, before: [] };
  const parts = { vocabulary: null, input_size: 3, layers: [layer], readout: { output_size: 3, head: "softmax" }, ends: {}, decoder: null, writes: "symbols", ...network };
  const document = { version: 1, network: { kind: "file", digest: "d" }, input, edits: [] };
  const alphabet = input.kind === "text" ? "abc" : null;
  const example = { name: "n", title: "", alphabet, document, network: parts, look: { t: 1, unit: 0, quantity: "h" } };
  const config = { default: "n", examples: [example], limits: LIMITS };
  const reduce = createReducer(config);
  const store = { state: initialState(config, document, { tour: {}, theme: "light", width: 1000 }) };
  store.get = () => store.state;
  store.dispatch = (action) => { store.state = reduce(store.state, action); };
  return { ...store, get: () => store.state, actions: createActions(store, config), text: () => store.state.document.input };
}

const part = (id, start, symbols, done = false) => ({ type: "written", id, run: 1, start, symbols, probabilities: symbols.map(() => 0.5), rows: null, done });

/** Write after t = 2, the selected step, with two pieces. */
function written() {
  const shown = page();
  shown.actions.writeOn();
  shown.dispatch({ type: "write sent", id: 7 });
  shown.dispatch({ type: "written", part: part(7, 2, [2, 2]) });
  shown.dispatch({ type: "written", part: part(7, 4, [0]) });
  return shown;
}

test("pieces arrive one after the other, and those of another message are dropped", () => {
  const { get, dispatch } = written();
  assert.deepEqual(get().writing.symbols, [2, 2, 0]);
  dispatch({ type: "written", part: part(6, 5, [1]) });
  assert.deepEqual(get().writing.symbols, [2, 2, 0]);
  dispatch({ type: "written", part: part(7, 5, [1], true) });
  assert.deepEqual([get().writing.symbols, get().writing.status], [[2, 2, 0, 1], "done"]);
});

test("no more steps are wished than fit into an input", () => {
  const { get, actions } = page();
  actions.writeOn();
  assert.deepEqual([get().writing.t, get().writing.steps, get().writing.cut], [1, 10, true]);
  actions.discardWritten();
  actions.replaceInput({ kind: "text", text: "a".repeat(12) });
  actions.select({ t: 11 });
  actions.writeOn();
  assert.equal(get().writing, null);
  assert.match(get().notice.text, /at most 12 steps/);
});

test("it replaces the steps after the one that it went on from, and one undo takes it back", () => {
  const { get, actions, text } = written();
  actions.useWritten();
  assert.deepEqual(text(), { kind: "text", text: "abcca" });
  assert.equal(get().writing, null);
  actions.undo();
  assert.deepEqual(text(), { kind: "text", text: "abca" });
});

test("until then, nothing of the document changes", () => {
  const { get, actions } = page();
  const { document } = get();
  actions.writeOn();
  actions.stopWriting();
  actions.discardWritten();
  assert.equal(get().document, document);
});

test("numbers get a one-hot row for each symbol, tokens the symbols, a series its rows", () => {
  const cases = [
    [{ kind: "numbers", values: [[1, 0, 0], [0.5, 0, 0]] }, {}, [2], null, { kind: "numbers", values: [[1, 0, 0], [0.5, 0, 0], [0, 0, 1]] }],
    [{ kind: "tokens", tokens: [0, 1] }, { vocabulary: 3 }, [2], null, { kind: "tokens", tokens: [0, 1, 2] }],
    [{ kind: "numbers", values: [[1, 2, 3], [4, 5, 6]] }, { writes: "series" }, null, [[7, 8, 9]], { kind: "numbers", values: [[1, 2, 3], [4, 5, 6], [7, 8, 9]] }],
  ];
  for (const [input, network, symbols, rows, wanted] of cases) {
    const { dispatch, actions, text } = page(input, network);
    actions.writeOn();
    dispatch({ type: "write sent", id: 1 });
    dispatch({ type: "written", part: { ...part(1, 2, symbols ?? []), symbols, rows, done: true } });
    actions.useWritten();
    assert.deepEqual(text(), wanted);
  }
});

test("stopping keeps what was written, or nothing if there is none", () => {
  const { get, dispatch, actions } = written();
  actions.stopWriting();
  assert.deepEqual([get().writing.status, get().writing.steps], ["stopped", 3]);
  dispatch({ type: "written", part: part(7, 5, [1]) });
  assert.equal(get().writing.symbols.length, 3);
  actions.writeOn();
  actions.stopWriting();
  assert.equal(get().writing, null);
});

test("an edit asks for the same again and shows what was written until it arrives", () => {
  const { get, dispatch, actions } = written();
  actions.splice(0, 1, "b");
  assert.deepEqual([get().writing.status, get().writing.id, get().writing.symbols], ["waiting", null, [2, 2, 0]]);
  dispatch({ type: "write sent", id: 8 });
  dispatch({ type: "written", part: part(8, 2, [1]) });
  assert.deepEqual(get().writing.symbols, [1]);
});

test("it ends with its step or its network, and survives a lost connection", () => {
  const cut = written();
  cut.actions.splice(1, 3, "");
  assert.equal(cut.get().writing, null);
  const other = written();
  other.actions.replaceNetwork({ kind: "random", hidden_size: 2, seed: 1, alphabet: "abc" }, { kind: "text", text: "abca" });
  assert.equal(other.get().writing, null);
  const lost = written();
  lost.dispatch({ type: "disconnected" });
  assert.equal(lost.get().writing.status, "waiting");
});

test("a failure keeps what was written and says why", () => {
  const { get, dispatch } = written();
  dispatch({ type: "write failed", id: 7, message: "why" });
  assert.deepEqual([get().writing.status, get().writing.fault, get().writing.symbols.length], ["failed", "why", 3]);
});

test("a network whose card says that its answers are not its inputs does not write on", () => {
  const letters = { parts: { writes: "symbols" }, alphabet: "01", tokens: null, card: {} };
  assert.equal(writesOn(letters), "symbols");
  assert.equal(writesOn({ ...letters, card: { classes: ["0", "1"] } }), "symbols");
  assert.equal(writesOn({ ...letters, card: { classes: ["even", "odd"] } }), null);
  const series = { parts: { writes: "series" }, alphabet: null, tokens: null, card: {} };
  const load = { name: "load", mean: 3, scale: 2 };
  assert.equal(writesOn(series), "series");
  assert.equal(writesOn({ ...series, card: { channels: [load], outputs: [load], target: { ahead: 1 } } }), "series");
  assert.equal(writesOn({ ...series, card: { channels: [load], outputs: [load], target: { ahead: 3 } } }), null);
  assert.equal(writesOn({ ...series, card: { channels: [load], outputs: [{ name: "load" }] } }), null);
  assert.equal(writesOn({ ...letters, parts: { writes: null } }), null);
});

test("the server is asked once it is ready, once for each wish, and told to stop", () => {
  const sent = [];
  let last = 0;
  const writer = createWriter({ send: (text) => sent.push(JSON.parse(text)) > 0, nextId: () => (last += 1), sent() {} });
  const wish = { t: 1, steps: 5, temperature: 0.5, topK: null, seed: 3, status: "waiting", id: null };
  writer.follow({ writing: wish }, false);
  assert.equal(sent.length, 0);
  writer.follow({ writing: wish }, true);
  writer.follow({ writing: wish }, true);
  assert.deepEqual(sent, [{ type: "write", id: 1, t: 1, steps: 5, temperature: 0.5, top_k: null, seed: 3 }]);
  writer.follow({ writing: { ...wish, id: 1, status: "writing" } }, true);
  assert.equal(sent.length, 1);
  writer.follow({ writing: { ...wish, id: 1, status: "stopped" } }, true);
  assert.deepEqual(sent.at(-1), { type: "stop_writing", id: 1 });
  writer.follow({ writing: { ...wish } }, true);
  writer.follow({ writing: null }, true);
  assert.deepEqual(sent.slice(2).map(({ type, id }) => [type, id]), [["write", 2], ["stop_writing", 2]]);
  writer.follow({ writing: { ...wish } }, true);
  writer.ended();
  writer.follow({ writing: null }, true);
  assert.equal(sent.at(-1).type, "write", "there is nothing to stop");
});
