/** A diagram of the cell's computation at the selected step. It is built for each model and size; then only changes are applied. */

import { isNarrow } from "../../../lib/breakpoints.js";
import { fitCanvas } from "../../../lib/canvas.js";
import { put } from "../../../lib/dom.js";
import { fixed, visible } from "../../../lib/format.js";
import { equationOf } from "../../../model/cell/equations.js";
import { sameRef } from "../../../model/cell/references.js";
import { stepBefore } from "../../../model/trace.js";
import { createHolds } from "./holds.js";
import { layOut, NARROWEST } from "./layout.js";
import { buildPicture } from "./picture.js";
import { noteHeight, noteOn } from "./note.js";
import { planOf } from "./plan.js";
import { FULL, RADIUS, Sheet } from "./sheet.js";
import { createScales, opening, vectorOf } from "./source.js";
import { drawStrip, unitsShown } from "./strips.js";
import { set } from "./svg.js";

/** @import {Size} from "../../../lib/size.js" */
/** @import {Page, View} from "../../../state/page.d.ts" */
/** @import {Model, PageTrace, Seen, Selection, StepFrame} from "../../../types.d.ts" */
/** @import {Picture} from "./picture.js" */
/** @import {Strip} from "./sheet.js" */

/** How long to wait for missing numbers before drawing without them. */
const PATIENCE_MS = 150;
/** The share of a narrow screen's height in the presenter's view. On a wide screen the picture fills the free height. */
const SHARE = 0.28;
const THINNEST = 1;
/** px of the number beside a strip */
const NUMBER = 56;
/** The fastest playback, in sub-steps a second, at which motion is visible. */
const SLOW = 1;

/**
 * `hasty`: whether to draw without numbers that have not arrived in time.
 * @typedef {Pick<Seen, "trace" | "model" | "selection" | "theme" | "stage" | "marked" | "step" | "compare" | "document" | "baseline" | "playing" | "speed"> &
 *   {size: Size, scale: number, hasty: boolean}} Inputs
 */

/**
 * @param {Page} page
 * @returns {View<Inputs>}
 */
export function createDiagram(page) {
  const { actions, byId, after, cancel, sizeOf, typeScale, invalidate } = page;
  const root = byId("diagram");
  const frame = /** @type {HTMLElement} */ (root.querySelector(".diagram-sheet"));
  const canvas = byId("diagram-strips", HTMLCanvasElement);
  const layers = {
    wires: /** @type {SVGElement} */ (root.querySelector(".diagram-wires g")),
    marks: /** @type {SVGElement} */ (root.querySelector(".diagram-marks")),
    labels: /** @type {HTMLElement} */ (root.querySelector(".diagram-labels")),
  };
  const note = /** @type {HTMLElement} */ (root.querySelector(".diagram-note"));
  const scales = createScales();
  const holds = createHolds(layers.marks);
  /** @type {Inputs | null} */
  let latest = null;
  /** @type {[Model | null, number, number, number]} */
  let built = [null, 0, 0, 0];
  let enlarged = 1;
  let sheet = new Sheet(0, 0);
  /** @type {Picture} */
  let picture = { strips: [], pipes: [], valves: [], numbers: [], parts: [] };
  /** the timer of the wait, 0 if there is none */
  let timer = 0;
  let impatient = false;
  let focus = "";
  let flowing = "";

  listen();

  /** @param {Inputs} inputs */
  function render(inputs) {
    latest = inputs;
    const { trace, model, stage, size: { width, height }, scale } = inputs;
    root.classList.toggle("empty", trace === null);
    if (model === null || trace === null || width === 0) return;
    const whole = wholeStep(inputs);
    if (whole !== null) stopWaiting();
    else if (model === built[0] && !impatient) return wait();
    const room = scale === 1 ? 0 : isNarrow() ? innerHeight * SHARE : height;
    if (model !== built[0] || width !== built[1] || trace.hidden !== built[2] || room !== built[3]) build(model, trace.hidden, width, room);
    update(inputs, trace, whole);
    holds.render(inputs, trace, picture.strips, (of) => isLater(model, stage, of));
    light(inputs, model);
    flow(inputs);
  }

  /** Keep the previous step's picture for a moment, because the missing numbers usually arrive soon. */
  function wait() {
    if (timer !== 0) return;
    timer = after(() => {
      impatient = true;
      invalidate();
    }, PATIENCE_MS);
  }

  function stopWaiting() {
    cancel(timer);
    timer = 0;
    impatient = false;
  }

  /**
   * @param {Model} model
   * @param {number} hidden
   * @param {number} width
   * @param {number} room px of height to fit; 0 for the natural size
   */
  function build(model, hidden, width, room) {
    if (model !== built[0] || hidden !== built[2]) scales.forget();
    built = [model, width, hidden, room];
    const plan = planOf(model);
    const foot = noteHeight(hidden);
    sheet = layOut(plan, width, foot);
    // Scale the picture to fit the room. Its height does not depend on its width.
    enlarged = room === 0 ? 1 : Math.min(room / sheet.height, width / NARROWEST);
    if (room !== 0) sheet = layOut(plan, width / enlarged, foot);
    frame.style.transform = room === 0 ? "" : `scale(${enlarged})`;
    root.style.height = room === 0 || !isNarrow() ? "" : `${sheet.height * enlarged}px`;
    picture = buildPicture(sheet, layers);
    frame.style.width = `${sheet.width}px`;
    frame.style.height = `${sheet.height}px`;
    focus = "";
  }

  /**
   * @param {Inputs} state
   * @param {PageTrace} trace
   * @param {StepFrame | null} step
   */
  function update(state, trace, step) {
    const { selection: { t, unit }, model, stage, theme } = state;
    const vectors = picture.strips.map(({ strip }) => vectorOf(strip.source, trace, step, t));
    scales.widen(picture.strips.map(({ strip }) => strip), vectors, step);
    const context = fitCanvas(canvas, sheet.width, sheet.height, enlarged);
    /** @type {Map<string, number>} */
    const numbers = new Map();
    picture.strips.forEach(({ strip, mark }, i) => {
      const values = vectors[i];
      const isInput = strip.source.kind === "input";
      context.globalAlpha = model && isLater(model, stage, strip.of) ? 0.15 : 1;
      if (values.length > 0) drawStrip(page, context, values, scales.of(strip, trace), theme, strip.box, unitsShown(values.length, isInput ? hot(values) : unit));
      numbers.set(strip.id, isInput && values.length > 1 ? NaN : values[isInput ? 0 : unit] ?? NaN);
      placeMark(mark, strip, isInput ? null : unit, trace.hidden);
    });
    for (const { operator, band } of picture.valves) {
      const open = operator.gate ? opening(state, operator.gate) : NaN;
      numbers.set(operator.id, open);
      const across = 2 * RADIUS * part(open);
      const [width, height] = operator.upright ? [across, 2 * RADIUS] : [2 * RADIUS, across];
      for (const [name, value] of Object.entries({ x: -width / 2, y: -height / 2, width, height })) set(band, name, rounded(value));
    }
    for (const { pipe, element } of picture.pipes) {
      const size = pipe.gate === null ? 1 : part(opening(state, pipe.gate));
      const beside = (pipe.beside ?? []).map((gate) => part(opening(state, gate)));
      const total = beside.reduce((sum, other) => sum + other, 0);
      const fits = FULL / Math.max(1, total);
      set(element, "stroke-width", rounded(Math.max(THINNEST, size * (pipe.beside ? fits : FULL))));
      if (!pipe.beside) continue;
      const before = pipe.gate && sameRef(pipe.gate, pipe.beside[0]) ? 0 : beside[0];
      set(element, "transform", `translate(0 ${rounded((before + size / 2 - total / 2) * fits)})`);
    }
    for (const { label, number } of picture.numbers) say(number, numbers.get(label.part) ?? NaN, label.part === "x" ? inputSymbol(state) : "");
    put(note, "textContent", noteOn(state, trace));
    root.dataset.t = String(t);
    root.dataset.unit = String(unit);
    root.dataset.run = step === null ? "" : String(step.run);
  }

  /**
   * Highlight the parts of the selected quantity, and fade those that are computed after the sub-step.
   * @param {Inputs} state
   * @param {Model} model
   */
  function light({ marked, selection: { quantity }, stage }, model) {
    const next = `${marked} ${quantity} ${stage}`;
    if (next === focus) return;
    focus = next;
    root.classList.toggle("marked", marked);
    root.classList.toggle("staged", stage !== null);
    for (const element of picture.parts) {
      const { of = "", carries = "" } = /** @type {HTMLElement | SVGElement} */ (element).dataset;
      element.classList.toggle("lit", marked && (of === quantity || carries === quantity));
      element.classList.toggle("later", isLater(model, stage, of));
      element.classList.toggle("now", stage !== null && model.stages[stage]?.includes(of));
    }
  }

  /**
   * Restart the motion along a sub-step's wires. The style sheet delays it, so that the sentence can be read first.
   * @param {Inputs} state
   */
  function flow({ stage, playing, speed, selection: { t } }) {
    const next = stage === null ? "" : `${t} ${stage}`;
    if (next === flowing) return;
    flowing = next;
    root.classList.toggle("flowing", stage !== null && !(playing && speed > SLOW));
    root.classList.toggle("again");
    if (stage !== null && sheet.width > sizeOf(root).width) bringIntoView();
  }

  /** If the picture is wider than its box, scroll the box, never the page, to the sub-step's values. */
  function bringIntoView() {
    const boxes = picture.strips.filter(({ hit }) => hit.classList.contains("now")).map(({ strip }) => strip.box);
    const left = Math.min(...boxes.map((box) => box.left));
    const right = Math.max(...boxes.map((box) => box.left + box.width)) + NUMBER;
    if (boxes.length > 0) root.scrollLeft = (left + right - sizeOf(root).width) / 2;
  }

  /**
   * @param {SVGRectElement} mark
   * @param {Strip} strip
   * @param {number | null} unit
   * @param {number} hidden
   */
  function placeMark(mark, { box }, unit, hidden) {
    set(mark, "visibility", unit === null ? "hidden" : "visible");
    if (unit === null) return;
    const { from, to } = unitsShown(hidden, unit);
    const column = box.width / (to - from);
    const width = Math.max(4, column);
    set(mark, "x", rounded(box.left + (unit - from + 0.5) * column - width / 2));
    set(mark, "width", rounded(width));
  }

  function listen() {
    root.addEventListener("pointermove", (event) => {
      const place = event.pointerType === "touch" ? null : placeAt(event);
      actions.point(place);
    });
    root.addEventListener("pointerleave", () => actions.point(null));
    root.addEventListener("click", (event) => {
      const place = placeAt(event);
      if (place) actions.select(place);
    });
  }

  /**
   * The selection that a part of the picture stands for.
   * @param {MouseEvent} event
   * @returns {Partial<Selection> | null}
   */
  function placeAt(event) {
    const id = /** @type {Element} */ (event.target).closest("[data-part]")?.getAttribute("data-part");
    const of = /** @type {Element} */ (event.target).closest("[data-of]")?.getAttribute("data-of") ?? "";
    if (!latest?.trace || !latest.model) return null;
    const found = picture.strips.find(({ strip }) => strip.id === id);
    if (!found) return equationOf(latest.model, of) ? { quantity: of } : null;
    const { strip: { source, box }, hit } = found;
    if (source.kind === "input") return null;
    const quantity = source.kind === "value" ? source.name : of;
    const before = source.kind === "value" && source.step < 0 ? earlier(latest.trace, latest.selection.t) : {};
    if (event.target !== hit) return { quantity, ...before };
    const { from, to } = unitsShown(latest.trace.hidden, latest.selection.unit);
    const across = (event.clientX - hit.getBoundingClientRect().left) / (box.width * enlarged);
    const unit = from + Math.max(0, Math.min(to - from - 1, Math.floor(across * (to - from))));
    return { quantity, unit, ...before };
  }

  return {
    root,
    inputs(seen) {
      const { trace, model, selection, theme, stage, marked, step, compare, document, baseline, playing, speed } = seen;
      const hasty = impatient && wholeStep(seen) === null;
      return { trace, model, selection, theme, stage, marked, step, compare, document, baseline, playing, speed, hasty, size: sizeOf(root), scale: typeScale() };
    },
    render,
  };
}

/**
 * All vectors of the visible step, or null until they arrive.
 * @param {Pick<Seen, "step" | "selection">} seen
 */
function wholeStep({ step, selection }) {
  return step?.t === selection.t ? step : null;
}

/**
 * @param {HTMLElement} element
 * @param {number} value
 * @param {string} instead a text to show instead of the number, or ""
 */
function say(element, value, instead) {
  const text = instead || (Number.isNaN(value) ? "" : fixed(value, 2));
  if (element.textContent !== text) element.textContent = text;
  const exact = Number.isNaN(value) ? "" : String(value);
  if (element.dataset.value !== exact) element.dataset.value = exact;
}

/**
 * The step before as a selection; none before the first.
 * @param {PageTrace} trace
 * @param {number} t
 */
function earlier(trace, t) {
  const before = stepBefore(trace, t);
  return before < 0 ? { t } : { t: before };
}

/** @param {Pick<Seen, "document" | "selection">} state */
function inputSymbol({ document: { input }, selection: { t } }) {
  return input.kind === "text" ? `‘${visible([...input.text][t] ?? "")}’` : "";
}

/**
 * Whether a value is computed after the visible sub-step.
 * @param {Model} model
 * @param {number | null} stage
 * @param {string} of
 */
function isLater({ stages }, stage, of) {
  return stage !== null && of !== "" && stages.findIndex((values) => values.includes(of)) > stage;
}

/** @param {Float32Array} values */
function hot(values) {
  return values.reduce((best, value, i) => (Math.abs(value) > Math.abs(values[best]) ? i : best), 0);
}

/**
 * The open share of a pipe. It is clamped, because the gates of some forms leave the range from 0 to 1.
 * @param {number} open
 */
function part(open) {
  return Number.isNaN(open) ? 0 : Math.max(0, Math.min(1, Math.abs(open)));
}

/** @param {number} value */
function rounded(value) {
  return Math.round(value * 100) / 100;
}
