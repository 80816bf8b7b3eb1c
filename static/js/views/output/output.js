/** The network's answer under each step: the likeliest classes, a probability with its threshold, or numbers as lines. */

import { fitCanvas, shortened } from "../../lib/canvas.js";
import { put } from "../../lib/dom.js";
import { fixed, short, visible } from "../../lib/format.js";
import { THRESHOLD, answerKind, largest } from "../../model/answer.js";
import { outputName, toOwn } from "../../model/card/card.js";
import { rightNow, wantedAt } from "../../model/card/right.js";
import { isAnswered, runSteps } from "../../model/seq2seq/clock.js";
import { edge, stepAt } from "../../model/timeline.js";
import { isAlike, markLone, rangeOf, strokeLevel, strokeOutputs } from "./lines.js";
import { ROW, drawTargets } from "./target-row.js";
import { LINES, TOP, percent, scoreWords, sentence } from "./words.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {Size} from "../../lib/size.js" */
/** @import {Answer, Input, NetworkPart, Right, State, Target} from "../../types.d.ts" */
/** @import {Timeline} from "../../model/timeline.js" */

/** Wide enough for a class and its probability. */
const WIDE = 44;

/** @typedef {Pick<State, "zoom" | "theme" | "network"> & {readout: NetworkPart["readout"], answer: Answer | null, before: Answer | null, input: Input, target: Target | null | undefined, right: Right | null, sameInput: boolean, steps: number, t: number, size: Size, scale: number}} Inputs */

/**
 * @param {Page} page
 * @returns {View<Inputs>}
 */
export function createOutput(page) {
  const { store, actions, byId, sizeOf, timeline, typeScale, cssColour, drawRaster } = page;
  const root = byId("output");
  const plot = byId("output-plot");
  const canvas = byId("output-canvas", HTMLCanvasElement);

  plot.addEventListener("click", (event) => {
    const { document, network, zoom } = store.get();
    const line = timeline(sizeOf(plot).width, runSteps(document, network.parts), zoom);
    const { left, top, height } = plot.getBoundingClientRect();
    const t = stepAt(line, event.clientX - left);
    actions.select({ t });
    const output = latest === null ? null : outputAt(latest, line, t, (event.clientY - top) / (height - targetRow(latest)));
    if (output !== null) actions.show({ output });
  });

  /** @type {Inputs | null} */
  let latest = null;

  /** @param {Inputs} inputs */
  function render(inputs) {
    latest = inputs;
    const { readout, answer, steps, zoom, size: { width, height } } = inputs;
    put(root, "hidden", readout === null);
    if (readout === null || answer === null) return;
    put(byId("output-now"), "textContent", sentence(inputs, readout, answer));
    put(byId("output-score"), "textContent", scoreWords(inputs, readout, answer));
    plot.classList.toggle("has-targets", hasTargets(inputs));
    plot.dataset.painted = String(answer.run);
    const context = fitCanvas(canvas, width, height);
    const line = timeline(width, steps, zoom);
    const kind = answerKind(readout);
    if (kind === "classes") drawClasses(context, answer, line, inputs);
    else drawLines(context, answer, inputs, line, kind === "binary");
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Answer} answer
   * @param {Timeline} line
   * @param {Inputs} inputs
   */
  function drawClasses(context, answer, line, inputs) {
    const { network, theme, right } = inputs;
    const height = inputs.size.height - targetRow(inputs);
    if (right !== null) drawTargets(context, { right, answer, network }, line, height, cssColour);
    context.textBaseline = "middle";
    context.textAlign = "center";
    const wide = line.column >= WIDE;
    context.font = `11px ${cssColour("--mono")}`;
    const row = height / TOP;
    const end = Math.min(line.to, answer.have);
    if (isHeatmap(answer, line)) {
      const { size, values } = answer;
      const matrix = { data: values, offset: line.from * size, rows: size, columns: end - line.from, rowStride: 1, columnStride: size };
      const box = { left: line.left, top: 0, width: line.column * (end - line.from), height };
      drawRaster(context, matrix, { map: "gates", theme, low: 0, high: 1 }, box);
      drawClassNames(context, network, size, line, height);
      return;
    }
    for (let t = line.from; t < end; t += 1) {
      if (!isAnswered(answer, t)) continue;
      largest(answer, t, TOP).forEach(({ unit, value }, i) => {
        context.globalAlpha = 0.15 + 0.4 * value; // the text on it must be readable
        context.fillStyle = cssColour("--output");
        context.fillRect(edge(line, t) + 1, i * row + 1, Math.max(1, (line.column - 2) * value), row - 2);
        context.globalAlpha = 1;
        context.fillStyle = cssColour("--ink");
        const name = visible(outputName(network, unit));
        const label = shortened(context, wide ? `${name} ${percent(value)}` : name, line.column - 1);
        if (label !== "") context.fillText(label, edge(line, t + 0.5), (i + 0.5) * row);
      });
    }
  }

  /**
   * The names of the classes beside their rows, as many as fit.
   * @param {CanvasRenderingContext2D} context
   * @param {Inputs["network"]} network
   * @param {number} classes
   * @param {Timeline} line
   * @param {number} height
   */
  function drawClassNames(context, network, classes, line, height) {
    context.fillStyle = cssColour("--quiet");
    context.font = `10px ${cssColour("--sans")}`;
    context.textAlign = "right";
    const every = Math.ceil(classes / Math.floor(height / 11));
    for (let unit = 0; unit < classes; unit += every) context.fillText(shortened(context, outputName(network, unit), line.left - 10), line.left - 6, Math.max(6, ((unit + 0.5) * height) / classes));
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Answer} answer
   * @param {Inputs} inputs
   * @param {Timeline} line
   * @param {boolean} binary
   */
  function drawLines(context, answer, inputs, line, binary) {
    const { before, network: { card }, size: { height } } = inputs;
    const targets = targetsOf(inputs, answer);
    const { low, high } = binary ? { low: 0, high: 1 } : rangeOf([answer.values, ...targets]);
    const y = (/** @type {number} */ value) => 4 + ((high - value) / (high - low)) * (height - 8);
    context.strokeStyle = cssColour("--line-strong");
    context.setLineDash([3, 3]);
    strokeLevel(context, line, y(binary ? THRESHOLD : 0));
    context.setLineDash([]);
    if (targets.length === 1) fillError(context, answer, targets[0], line, y, cssColour("--output"));
    context.strokeStyle = cssColour("--quiet");
    for (const target of targets) {
      strokeOutputs(context, { ...answer, size: 1, values: target, have: target.length }, line, y, 1);
      markLone(context, target, line, y);
    }
    context.strokeStyle = cssColour("--output");
    if (before?.size === answer.size) strokeOutputs(context, before, line, y, 0.35);
    strokeOutputs(context, answer, line, y, 1);
    context.fillStyle = cssColour("--quiet");
    context.font = `11px ${cssColour("--sans")}`;
    context.textAlign = "right";
    context.textBaseline = "top";
    const own = (/** @type {number} */ value) => (card.outputs && isAlike(card.outputs) ? short(toOwn(card.outputs[0], value)) : fixed(value, 2));
    context.fillText(own(high), line.left - 6, 1);
    context.textBaseline = "bottom";
    context.fillText(own(low), line.left - 6, height - 1);
  }

  return {
    root: plot,
    inputs: ({ selection }, { document, network, answer, right, zoom, theme, compare, baseline }) => ({
      network, readout: network.parts.readout, steps: runSteps(document, network.parts), zoom, theme, t: selection.t,
      answer: compare === "before" ? baseline?.answer ?? null : answer,
      before: compare === "now" ? null : baseline?.answer ?? null,
      input: document.input, target: document.target, right: rightNow({ document, right, answer, baseline, compare }), sameInput: baseline?.document.input === document.input, size: sizeOf(plot), scale: typeScale(),
    }),
    render,
  };
}

/**
 * Whether the right class is under each step.
 * @param {Inputs} inputs
 */
function hasTargets({ readout, right }) {
  return readout !== null && right !== null && answerKind(readout) === "classes";
}

/**
 * The px at the bottom for the right classes.
 * @param {Inputs} inputs
 */
function targetRow(inputs) {
  return hasTargets(inputs) ? ROW : 0;
}

/**
 * Whether classes are a heatmap, because the columns are too narrow for their names.
 * @param {Answer} answer
 * @param {Timeline} line
 */
function isHeatmap({ index }, line) {
  return index === null && line.column < WIDE / 2;
}

/**
 * The class under a point; null where there are no classes.
 * @param {Inputs} inputs
 * @param {Timeline} line
 * @param {number} t
 * @param {number} share of the height, from the top
 */
function outputAt({ readout, answer }, line, t, share) {
  if (readout === null || answer === null || answerKind(readout) !== "classes" || t >= answer.have || !isAnswered(answer, t)) return null;
  if (isHeatmap(answer, line)) return Math.min(answer.size - 1, Math.floor(share * answer.size));
  return largest(answer, t, TOP)[Math.floor(share * TOP)]?.unit ?? null;
}

/**
 * The target of each output that is drawn, NaN where none is known; nothing without a target.
 * @param {Pick<Inputs, "input" | "target" | "right" | "network" | "steps">} inputs
 * @param {Answer} answer
 * @returns {Float32Array[]}
 */
function targetsOf(inputs, { size, index }) {
  const { target, right, steps } = inputs;
  if ((!target && right === null) || index !== null) return [];
  return Array.from({ length: Math.min(size, LINES) }, (_, output) =>
    Float32Array.from({ length: steps }, (_, t) => wantedAt(inputs, t, output) ?? NaN));
}

/**
 * Fill between the answer and its target.
 * @param {CanvasRenderingContext2D} context
 * @param {Answer} answer with one output
 * @param {Float32Array} target
 * @param {Timeline} line
 * @param {(value: number) => number} y
 * @param {string} colour
 */
function fillError(context, { values, have }, target, line, y, colour) {
  context.fillStyle = colour;
  context.globalAlpha = 0.2;
  for (let t = line.from; t < Math.min(line.to, have); t += 1) {
    if (Number.isNaN(target[t])) continue;
    const [a, b] = [y(values[t]), y(target[t])];
    context.fillRect(edge(line, t), Math.min(a, b), line.column, Math.abs(a - b));
  }
  context.globalAlpha = 1;
}
