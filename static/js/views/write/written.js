/** What the network writes on: a text shaded by probability, or a series that continues the input; it becomes the input by one click. */

import { fitCanvas } from "../../lib/canvas.js";
import { allow } from "../../lib/controls/focus-restore.js";
import { make, put } from "../../lib/dom.js";
import { fixed, short } from "../../lib/format.js";
import { toOwn } from "../../model/card/card.js";
import { edge } from "../../model/timeline.js";
import { textBefore, writtenSteps, writtenText } from "../../model/writing.js";
import { isAlike, rangeOf, strokeLevel, strokeOutputs } from "../output/lines.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {Size} from "../../lib/size.js" */
/** @import {State, Writing} from "../../types.d.ts" */

/** Symbols of the input that are shown before those written. */
const CONTEXT = 24;

/** @typedef {Pick<State, "writing" | "document" | "network" | "theme"> & {size: Size, scale: number}} Inputs */

/**
 * @param {Page} page
 * @returns {View<Inputs>}
 */
export function createWritten(page) {
  const { actions, byId, sizeOf, timeline, typeScale, cssColour } = page;
  const root = byId("written");
  const text = byId("written-text");
  const plot = byId("written-plot");
  const canvas = byId("written-canvas", HTMLCanvasElement);

  byId("written-use").addEventListener("click", actions.useWritten);
  byId("written-discard").addEventListener("click", actions.discardWritten);

  /** @param {Inputs} inputs */
  function render(inputs) {
    const { writing, document, network } = inputs;
    const appears = root.hidden;
    put(root, "hidden", writing === null);
    if (writing === null) return;
    if (appears) root.scrollIntoView({ block: "nearest" }); // the button sticks to the foot of a narrow page
    const series = network.parts.writes === "series";
    put(byId("written-now"), "textContent", statusOf(writing, series));
    byId("written-now").classList.toggle("fault", writing.fault !== "");
    allow(byId("written-use"), writtenSteps(writing) > 0);
    put(byId("written-use"), "title", `Replace the steps after t = ${writing.t + 1} by what was written`);
    put(text, "hidden", series);
    put(plot, "hidden", !series);
    if (series) {
      draw(inputs, writing);
      return;
    }
    const before = make("span", "written-before", textBefore(document, network, writing.t, CONTEXT));
    text.replaceChildren(before, ...writtenText(writing, network).map(({ text: part, level }) => make("span", `likely-${level}`, part)));
    text.scrollTop = text.scrollHeight;
  }

  /**
   * Draw the input up to the step, and what follows it.
   * @param {Inputs} inputs
   * @param {Writing} writing
   */
  function draw({ document: { input }, network: { card }, size: { width, height } }, { t, steps, rows }) {
    if (input.kind !== "numbers" || width === 0) return;
    const all = [...input.values.slice(0, t + 1), ...rows];
    const lines = { size: all[0].length, values: Float32Array.from(all.flat()), have: all.length };
    const context = fitCanvas(canvas, width, height);
    const line = timeline(width, t + 1 + steps, null);
    const { low, high } = rangeOf([lines.values]);
    const y = (/** @type {number} */ value) => 4 + ((high - value) / (high - low)) * (height - 8);
    context.fillStyle = cssColour("--wash");
    context.fillRect(edge(line, t + 1), 0, line.column * steps, height);
    context.strokeStyle = cssColour("--line-strong");
    context.setLineDash([3, 3]);
    strokeLevel(context, line, y(0));
    context.setLineDash([]);
    context.strokeStyle = cssColour("--x");
    strokeOutputs(context, { ...lines, have: t + 1 }, line, y, 1);
    context.strokeStyle = cssColour("--output");
    context.lineWidth = 1.5;
    strokeOutputs(context, lines, { ...line, from: t, left: edge(line, t) }, y, 1);
    context.lineWidth = 1;
    context.fillStyle = cssColour("--quiet");
    context.font = `11px ${cssColour("--sans")}`;
    context.textAlign = "right";
    const own = (/** @type {number} */ value) => (card.channels && isAlike(card.channels) ? short(toOwn(card.channels[0], value)) : fixed(value, 2));
    context.textBaseline = "top";
    context.fillText(own(high), line.left - 6, 1);
    context.textBaseline = "bottom";
    context.fillText(own(low), line.left - 6, height - 1);
  }

  return {
    root,
    inputs: (_, { writing, document, network, theme }) => ({ writing, document, network, theme, size: sizeOf(plot), scale: typeScale() }),
    render,
  };
}

/**
 * @param {Writing} writing
 * @param {boolean} series
 */
function statusOf({ t, steps, cut, status, temperature, topK, seed, fault }, series) {
  const drawing = temperature === 0 ? "the likeliest each time" : `temperature ${temperature}${topK === null ? "" : `, top ${topK}`}, seed ${seed}`;
  const how = series ? "" : ` · ${drawing}`;
  const most = cut ? ", as many as fit" : "";
  if (status === "failed") return fault;
  const count = status === "stopped" ? `stopped after ${steps}` : `${steps}`;
  return `after t = ${t + 1}: ${count} step${steps === 1 ? "" : "s"}${most}${how}`;
}
