// Scores without each unit: on which networks, what the bars show, and when they are of another network than the present one.

import assert from "node:assert/strict";
import { test } from "node:test";

import { barsOf, changesNetwork, taskOf, topOf } from "../../../static/js/model/units/ablation.js";
import { barWords, saidOf } from "../../../static/js/model/units/words.js";
import { reduceAblation } from "../../../static/js/state/reducers/ablation.js";

const config = { tasks: { parity: "Parity", forecast: "Forecast" } };
const task = { task: "parity", title: "Parity", settings: { length: 20 } };
const place = { layer: 0, direction: "forward" };
const whole = { type: "scored", id: 1, metric: "accuracy", score: 0.99, chance: 0.5, sequences: 256, units: 3 };
const letters = (text, edits = []) => ({ version: 1, network: { kind: "example", name: "latch" }, input: { kind: "text", text }, edits, options: {} });

/** The state after messages of the server. */
function told(...messages) {
  const actions = [{ type: "units asked" }, { type: "units sent", document: letters("ab") }, ...messages.map((message) => ({ type: "units said", message }))];
  return actions.reduce((state, action) => ({ ...state, ...reduceAblation(state, action) }), { ablation: null }).ablation;
}

const scores = (...found) => ({ type: "ablated", id: 1, scores: found.map((score, unit) => ({ ...place, unit, score })) });

test("a network is measured if its card names a task that draws its own data", () => {
  const of = (training) => taskOf(config, { training });
  assert.deepEqual(of({ task: "parity", settings: { length: 20, depth: null } }), task);
  assert.deepEqual(of({ task: "parity" }), { ...task, settings: {} });
  assert.equal(of({ task: "text", settings: {} }), null);
  assert.equal(of({ task: "forecast", settings: { length: 20, names: ["load"] } }), null);
  assert.equal(of(undefined), null);
});

test("bars stand in the order of the units or of what is lost without them", () => {
  const ablation = told(whole, scores(0.99, 0.51, 0.9));
  assert.deepEqual(barsOf(ablation, place, 3, "unit").map(({ unit }) => unit), [0, 1, 2]);
  assert.deepEqual(barsOf(ablation, place, 3, "effect").map(({ unit }) => unit), [1, 2, 0]);
  assert.deepEqual(barsOf(ablation, { layer: 1, direction: "forward" }, 2, "unit").map(({ score }) => score), [null, null]);
});

test("of errors, the unit whose loss makes the largest one comes first", () => {
  const ablation = told({ ...whole, metric: "error", score: 0.01, chance: 0.2 }, scores(0.02, 0.4, 0.005));
  assert.deepEqual(barsOf(ablation, place, 3, "effect").map(({ unit }) => unit), [1, 0, 2]);
  assert.equal(topOf(ablation), 0.4);
  assert.match(barWords(ablation.whole, barsOf(ablation, place, 3, "unit")[1]), /^Unit 1: error 0\.4 without it, 0\.39 more than/);
});

test("a bar and the whole measurement are said in words", () => {
  const ablation = told(whole, scores(0.99, 0.51, 0.9), { type: "ended", id: 1, complete: true });
  const bars = barsOf(ablation, place, 3, "unit");
  assert.equal(barWords(whole, bars[1]), "Unit 1: 51.0\u00a0% right without it, 48.0 points less than with every unit");
  assert.equal(barWords(whole, bars[0]), "Unit 0: 99.0\u00a0% right without it, no difference");
  const said = "Parity, score on 256 fresh sequences: 99.0\u00a0% right with every unit, 50.0\u00a0% by chance. Unit 1 is missed most: 51.0\u00a0% without it.";
  assert.equal(saidOf(ablation, false, task, bars), said);
  const held = { op: "ablate", unit: 7 };
  const edited = (...edits) => saidOf({ ...ablation, document: { edits } }, false, task, bars);
  assert.equal(edited(held), said.replace("with every unit", "with your edits"));
  for (const without of [{ ...held, off: true }, { op: "clamp", quantity: "z", unit: 1, value: 0, t: 3 }]) assert.equal(edited(without), said);
  assert.match(saidOf(ablation, true, task, bars), /The network has changed since then\./);
  assert.match(saidOf(null, false, task, bars), /fresh sequences of its task: Parity/);
  assert.match(saidOf({ ...ablation, fault: "network must be small" }, false, task, bars), /Could not be measured: network must be small\./);
  assert.match(saidOf({ ...ablation, status: "stopped", measured: 2 }, false, task, bars), /Stopped after 2 of 3 units\./);
});

test("another input is the same network, and an edit or its undo is not", () => {
  const edit = { op: "zero", array: "W_z" };
  assert.equal(changesNetwork(letters("ab"), letters("ba")), false);
  assert.equal(changesNetwork(letters("ab"), letters("ab", [edit])), true);
  assert.equal(changesNetwork(letters("ab", [edit]), letters("ba")), true);
});

test("a measurement goes from asked to done, and keeps what came before it was stopped", () => {
  assert.equal(told().status, "running");
  assert.deepEqual(told(whole, scores(0.9), { type: "ended", id: 1, complete: false }), { ...told(whole, scores(0.9)), status: "stopped" });
  assert.equal(told(whole, scores(0.9, 0.8)).measured, 2);
  assert.deepEqual(reduceAblation({ ablation: null }, { type: "units said", message: whole }), {});
});
