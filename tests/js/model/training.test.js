// What the page knows of a training, and which snapshot it shows.

import assert from "node:assert/strict";
import { test } from "node:test";

import { lossCurve, scoreCurve, valueAt } from "../../../static/js/model/training/curves.js";
import { faultOf, fieldOf, specFor } from "../../../static/js/model/training/form.js";
import { originOf } from "../../../static/js/model/training/shown.js";
import { NO_TRAINING, asked, told } from "../../../static/js/model/training/training.js";
import { duration, scoreWords, stateWords } from "../../../static/js/model/training/words.js";
import { historyOf, moved, presentOf } from "../../../static/js/model/history.js";
import { reduceTraining } from "../../../static/js/state/reducers/training.js";

const PARTS = { vocabulary: null, layers: [{}], readout: null, decoder: null };
const OWN = { network: { kind: "file", cell: "gru", alphabet: "01", digest: "first" }, edits: [], input: { kind: "text", text: "0110" } };
const READY = {
  type: "ready", training: { task: { name: "parity" }, steps: 100 }, title: "Parity, GRU", metric: { name: "accuracy", chance: 0.5, solved: 0.99, rises: true },
  network: PARTS, card: { classes: ["even", "odd"] }, document: OWN, look: { quantity: "h", t: 0, unit: 1 },
};
const ELSEWHERE = { network: { kind: "example", name: "latch" }, edits: [], input: { kind: "text", text: "..a" } };
const EDIT = { op: "set", array: "b_z", row: 0, value: 2 };
const HOLD = { op: "clamp", quantity: "z", unit: 0, value: 0.5 };

const status = (word, more = {}) => ({ type: "status", id: "mine", status: word, place: 0, step: 0, note: "", ...more });
const snapshot = (step, dropped = []) => ({ type: "snapshot", step, digest: `after ${step}`, loss: 1 / (step + 1), metric: null, dropped });
const point = (step, metric = null) => ({ step, loss: 1 / step, norm: 0.1, metric });

/** A page's state, and a function that reduces messages of the server. */
function page(document = ELSEWHERE) {
  let state = { document, history: historyOf(document), selection: { layer: 0, direction: "forward", t: 2, unit: 0, quantity: "z" }, training: asked(NO_TRAINING, READY.training) };
  const reduce = (action) => {
    state = { ...state, ...reduceTraining(state, action) };
    return state;
  };
  const tell = (...messages) => reduce({ type: "training told", messages });
  const put = (changed) => {
    state = { ...state, document: changed, history: { documents: [...state.history.documents, changed], at: state.history.at + 1, gesture: null } };
  };
  return { get: () => state, reduce, tell, put };
}

test("the page follows the snapshots, and all of them are one step to undo", () => {
  const { get, tell } = page();
  tell(status("starting"), READY, snapshot(0));
  tell(snapshot(1), snapshot(2));
  const { document, history, selection } = get();
  assert.equal(document.network.digest, "after 2");
  assert.equal(document.input.text, "0110");
  assert.deepEqual([selection.quantity, selection.unit, selection.t], ["h", 1, 0]);
  assert.equal(presentOf(moved(history, -1)), ELSEWHERE);
});

test("a page that shows another network, or an edit, is left alone", () => {
  const left = page();
  left.tell(status("running"), READY, snapshot(0));
  left.put(ELSEWHERE);
  assert.equal(left.tell(snapshot(1)).document, ELSEWHERE);
  assert.equal(left.get().training.following, false);

  const edited = page();
  edited.tell(status("running"), READY, snapshot(0));
  edited.put({ ...edited.get().document, edits: [EDIT] });
  assert.equal(edited.tell(snapshot(1)).document.network.digest, "after 0");
});

test("a hold and the reader's input stay while the weights change; edits of weights do not", () => {
  const { get, reduce, tell, put } = page();
  tell(status("running"), READY, snapshot(0));
  put({ ...get().document, edits: [HOLD], input: { kind: "text", text: "11" } });
  tell(snapshot(1));
  assert.deepEqual([get().document.network.digest, get().document.edits, get().document.input.text], ["after 1", [HOLD], "11"]);
  put({ ...get().document, edits: [HOLD, EDIT] });
  const shown = reduce({ type: "snapshot shown", digest: "after 0", following: false, playing: false });
  assert.deepEqual([shown.document.network.digest, shown.document.edits], ["after 0", [HOLD]]);
});

test("the training goes on from the snapshot on show with its weights' edits", () => {
  const { get, tell, put } = page();
  tell(status("paused"), READY, snapshot(0), snapshot(1));
  put({ ...get().document, edits: [EDIT, HOLD, { ...EDIT, off: true }] });
  assert.deepEqual(originOf(get().training, get().document), { digest: "after 1", edits: [EDIT] });
  assert.equal(originOf(get().training, ELSEWHERE), null);
});

test("resuming with edits shows the training again", () => {
  const { get, reduce, tell, put } = page();
  tell(status("paused"), READY, snapshot(0), snapshot(1));
  put({ ...get().document, edits: [EDIT] });
  reduce({ type: "training set", settings: { following: true, due: true } });
  tell(status("running"), snapshot(2));
  assert.deepEqual([get().document.network.digest, get().document.edits], ["after 2", []]);
  assert.deepEqual(presentOf(moved(get().history, -1)).edits, [EDIT]);
});

test("dropped and rewound snapshots are gone, and what is told again is not doubled", () => {
  const messages = [status("running"), READY, ...[0, 1, 2, 3].map((step) => snapshot(step)), snapshot(4, [1, 3]), { type: "progress", step: 4, seconds: 1, left: 9, points: [point(2), point(4)] }];
  const whole = messages.reduce(told, asked(NO_TRAINING, READY.training));
  const steps = ({ snapshots }) => snapshots.map(({ step }) => step);
  assert.deepEqual(steps(whole), [0, 2, 4]);
  assert.equal(whole.digests["after 3"], true);
  const back = told(whole, { type: "rewound", step: 2 });
  assert.deepEqual([steps(back), back.points.map(({ step }) => step), back.step], [[0, 2], [2], 2]);
  const again = [status("running"), READY, snapshot(0), snapshot(2)].reduce(told, whole);
  assert.deepEqual([steps(again), again.points], [[0, 2], []]);
});

test("a reloaded page finds its training without losing what it shows", () => {
  const own = { ...OWN, network: { ...OWN.network, digest: "after 1" } };
  const network = { parts: { vocabulary: null, layers: [{ input_size: 2, hidden_size: 4, directions: ["forward"], before: [] }], readout: null, decoder: null }, alphabet: "01" };
  let state = { document: own, history: historyOf(own), selection: {}, network, training: NO_TRAINING };
  state = { ...state, ...reduceTraining(state, { type: "training told", messages: [status("paused"), READY, snapshot(0), snapshot(1), snapshot(2)] }) };
  assert.equal(state.document, own);
  assert.equal(state.training.snapshots.length, 3);
  assert.deepEqual(state.network.card.classes, ["even", "odd"]);
});

test("a fault of the form belongs to its field, and the training before stays", () => {
  const before = [status("running"), READY, snapshot(0)].reduce(told, asked(NO_TRAINING, READY.training));
  const refused = told(asked(before, READY.training), { type: "error", code: "range", field: "training.batch", message: "too large" });
  assert.equal(fieldOf(refused.fault), "batch");
  assert.equal(refused.snapshots.length, 1);
  const limits = { hidden_size: 64, layers: 4, batch: 128, steps: 1000, setting: 100, rate: 1 };
  const spec = specFor({ name: "copy", settings: { length: 40, kinds: 4 }, recipe: { steps: 500 } });
  assert.equal(faultOf(spec, limits), null);
  for (const [field, changed] of Object.entries({
    hidden_size: { hidden_size: 65 }, layers: { layers: 0 }, rate: { rate: 0 }, batch: { batch: 1.5 }, steps: { steps: NaN }, seed: { seed: -1 },
    "task.settings.kinds": { task: { name: "copy", settings: { kinds: 101 } } },
  })) assert.equal(faultOf({ ...spec, ...changed }, limits)?.field, field);
});

test("curves have the scores that were measured, chance, and the value at a step", () => {
  const training = { ready: READY, points: [point(1), point(2, 0.6), point(4, 0.9)] };
  const scores = scoreCurve(training);
  assert.deepEqual(scores.points, [{ step: 2, value: 0.6 }, { step: 4, value: 0.9 }]);
  assert.deepEqual([scores.low, scores.high, scores.lines], [0, 1, [{ value: 0.5, name: "chance" }]]);
  assert.deepEqual([valueAt(scores, 1), valueAt(scores, 3), valueAt(scores, 9)], [null, 0.6, 0.9]);
  assert.equal(lossCurve(training).high, 1);
});

test("words", () => {
  assert.deepEqual([3.4, 75, 3700].map(duration), ["3 s", "1 min 15 s", "1 h 1 min"]);
  assert.equal(stateWords({ ...NO_TRAINING, status: "waiting", place: 3 }), "waits for a free place: 2 before it");
  assert.deepEqual([scoreWords(0.991, READY.metric), scoreWords(0.01234, { ...READY.metric, name: "error" }), scoreWords(null, READY.metric)], ["99.1 %", "0.0123", "–"]);
});
