// In which frames views are drawn, with a browser whose frames the test draws by hand.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createScheduler } from "../../../static/js/state/scheduler.js";

/** A scheduler of two views that draw one number; `drawn` lists what they have drawn. */
function page(t) {
  /** @type {(() => void)[]} */
  let frames = [];
  globalThis.requestAnimationFrame = (callback) => frames.push(callback);
  globalThis.cancelAnimationFrame = () => {};
  t.after(() => {
    delete globalThis.requestAnimationFrame;
    delete globalThis.cancelAnimationFrame;
  });
  const state = { value: 0, awaits: false };
  const drawn = [];
  const view = (name) => ({ root: null, inputs: () => ({ value: state.value }), render: ({ value }) => drawn.push(`${name} ${value}`) });
  const scheduler = createScheduler({
    look: () => ({ seen: null, state }),
    first: [view("plots")],
    rest: [view("number")],
    tick: () => false,
    wait: () => state.awaits,
    drawn() {},
    signal: new AbortController().signal,
  });
  return {
    state,
    scheduler,
    /** Draw a frame, and return what was drawn since the last one. */
    frame() {
      const due = frames;
      frames = [];
      for (const callback of due) callback();
      return drawn.splice(0);
    },
    change(value) {
      state.value = value;
      scheduler.invalidate();
    },
  };
}

test("a change is drawn whole in the next frame", (t) => {
  const { frame, change } = page(t);
  change(1);
  assert.deepEqual(frame(), ["plots 1", "number 1"]);
  assert.deepEqual(frame(), []);
});

test("hastened values are drawn at once and have a frame to themselves", (t) => {
  const { frame, change, scheduler } = page(t);
  change(1);
  scheduler.hasten();
  assert.deepEqual(frame(), ["plots 1"]);
  assert.deepEqual(frame(), ["number 1"]);
});

test("values that arrive later in a hastened frame are drawn in it too", (t) => {
  const { frame, change, scheduler } = page(t);
  change(1);
  scheduler.hasten();
  change(2);
  scheduler.hasten();
  assert.deepEqual(frame(), ["plots 1", "plots 2"]);
  assert.deepEqual(frame(), ["number 2"]);
});

test("the other views wait while more of a run is about to arrive", (t) => {
  const { state, frame, change, scheduler } = page(t);
  state.awaits = true;
  change(1);
  scheduler.hasten();
  assert.deepEqual(frame(), ["plots 1"]);
  assert.deepEqual(frame(), []);
  state.awaits = false;
  change(2);
  scheduler.hasten();
  assert.deepEqual(frame(), ["plots 2"]);
  assert.deepEqual(frame(), ["number 2"]);
});

test("the other views are put off for three frames at most, however often values arrive", (t) => {
  const { frame, change, scheduler } = page(t);
  const drawn = [1, 2, 3, 4].map((value) => {
    change(value);
    scheduler.hasten();
    return frame();
  });
  assert.deepEqual(drawn, [["plots 1"], ["plots 2"], ["plots 3"], ["plots 4", "number 4"]]);
});
