/** Draws the input over the columns of the plots: a box for each character, or a bar for each value. */

import { channelValues } from "../../state/actions.js";
import { fitCanvas, shortened } from "../../lib/canvas.js";
import { outputName, toOwn, unitAfter } from "../../model/card/card.js";
import { readAt, runSteps, saidBy } from "../../model/seq2seq/clock.js";
import { inputLength } from "../../model/document.js";
import { short } from "../../lib/format.js";
import { niceCeiling } from "../../lib/round-numbers.js";
import { tokenName } from "../../model/tokens.js";
import { edge, stepAt } from "../../model/timeline.js";

/** @import {Colours} from "../../lib/colour.js" */
/** @import {Size} from "../../lib/size.js" */
/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {Channel, Input, Network, State} from "../../types.d.ts" */
/** @import {Timeline} from "../../model/timeline.js" */

const BOX = { top: 8, height: 40 };

/**
 * The range of a channel's bars. It is symmetric if any value is negative, so that zero stays in its place while the reader draws.
 * @param {number[]} values
 * @returns {{low: number, high: number}}
 */
export function barRange(values) {
  const most = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const high = most <= 1 ? 1 : niceCeiling(most);
  const empty = most === 0;
  return { low: empty || values.some((value) => value < 0) ? -high : 0, high };
}

/** @typedef {Pick<State, "zoom" | "theme" | "channel" | "barRange" | "network"> & {said: readonly number[], input: Input, size: Size, scale: number}} Inputs */

/**
 * @param {Page} page
 * @returns {View<Inputs>}
 */
export function createStrip(page) {
  const { byId, sizeOf, timeline, typeScale, cssColour } = page;
  const { point } = page.actions;
  const root = byId("strip");
  const canvas = byId("strip-canvas", HTMLCanvasElement);
  /** @type {Inputs | null} */
  let latest = null;

  root.addEventListener("pointermove", (event) => {
    if (latest === null || event.pointerType === "touch" || event.buttons !== 0) return;
    const line = timeline(sizeOf(root).width, runSteps(latest, latest.network.parts), latest.zoom);
    point({ t: stepAt(line, event.clientX - root.getBoundingClientRect().left) });
  });
  root.addEventListener("pointerleave", () => point(null));
  root.addEventListener("click", (event) => {
    if (latest === null) return;
    const t = stepAt(timeline(sizeOf(root).width, runSteps(latest, latest.network.parts), latest.zoom), event.clientX - root.getBoundingClientRect().left);
    if (t >= inputLength(latest.input)) page.actions.select({ t }); // the field over the input selects its own steps
  });

  /** @param {Inputs} inputs */
  function render(inputs) {
    latest = inputs;
    const { input, zoom, channel, barRange: held, size: { width, height } } = inputs;
    const context = fitCanvas(canvas, width, height);
    const whole = timeline(width, runSteps(inputs, inputs.network.parts), zoom);
    const line = { ...whole, to: Math.min(whole.to, inputLength(input)) };
    if (input.kind === "text") drawText(cssColour, context, input.text, line);
    else if (input.kind === "tokens") drawTokens(cssColour, context, input.tokens, line, inputs.network);
    else drawBars(cssColour, context, channelValues(input, channel), line, height, held, inputs.network.card.channels?.[channel]);
    drawRead(cssColour, context, inputs, whole);
  }

  return {
    root,
    // The gutters grow with the page's type even if the strip keeps its size.
    inputs: ({ document, document: { input }, zoom, theme, channel, barRange, network, answer }) =>
      ({ input, network, said: saidBy(document, network.parts, answer), zoom, theme, channel, barRange, size: sizeOf(root), scale: typeScale() }),
    render,
  };
}

/**
 * @param {Colours["cssColour"]} cssColour
 * @param {CanvasRenderingContext2D} context
 * @param {Timeline} line
 */
function drawBoxes(cssColour, context, line) {
  const gap = line.column > 6 ? 1 : 0;
  context.fillStyle = cssColour("--wash");
  for (let t = line.from; t < line.to; t += 1) {
    context.fillRect(edge(line, t) + gap, BOX.top, Math.max(0.5, line.column - 2 * gap), BOX.height);
  }
}

/**
 * @param {Colours["cssColour"]} cssColour
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {Timeline} line
 */
function drawText(cssColour, context, text, line) {
  drawBoxes(cssColour, context, line);
  context.fillStyle = cssColour("--line-strong");
  const dot = Math.min(3, line.column / 2);
  for (let t = line.from; t < line.to; t += 1) {
    if (text[t] === " ") context.fillRect(edge(line, t + 0.5) - dot / 2, BOX.top + BOX.height / 2 + 4, dot, 2);
  }
}

/**
 * Draw what a decoder reads at its steps: the start mark, then its own answers.
 * @param {Colours["cssColour"]} cssColour
 * @param {CanvasRenderingContext2D} context
 * @param {Pick<Inputs, "input" | "network" | "said">} inputs
 * @param {Timeline} line
 */
function drawRead(cssColour, context, { input, network, said }, line) {
  context.font = `12px ${cssColour("--mono")}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (let t = Math.max(line.from, inputLength(input)); t < line.to; t += 1) {
    const symbol = readAt({ input }, network.parts, said, t);
    if (symbol === null) continue;
    context.fillStyle = cssColour("--wash");
    context.fillRect(edge(line, t) + 1, BOX.top, Math.max(0.5, line.column - 2), BOX.height);
    context.fillStyle = cssColour("--quiet");
    const name = outputName(network, symbol);
    const wide = t === inputLength(input) && context.measureText("start").width <= line.column - 2;
    context.fillText(wide ? "start" : shortened(context, name, line.column - 2), edge(line, t + 0.5), BOX.top + BOX.height / 2);
  }
}

/**
 * Draw a box with its number for each token; a number that does not fit its column is left out.
 * @param {Colours["cssColour"]} cssColour
 * @param {CanvasRenderingContext2D} context
 * @param {readonly number[]} tokens
 * @param {Timeline} line
 * @param {Pick<Network, "tokens">} network
 */
function drawTokens(cssColour, context, tokens, line, network) {
  drawBoxes(cssColour, context, line);
  context.fillStyle = cssColour("--ink");
  context.font = `12px ${cssColour("--mono")}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (let t = line.from; t < line.to; t += 1) {
    const label = tokenName(network, tokens[t]);
    if (context.measureText(label).width <= line.column - 2) context.fillText(label, edge(line, t + 0.5), BOX.top + BOX.height / 2);
  }
}

/**
 * @param {Colours["cssColour"]} cssColour
 * @param {CanvasRenderingContext2D} context
 * @param {number[]} values
 * @param {Timeline} line
 * @param {number} height
 * @param {{low: number, high: number} | null} held
 * @param {Channel | undefined} own the reader's units, in which the scale is written
 */
function drawBars(cssColour, context, values, line, height, held, own) {
  const { low, high } = held ?? barRange(values);
  const y = (/** @type {number} */ value) => ((high - value) / (high - low)) * (height - 2) + 1;
  const gap = line.column > 6 ? 1 : 0;
  context.fillStyle = cssColour("--wash");
  context.fillRect(line.left, 0, line.width, height);
  context.fillStyle = cssColour("--x");
  for (let t = line.from; t < line.to; t += 1) {
    const [top, bottom] = [Math.min(y(values[t]), y(0)), Math.max(y(values[t]), y(0))];
    context.fillRect(edge(line, t) + gap, top - 0.5, Math.max(0.5, line.column - 2 * gap), bottom - top + 1);
  }
  drawScale(cssColour, context, line, height, low, high, own);
}

/**
 * @param {Colours["cssColour"]} cssColour
 * @param {CanvasRenderingContext2D} context
 * @param {Timeline} line
 * @param {number} height
 * @param {number} low
 * @param {number} high
 * @param {Channel | undefined} own
 */
function drawScale(cssColour, context, line, height, low, high, own) {
  context.fillStyle = cssColour("--quiet");
  context.font = `11px ${cssColour("--sans")}`;
  context.textAlign = "right";
  context.textBaseline = "top";
  context.fillText(`${short(toOwn(own, high))}${unitAfter(own)}`, line.left - 6, 1);
  context.textBaseline = "bottom";
  context.fillText(short(toOwn(own, low)), line.left - 6, height - 1);
  context.textBaseline = "middle";
  const middle = low < 0 ? short(toOwn(own, 0)) : "";
  context.fillText(middle, line.left - 6, height / 2);
  context.fillStyle = cssColour("--x");
  context.font = `600 13px ${cssColour("--mono")}`;
  if (context.measureText(middle).width < 24) context.fillText("x", line.left - 36, height / 2); // the panel’s title says it too
}
