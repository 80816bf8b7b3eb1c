// What the page takes for up to date, while documents change and runs are on their way.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createSync } from "../../../static/js/server/sync.js";

const letters = (text) => ({ version: 1, network: { kind: "example", name: "latch" }, input: { kind: "text", text }, edits: [], options: {} });

/** A page with its server: a store that records actions, and a clock that stands still. */
function page(t, directions = ["forward"]) {
  const clock = { now: 0 };
  t.mock.method(performance, "now", () => clock.now);
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const actions = [];
  const network = { parts: { readout: null, decoder: null, layers: [{ directions }] } };
  const state = { connection: "open", document: letters("ab"), network, output: null, part: "layer", looks: {}, trace: { run: 0, have: 0, steps: 2, hidden: 2 }, tour: {}, selection: { t: 0, unit: 0, quantity: "h" } };
  const store = { get: () => state, dispatch: (action) => actions.push(action), subscribe() {} };
  const sent = [];
  const sync = createSync(store, {
    send: (text) => sent.push(JSON.parse(text)) > 0,
    messageBytes: 1e6,
    tasks: { parity: "Parity" },
    refused: () => assert.fail("refused"),
    warned: (text) => assert.fail(text),
    confirmed() {},
  });
  const says = (message) => sync.listener.received(JSON.stringify(message));
  sync.flush();
  says({ type: "opened", run: 1 });
  const shows = (metadata) => sync.listener.received(frame(metadata));
  return { clock, actions, state, sent, sync, says, shows };
}

/** A binary frame without arrays. */
function frame(metadata) {
  const header = new TextEncoder().encode(JSON.stringify({ __metadata__: metadata }));
  const bytes = new Uint8Array(8 + header.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  return bytes.buffer;
}

test("a run that was asked for by an equal document is that of the present one", (t) => {
  const { clock, actions, state, sent, sync, says } = page(t);
  clock.now = 100; // later than an edit waits for the run before it
  state.document = letters("ab");
  sync.flush();
  assert.equal(sent.length, 1, "there is nothing to send");
  says({ type: "done", run: 1 });
  const arrived = actions.findLast(({ type }) => type === "arrived");
  assert.equal(arrived.arrived.document, state.document);
});

test("an equal document that comes after its run is up to date", (t) => {
  const { actions, state, sync, says } = page(t);
  says({ type: "done", run: 1 });
  state.document = letters("ab");
  sync.flush();
  assert.deepEqual(actions.at(-1), { type: "unchanged", document: state.document });
});

for (const { took, sends } of [{ took: 120, sends: 0 }, { took: 400, sends: 1 }]) {
  test(`an edit 100 ms after the one before ${sends ? "overtakes it" : "waits for it"} if runs take ${took} ms`, (t) => {
    const { clock, state, sent, sync, says } = page(t);
    const edits = () => sent.filter(({ type }) => type === "edit").length;
    clock.now = took;
    says({ type: "done", run: 1 });
    state.document = letters("abc");
    sync.flush();
    assert.equal(edits(), 1);
    clock.now += 100;
    state.document = letters("abcd");
    sync.flush();
    assert.equal(edits(), 1 + sends);
    says({ type: "done", run: 2 + sends });
    assert.equal(edits(), 2, "it is sent at the latest when the run before is complete");
  });
}

test("an edit of the readout leaves every step as it is, and one of a layer leaves none", (t) => {
  const { clock, state, sent, sync, says } = page(t);
  says({ type: "done", run: 1 });
  state.trace = { run: 1, have: 2, steps: 2, hidden: 2 };
  const kept = (edits, run) => {
    clock.now += 1000;
    state.document = { ...state.document, edits };
    sync.flush();
    says({ type: "done", run });
    return sent.findLast(({ type }) => type === "edit").keep;
  };
  const readout = { op: "zero", part: "readout", array: "W_y" };
  state.trace.run = 1;
  assert.equal(kept([readout], 2), 2);
  state.trace.run = 2;
  assert.equal(kept([{ ...readout, off: true }], 3), 2, "the removed and the inserted one");
  state.trace.run = 3;
  assert.equal(kept([{ op: "zero", array: "U_z" }], 4), 0);
});

for (const { directions, arrivals } of [
  { directions: ["forward"], arrivals: [["steps", "output", "map"]] },
  { directions: ["forward", "reverse"], arrivals: [["steps"], ["output", "map"]] },
]) {
  test(`frames of a layer that reads ${directions.join(" and ")} are shown in ${arrivals.length === 1 ? "one piece" : "two pieces"}`, (t) => {
    const { actions, says, shows } = page(t, directions);
    const whole = { run: "1", start: "0", stop: "2", total: "2" };
    shows({ type: "steps", ...whole });
    shows({ type: "output", ...whole });
    shows({ type: "map", run: "1" });
    says({ type: "done", run: 1 });
    const arrived = actions.filter(({ type }) => type === "arrived").map((action) => action.arrived);
    assert.deepEqual(arrived.map(({ frames }) => frames.map(({ metadata }) => metadata.type)), arrivals);
    assert.deepEqual(arrived.map(({ done }) => done), arrivals.map((_, i) => i === arrivals.length - 1));
  });
}

test("where the rule of the task says nothing, nothing is marked and nothing is said", (t) => {
  const { actions, state, sent, sync, says, shows } = page(t);
  const readout = { output_size: 2, head: "softmax" };
  state.network = { ...state.network, card: { training: { task: "parity", settings: {} } }, parts: { ...state.network.parts, readout } };
  sync.lookInto();
  const { type, id, task } = sent.at(-1);
  assert.deepEqual([type, task], ["target", "parity"]);
  const before = actions.length;
  says({ type: "error", code: "range", field: "input", message: "input must have one symbol a step", run: null, id });
  shows({ type: "target", id: String(id + 1), run: "1" });
  assert.equal(actions.length, before);
});
