/** Steps through time with buttons, a scrubber, and playback at a chosen speed. */

import { put } from "../../lib/dom.js";
import { lastStep } from "../../model/seq2seq/clock.js";
import { equationOf } from "../../model/cell/equations.js";
import { allow } from "../../lib/controls/focus-restore.js";
import { neighbour } from "../cell/stages.js";
import { hue, symbol } from "../../model/cell/symbols.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {Size} from "../../lib/size.js" */
/** @import {Seen, State} from "../../types.d.ts" */

/** px to leave between the panel and the focused element */
const FOOT = 8;

/** @typedef {ReturnType<typeof createTransport>} Transport */
/**
 * @typedef {Pick<Seen, "document" | "held" | "selection" | "stage" | "model" | "playing" | "marked" | "pinned" | "preview" | "network" | "answer"> & {size: Size}} Inputs
 */

/**
 * @param {Page} page
 * @param {ReturnType<typeof import("../cell/stages.js").createStages>} stages
 */
export function createTransport(page, stages) {
  const { root, store, actions, byId, sizeOf } = page;
  const scrub = byId("scrub", HTMLInputElement);
  const play = byId("play", HTMLButtonElement);
  const clock = byId("clock");
  const unmark = byId("unmark");
  const name = byId("marked-name");
  const speed = byId("speed", HTMLSelectElement);
  const panel = /** @type {HTMLElement} */ (scrub.closest("section"));
  let due = 0;

  const steps = () => lastOf(store.get()) + 1;
  const go = (/** @type {number} */ t) => {
    actions.show({ playing: false });
    actions.select({ t });
  };
  const isLast = (/** @type {State} */ state) =>
    state.stage === null ? state.selection.t >= steps() - 1 : neighbour(state, 1) === null;
  const moves = {
    first: () => go(0),
    previous: () => go(store.get().selection.t - 1),
    next: () => go(store.get().selection.t + 1),
    last: () => go(steps() - 1),
    play() {
      const { playing, stage } = store.get();
      if (!playing && isLast(store.get())) {
        actions.select({ t: 0 });
        if (stage !== null) actions.stage(0);
      }
      due = performance.now() + 1000 / store.get().speed;
      if (!playing) actions.point(null);
      actions.show({ playing: !playing });
    },
  };
  for (const name of /** @type {(keyof typeof moves)[]} */ (Object.keys(moves))) {
    byId(name).addEventListener("click", moves[name]);
  }
  unmark.addEventListener("click", actions.unmark);
  scrub.addEventListener("input", () => {
    const { stage } = store.get();
    const parts = partsOf(store.get());
    const place = Number(scrub.value) - 1;
    go(Math.floor(place / parts));
    if (stage !== null) actions.stage(place % parts);
  });
  speed.addEventListener("change", () => actions.show({ speed: Number(speed.value) }));

  /**
   * Move on if the page is playing and a step is due.
   * @returns {boolean} whether another frame is wanted
   */
  function tick() {
    const { playing, selection, stage, speed: rate } = store.get();
    if (!playing) return false;
    const now = performance.now();
    if (now >= due) {
      due = Math.max(due + 1000 / rate, now);
      if (isLast(store.get())) actions.show({ playing: false });
      else if (stage === null) actions.select({ t: selection.t + 1 });
      else stages.move(1);
    }
    return true;
  }

  /** @param {Inputs} state */
  function render(state) {
    // If the panel sticks to the foot of the page, it must not cover the focused element.
    const foot = `${state.size.height + FOOT}px`;
    const { style } = root;
    if (style.getPropertyValue("--foot") !== foot) style.setProperty("--foot", foot);
    const count = lastOf(state) + 1;
    const { t } = state.held;
    const parts = partsOf(state);
    put(scrub, "max", String(count * parts));
    put(scrub, "value", String(t * parts + (state.stage ?? 0) + 1));
    put(scrub, "ariaValueText", `t = ${t + 1} of ${count}${stageName(state)}`);
    put(clock, "textContent", `t = ${state.selection.t + 1} / ${count}`);
    clock.classList.toggle("preview", state.selection.t !== t);
    showMark(state);
    for (const name of ["first", "previous"]) allow(byId(name), t > 0);
    for (const name of ["next", "last"]) allow(byId(name), t < count - 1);
    const label = state.playing ? "Pause" : "Play";
    if (play.getAttribute("aria-label") === label) return;
    play.setAttribute("aria-label", label);
    play.querySelector("use")?.setAttribute("href", state.playing ? "#icon-pause" : "#icon-play");
  }

  /**
   * Show the marked value, with a button that unmarks it.
   * @param {Inputs} state
   */
  function showMark({ marked, pinned, preview, selection: { quantity, unit } }) {
    unmark.classList.toggle("absent", !marked);
    unmark.classList.toggle("preview", preview?.marks ?? false);
    allow(unmark, pinned);
    const text = `${symbol(quantity)}[${unit}]`;
    put(name, "textContent", text);
    put(name, "className", `q ${hue(quantity)}`);
    unmark.setAttribute("aria-label", `${text} is marked: mark nothing`);
  }

  /** @type {View<Inputs>} */
  const view = {
    root: panel,
    inputs: ({ document, network, answer, held, selection, stage, model, playing, marked, pinned, preview }) =>
      ({ document, network, answer, held, selection, stage, model, playing, marked, pinned, preview, size: sizeOf(panel) }),
    render,
  };
  return { view, moves: { ...moves, ...stages.moves }, tick };
}

/** @param {Pick<State, "document" | "network" | "answer">} state */
function lastOf({ document, network, answer }) {
  return lastStep(document, network.parts, answer);
}

/**
 * The scrubber's positions in a timestep: one, or one per sub-step if a sub-step is on show.
 * @param {Pick<State, "stage" | "model">} state
 */
function partsOf({ stage, model }) {
  return stage === null ? 1 : model?.stages.length ?? 1;
}

/** @param {Pick<State, "stage" | "model">} state */
function stageName({ stage, model }) {
  const values = stage === null ? [] : model?.stages[stage] ?? [];
  return values.map((value) => `, ${equationOf(model, value)?.title ?? value}`).join("");
}
