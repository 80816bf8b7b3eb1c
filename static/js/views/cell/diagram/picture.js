/** The elements of a sheet: an SVG of wires, pipes and operators, another of marks and pointer targets, and labels as text. */

import { make } from "../../../lib/dom.js";
import { wordNodes } from "../../../model/cell/equations.js";
import { nameOf } from "../../../model/cell/references.js";
import { hue } from "../../../model/cell/symbols.js";
import { draw } from "./svg.js";
import { FULL, RADIUS, halfOf, path } from "./sheet.js";

/** @import {Quantity, Reference} from "../../../types.d.ts" */
/** @import {Label, Operator, Pipe, Sheet, Strip, Wire} from "./sheet.js" */

/**
 * @typedef {object} Picture
 * @property {{strip: Strip, hit: SVGRectElement, mark: SVGRectElement}[]} strips
 * @property {{pipe: Pipe, element: SVGPathElement}[]} pipes
 * @property {{operator: Operator, band: SVGRectElement}[]} valves
 * @property {{label: Label, number: HTMLElement}[]} numbers
 * @property {Element[]} parts everything with `data-of`
 */

const PLUS = 7;

/**
 * @param {Sheet} sheet
 * @param {{wires: SVGElement, marks: SVGElement, labels: HTMLElement}} layers
 * @returns {Picture}
 */
export function buildPicture(sheet, { wires, marks, labels }) {
  const pipes = sheet.pipes.map((pipe) => ({ pipe, element: pipeElement(pipe) }));
  const operators = sheet.operators.map((operator) => ({ operator, ...operatorElement(operator) }));
  const flow = sheet.wires.flatMap(wireElements);
  wires.replaceChildren(...pipes.map(({ element }) => element), ...flow, ...operators.map(({ element }) => element));
  const strips = sheet.strips.map(stripElements);
  marks.replaceChildren(...strips.flatMap(({ hit, mark }) => [hit, mark]));
  const texts = sheet.labels.map(labelElement);
  labels.replaceChildren(...texts.map(({ element }) => element));
  for (const layer of [wires, marks]) {
    layer.setAttribute("viewBox", `0 0 ${sheet.width} ${sheet.height}`);
    layer.setAttribute("width", String(sheet.width));
    layer.setAttribute("height", String(sheet.height));
  }
  return {
    strips,
    pipes,
    valves: operators.flatMap(({ operator, band }) => (band ? [{ operator, band }] : [])),
    numbers: texts.flatMap(({ label, number }) => (number ? [{ label, number }] : [])),
    parts: [...wires.children, ...marks.children, ...labels.children],
  };
}

/**
 * @param {Quantity | Reference} of
 * @returns {string} a style that sets the identity colour for descendants
 */
function coloured(of) {
  return `--hue: var(--${hue(of) || "quiet"})`;
}

/** @param {Pipe} pipe */
function pipeElement({ of, carries, line }) {
  return draw("path", { class: "pipe", d: path(line, 10), "data-of": of, "data-carries": nameOf(carries), "stroke-width": FULL, style: coloured(carries) });
}

/**
 * A wire, and above it the path that shows motion during a sub-step.
 * @param {Wire} wire
 */
function wireElements({ of, carries, lines, arrow }) {
  const d = lines.map((points) => path(points)).join("");
  const shared = { d, "data-of": of, "data-carries": nameOf(carries), style: coloured(carries) };
  const marker = arrow ? "url(#diagram-arrow)" : "none";
  return [draw("path", { class: "wire", "data-name": nameOf(carries), "marker-end": marker, ...shared }), draw("path", { class: "flow", ...shared })];
}

/** @param {Operator} operator */
function operatorElement(operator) {
  const { id, of, kind, x, y, text = "", gate, carries } = operator;
  const style = coloured(gate ?? of);
  const place = { class: `operator ${kind}`, transform: `translate(${x} ${y})`, "data-of": of, "data-part": id, style };
  if (gate) {
    const band = draw("rect", { class: "band", style: coloured(carries ?? "") });
    const clip = { "clip-path": "url(#diagram-round)" };
    const inside = draw("g", clip, draw("rect", { class: "jaws", x: -RADIUS, y: -RADIUS, width: 2 * RADIUS, height: 2 * RADIUS }), band);
    const ring = draw("circle", { class: "ring", r: RADIUS });
    return { element: draw("g", { ...place, "data-name": nameOf(gate) }, inside, ring, draw("circle", { class: "pin", r: 1.6 })), band };
  }
  if (kind === "plus") {
    const cross = draw("path", { class: "cross", d: "M-3.5 0H3.5M0 -3.5V3.5" });
    return { element: draw("g", place, draw("circle", { class: "ring", r: PLUS }), cross), band: null };
  }
  const said = kind === "less" ? "1−" : text;
  const half = halfOf(said);
  const body = draw("rect", { class: "ring", x: -half, y: -RADIUS + 0.5, width: 2 * half, height: 2 * RADIUS - 1, rx: RADIUS });
  const word = draw("text", { class: "word", y: 3.8 });
  word.textContent = said;
  return { element: draw("g", place, body, word), band: null };
}

/** @param {Strip} strip */
function stripElements(strip) {
  const { id, of, box: { left, top, width, height } } = strip;
  const place = { x: left, y: top, width, height };
  const hit = draw("rect", { class: "hit", ...place, "data-of": of, "data-part": id, "data-name": id });
  return { strip, hit, mark: draw("rect", { class: "unit", x: left, y: top - 1, width: 3, height: height + 2, "data-of": of }) };
}

/** @param {Label} label */
function labelElement(label) {
  const { of, part, words, x, y, align, strong } = label;
  const element = make("span", `label at-${align}${strong ? " strong" : ""}`);
  element.dataset.of = of;
  if (part) element.dataset.part = part;
  element.style.left = `${x}px`;
  element.style.top = `${y}px`;
  element.append(...wordNodes(words));
  if (!label.number) return { label, element, number: null };
  const number = make("b", "number");
  element.append(number);
  return { label, element, number };
}
