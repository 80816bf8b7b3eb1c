/**
 * Number input as bars. A click, a tap or a key selects a step without changing it; a drag draws. A value can also be typed into the field, which
 * opens on Enter, a double-click or the first digit.
 */

import { channelValues } from "../../state/actions.js";
import { fillNumber, put } from "../../lib/dom.js";
import { parseNumber, short } from "../../lib/format.js";
import { fromOwn, toOwn, unitAfter } from "../../model/card/card.js";
import { barRange } from "./strip.js";
import { stepAt } from "../../model/timeline.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {Channel, Input, NumbersInput, State} from "../../types.d.ts" */

/** A press that moves less than this, in px, is a click, because a hand is rarely quite still. */
const DRAG_START_PX = 6;
/** Nudges move a value by these fractions of the bars' range. */
const NUDGE = 0.02;
const LARGE_NUDGE = 0.2;

/** @typedef {{t: number, value: number}} Point */
/** @typedef {{low: number, high: number}} Range */
/**
 * A press on the bars. `last` is the last point drawn, null until the pointer has moved far enough to draw.
 * @typedef {{pointer: number, x: number, y: number, from: Point, range: Range, last: Point | null, gesture: string}} Press
 */
/** @typedef {{input: Input, t: number, channel: number, own: Channel | undefined}} Inputs the visible value, and its units */

/**
 * The values on the straight line between two points, both ends included.
 * @param {Point} from
 * @param {Point} to
 * @returns {Point[]} in order of t
 */
export function between(from, to) {
  const [first, last] = from.t <= to.t ? [from, to] : [to, from];
  const span = last.t - first.t;
  if (span === 0) return [to];
  return Array.from({ length: span + 1 }, (_, i) => ({
    t: first.t + i,
    value: round(first.value + ((last.value - first.value) * i) / span),
  }));
}

/**
 * @param {Page} page
 * @returns {View<Inputs>}
 */
export function createBarsInput({ store, actions, byId, timeline }) {
  const strip = byId("strip");
  const bars = byId("bars");
  const field = byId("value", HTMLInputElement);
  const label = byId("value-label");
  /** @type {Press | null} */
  let press = null;
  let presses = 0;

  /** @returns {NumbersInput | null} */
  function numbers() {
    const { input } = store.get().document;
    return input.kind === "numbers" ? input : null;
  }

  /**
   * @param {Point[]} points at adjacent steps, in order of t
   * @param {string | null} gesture
   * @returns {boolean} false if the change is refused
   */
  function write(points, gesture) {
    const input = numbers();
    if (input === null) return false;
    const { channel } = store.get();
    const rows = points.map(({ t, value }) => input.values[t].map((old, i) => (i === channel ? value : old)));
    return actions.splice(points[0].t, rows.length, rows, gesture);
  }

  /**
   * @param {PointerEvent} event
   * @param {Range} range
   * @returns {Point}
   */
  function pointAt(event, { low, high }) {
    const box = strip.getBoundingClientRect();
    const { document: doc, zoom } = store.get();
    const steps = doc.input.kind === "numbers" ? doc.input.values.length : 1;
    const part = Math.max(0, Math.min(1, (event.clientY - box.top - 1) / (box.height - 2)));
    return { t: stepAt(timeline(box.width, steps, zoom), event.clientX - box.left), value: round(high - part * (high - low)) };
  }

  bars.addEventListener("pointerdown", (event) => {
    const input = numbers();
    if (input === null || event.button !== 0 || !event.isPrimary) return;
    bars.setPointerCapture(event.pointerId);
    const range = barRange(channelValues(input, store.get().channel));
    const from = pointAt(event, range);
    presses += 1;
    press = { pointer: event.pointerId, x: event.clientX, y: event.clientY, from, range, last: null, gesture: `draw ${presses}` };
    // A finger selects only when it is lifted, because until then it may scroll the page.
    if (event.pointerType !== "touch") actions.select({ t: from.t });
  });
  bars.addEventListener("pointermove", (event) => {
    if (press === null || event.pointerId !== press.pointer) return;
    if (press.last === null) {
      if (!draws(event, press)) return;
      press.last = press.from;
      actions.show({ barRange: press.range });
    }
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length > 0 ? events : [event]) {
      const point = pointAt(each, press.range);
      write(between(press.last, point), press.gesture);
      press.last = point;
    }
    actions.select({ t: press.last.t });
  });
  bars.addEventListener("pointerup", ({ pointerId }) => {
    if (press === null || pointerId !== press.pointer) return;
    if (press.last === null) actions.select({ t: press.from.t });
    release();
  });
  bars.addEventListener("pointercancel", ({ pointerId }) => press?.pointer === pointerId && release());

  function release() {
    press = null;
    actions.show({ barRange: null });
  }

  bars.addEventListener("dblclick", () => field.focus());
  bars.addEventListener("keydown", (event) => {
    const input = numbers();
    if (input === null || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      event.preventDefault();
      nudge(input, event.key === "ArrowUp" ? 1 : -1, event.shiftKey);
    } else if (event.key === "Enter") {
      event.preventDefault();
      field.focus();
    } else if (/^[\d.,+-]$/.test(event.key)) {
      // The browser then types the character into the field, because that now has the focus, and replaces its selected text.
      field.focus();
      event.stopPropagation();
    }
  });

  /**
   * @param {NumbersInput} input
   * @param {1 | -1} direction
   * @param {boolean} large
   */
  function nudge(input, direction, large) {
    const { selection, channel } = store.get();
    const { high } = barRange(channelValues(input, channel));
    const value = round(input.values[selection.t][channel] + direction * high * (large ? LARGE_NUDGE : NUDGE));
    write([{ t: selection.t, value }], `nudge ${selection.t} ${channel}`);
  }

  field.addEventListener("input", () => {
    const { selection, channel, network } = store.get();
    const value = fromOwn(network.card.channels?.[channel], parseNumber(field.value));
    field.setAttribute("aria-invalid", String(Number.isNaN(value)));
    if (!Number.isNaN(value) && !write([{ t: selection.t, value }], `value ${selection.t} ${channel}`)) restore();
  });
  // What is typed replaces the value. Render first: a later render would undo the selection of the text.
  field.addEventListener("focus", () => {
    restore();
    field.select();
  });
  field.addEventListener("blur", restore);
  field.addEventListener("change", () => {
    if (Number.isNaN(parseNumber(field.value))) {
      actions.notify({ kind: "error", text: `x: expected a finite number, got “${field.value}”.` });
    }
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    bars.focus();
  });

  /** Replace rejected text with the document's value. */
  function restore() {
    render(inputsOf(store.get()));
  }

  /** @param {Inputs} inputs */
  function render({ input, t, channel, own }) {
    const on = input.kind === "numbers";
    put(bars, "hidden", !on);
    put(byId("value-field"), "hidden", !on);
    if (!on) return;
    const value = toOwn(own, input.values[t]?.[channel] ?? 0);
    const name = own?.name || "x";
    put(label, "textContent", `x at ${t + 1}`);
    put(label, "title", `${name}${own?.unit ? ` in ${own.unit}` : ""}`);
    bars.setAttribute("aria-valuenow", String(value));
    bars.setAttribute("aria-valuetext", `${name} at t = ${t + 1}: ${short(value)}${unitAfter(own)}`);
    fillNumber(field, short(value, 12).replace("−", "-"));
    if (document.activeElement !== field) field.removeAttribute("aria-invalid");
  }

  return { root: bars, inputs: (_, state) => inputsOf(state), render };
}

/**
 * @param {State} state
 * @returns {Inputs}
 */
function inputsOf({ document: { input }, selection: { t }, channel, network }) {
  return { input, t, channel, own: network.card.channels?.[channel] };
}

/**
 * Whether a pointer has moved far enough to draw. A finger must move along the bars, because one that moves up or down is about to scroll the page.
 * @param {PointerEvent} event
 * @param {Press} press
 */
function draws({ pointerType, clientX, clientY }, { x, y }) {
  const [along, across] = [Math.abs(clientX - x), Math.abs(clientY - y)];
  return pointerType === "touch" ? along >= DRAG_START_PX && along > across : Math.hypot(along, across) >= DRAG_START_PX;
}

/** @param {number} value */
function round(value) {
  return Number(value.toPrecision(4));
}
