/** Drawing numbers: bars under the pointer, values by keyboard or field, columns from CSV. */

import { channelValues } from "../../state/actions.js";
import { parseCsv } from "../../lib/csv.js";
import { fillNumber, put } from "../../lib/dom.js";
import { parseNumber, short } from "../../lib/format.js";
import { barRange } from "./strip.js";
import { stepAt } from "../../model/timeline.js";

/** @import {Page} from "../../state/page.d.ts" */
/** @import {NumbersInput, State} from "../../types.d.ts" */

/** Columns of a CSV that are offered one by one. */
const MOST_COLUMNS = 6;

/** @typedef {{t: number, value: number}} Point */

/**
 * Values on the straight line from one point to another, ends included.
 * @param {Point} from
 * @param {Point} to
 * @returns {Point[]} by growing t
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
 */
export function createBarsInput(page) {
  const { root, store, actions, byId, timeline } = page;
  const strip = byId("strip");
  const bars = byId("bars");
  const field = byId("value", HTMLInputElement);
  const label = byId("value-label");
  const panel = /** @type {HTMLElement} */ (strip.closest(".input"));
  /** @type {{range: {low: number, high: number}, last: Point, gesture: string} | null} */
  let drag = null;
  let drags = 0;

  /** @returns {NumbersInput | null} */
  function numbers() {
    const { input } = store.get().document;
    return input.kind === "numbers" ? input : null;
  }

  /**
   * @param {Point[]} points neighbours, by growing t
   * @param {string | null} gesture
   */
  function write(points, gesture) {
    const input = numbers();
    if (input === null) return;
    const { channel } = store.get();
    const rows = points.map(({ t, value }) => input.values[t].map((old, i) => (i === channel ? value : old)));
    actions.splice(points[0].t, rows.length, rows, gesture);
  }

  /**
   * @param {PointerEvent} event
   * @param {{low: number, high: number}} range
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
    if (input === null || event.button !== 0) return;
    bars.setPointerCapture(event.pointerId);
    const range = barRange(channelValues(input, store.get().channel));
    drags += 1;
    drag = { range, last: pointAt(event, range), gesture: `draw ${drags}` };
    actions.show({ barRange: range });
    write([drag.last], drag.gesture);
    actions.select({ t: drag.last.t });
  });
  bars.addEventListener("pointermove", (event) => {
    if (drag === null) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length > 0 ? events : [event]) {
      const point = pointAt(each, drag.range);
      write(between(drag.last, point), drag.gesture);
      drag.last = point;
    }
    actions.select({ t: drag.last.t });
  });
  for (const end of ["pointerup", "pointercancel"]) {
    bars.addEventListener(end, () => {
      drag = null;
      actions.show({ barRange: null });
    });
  }

  bars.addEventListener("keydown", (event) => {
    const input = numbers();
    if (input === null || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    const { selection, channel } = store.get();
    const { high } = barRange(channelValues(input, channel));
    const step = (event.key === "ArrowUp" ? 1 : -1) * high * (event.shiftKey ? 0.2 : 0.02);
    const value = round(input.values[selection.t][channel] + step);
    write([{ t: selection.t, value }], `nudge ${selection.t} ${channel}`);
  });

  field.addEventListener("input", () => {
    const value = parseNumber(field.value);
    field.setAttribute("aria-invalid", String(Number.isNaN(value)));
    const { selection, channel } = store.get();
    if (!Number.isNaN(value)) write([{ t: selection.t, value }], `value ${selection.t} ${channel}`);
  });
  field.addEventListener("change", () => {
    if (Number.isNaN(parseNumber(field.value))) {
      actions.notify({ kind: "error", text: `x: expected a finite number, got “${field.value}”.` });
    }
  });

  /** @param {string} text */
  function takeCsv(text) {
    try {
      takeRows(parseCsv(text));
    } catch (error) {
      actions.notify({ kind: "error", text: /** @type {Error} */ (error).message });
    }
  }

  /** @param {number[][]} rows */
  function takeRows(rows) {
    const { network, document: doc, channel } = store.get();
    const input = numbers();
    if (input === null) return;
    const width = rows[0].length;
    if (width === network.inputSize) actions.replaceInput({ kind: "numbers", values: rows });
    else if (width === 1) actions.replaceInput({ kind: "numbers", values: intoChannel(input, rows, channel, network.inputSize) });
    else refuseWidth(rows, network.inputSize, doc.network);
  }

  /**
   * @param {number[][]} rows
   * @param {number} expected
   * @param {import("../../types.d.ts").NetworkSpec} network
   */
  function refuseWidth(rows, expected, network) {
    const width = rows[0].length;
    const text = `The CSV has ${width} columns; this network takes ${expected}${expected > 1 ? ", or one for the chosen channel" : ""}. Take`;
    const columns = Array.from({ length: Math.min(width, MOST_COLUMNS) }, (_, i) => ({
      label: `column ${i + 1}`,
      run: () => takeRows(rows.map((row) => [row[i]])),
    }));
    const all = network.kind === "random" && network.alphabet == null ? [{
      label: `all ${width}, into a random GRU with ${width} channels`,
      run: () => actions.replaceNetwork({ ...network, input_size: width }, { kind: "numbers", values: rows }),
    }] : [];
    actions.notify({ kind: "error", text, actions: [...columns, ...all] });
  }

  root.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain");
    const target = /** @type {Element} */ (event.target);
    if (numbers() === null || !text || target.closest("input, textarea, select")) return;
    event.preventDefault();
    takeCsv(text);
  });
  const file = byId("csv", HTMLInputElement);
  file.addEventListener("change", async () => {
    const chosen = file.files?.[0];
    if (chosen) takeCsv(await chosen.text());
    file.value = "";
  });
  // Everywhere, as a browser leaves the page for a file that is dropped beside its mark.
  root.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    panel.classList.toggle("dropping", numbers() !== null);
  });
  root.addEventListener("dragleave", () => panel.classList.remove("dropping"));
  root.addEventListener("drop", async (event) => {
    panel.classList.remove("dropping");
    const dropped = event.dataTransfer?.files[0];
    if (!dropped) return;
    event.preventDefault();
    if (numbers() !== null) takeCsv(await dropped.text());
    else actions.notify({ kind: "error", text: "A CSV file goes into number input; choose Numbers first." });
  });

  /** @param {State} state */
  function render(state) {
    const { input } = state.document;
    const on = input.kind === "numbers";
    put(bars, "hidden", !on);
    put(byId("value-field"), "hidden", !on);
    put(byId("csv-button"), "hidden", !on);
    if (!on) return;
    const { t } = state.selection;
    put(label, "textContent", `x at ${t + 1}`);
    bars.setAttribute("aria-valuenow", String(input.values[t]?.[state.channel] ?? 0));
    bars.setAttribute("aria-valuetext", `x at t = ${t + 1}: ${short(input.values[t]?.[state.channel] ?? 0)}`);
    fillNumber(field, short(input.values[t]?.[state.channel] ?? 0, 12).replace("−", "-"));
    if (document.activeElement !== field) field.removeAttribute("aria-invalid");
  }

  return { render };
}

/**
 * @param {NumbersInput} input
 * @param {number[][]} rows of one value
 * @param {number} channel
 * @param {number} channels
 */
function intoChannel(input, rows, channel, channels) {
  return rows.map(([value], t) => {
    const row = input.values[t] ?? new Array(channels).fill(0);
    return row.map((old, i) => (i === channel ? value : old));
  });
}

/** @param {number} value */
function round(value) {
  return Number(value.toPrecision(4));
}
