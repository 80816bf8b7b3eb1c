/** The plots as a Plotly figure for a saved picture, with what it needs to be understood: names, ranges, the input, marks and a description. */

import { colourScale } from "../../../lib/colour.js";
import { short } from "../../../lib/format.js";
import { landmarks, positionOf } from "../../../lib/span.js";
import { equationOf } from "../../../model/cell/equations.js";
import { placeOn, valueAxis } from "../axes.js";
import { lineTraces } from "../plot-traces.js";
import { inputRow } from "./input-row.js";
import { escaped } from "./markup.js";
import { marksOf } from "./marks.js";
import { markWords, plotWords } from "./words.js";

/** @import {PageTrace, Quantity, Scale, Seen, TimeWindow} from "../../../types.d.ts" */

/** px */
const LEFT = 76;
const RIGHT = 96;
const LEAST_WIDTH = 960;
const MOST_WIDTH = 2600;
/** px of a timestep; characters are wider than values */
const COLUMN = { text: 8, tokens: 24, numbers: 4 };
const TITLE = 26;
const LINE = 18;
const PLOT_TITLE = 26;
const BELOW = 62;
const ROW = 12;
const HEATMAP = { least: 72, most: 240 };
const LINES = 120;
const GAP = 8;
/** The maximum columns and rows of a heatmap, because a picture has no more pixels for them. */
const MOST_COLUMNS = 2000;
const MOST_ROWS = 240;
/** The approximate width of a character above the plots, in px. */
const CHARACTER = 6.2;

/**
 * Colours and fonts of the theme.
 * @typedef {object} Palette
 * @property {string} paper
 * @property {string} ink
 * @property {string} quiet
 * @property {string} line
 * @property {string} warn
 * @property {string} sans
 * @property {string} mono
 * @property {(quantity: Quantity) => string} hue
 */

/**
 * A horizontal band of the picture.
 * @typedef {{top: number, height: number}} Band
 */

/**
 * @param {Seen} state with a trace
 * @param {PageTrace} trace
 * @param {{title: string, lines: string[], by: string}} words
 * @param {Palette} palette
 * @returns {{data: object[], layout: {width: number, height: number} & Record<string, unknown>}}
 */
export function pictureFigure(state, trace, words, palette) {
  const shown = state.zoom ?? { from: 0, to: trace.steps };
  const width = Math.max(LEAST_WIDTH, Math.min(MOST_WIDTH, LEFT + RIGHT + COLUMN[state.document.input.kind] * (shown.to - shown.from)));
  const inner = width - LEFT - RIGHT;
  const lines = words.lines.flatMap((line) => wrapped(line, Math.floor((width - 2 * GAP) / CHARACTER)));
  const head = GAP + TITLE + lines.length * LINE;
  const input = inputRow(state, shown, inner, palette);
  const inputBand = { top: head + PLOT_TITLE, height: input.height };
  const bands = plotBands(state, trace, inputBand.top + inputBand.height);
  const foot = bands[bands.length - 1].top + bands[bands.length - 1].height;
  const height = foot + BELOW;
  const place = (/** @type {number} */ y) => 1 - y / height;
  const domain = (/** @type {Band} */ { top, height: tall }) => [place(top + tall), place(top)];

  const marks = marksOf(state, trace, shown, palette);
  /** @type {object[]} */
  const notes = [
    note(words.title, GAP, place, { bold: true, size: 16, color: palette.ink, x: GAP - LEFT }),
    ...lines.map((line, i) => note(line, GAP + TITLE + i * LINE, place, { size: 12, color: palette.quiet, x: GAP - LEFT })),
    note(`<b>x</b>  ${input.title}`, head + 5, place, { size: 13, color: palette.ink, x: 0, marked: true }),
    note(markWords(state, marks), foot + 42, place, { size: 11, color: palette.quiet, x: 0 }),
    note(words.by, foot + 42, place, { size: 11, color: palette.quiet, x: inner + RIGHT - GAP, align: "right" }),
  ];
  /** @type {Record<string, unknown>} */
  const axes = { yaxis: { ...ticksOf(palette), ...input.axis, domain: domain(inputBand), fixedrange: true, showgrid: false, zeroline: false } };
  const data = [...input.traces(colourBar(domain(inputBand), palette))];
  trace.values.forEach((quantity, i) => {
    const axis = `y${i + 2}`;
    const scale = trace.scales[quantity];
    const { name, text } = plotWords(state, quantity, equationOf(state.model, quantity)?.title ?? "", scale);
    notes.push(note(`<b>${name}</b>  ${escaped(text)}`, bands[i].top - PLOT_TITLE + 5, place, { size: 13, color: palette.hue(quantity), x: 0, marked: true }));
    const drawn = domain(bands[i]);
    axes[`yaxis${i + 2}`] = { ...plotAxis(state, trace, quantity, bands[i].height, palette), domain: drawn };
    if (state.view === "lines") data.push(...lineTraces(trace, quantity, axis, i, state.marked ? state.selection.unit : null, palette.hue(quantity)));
    else data.push(heatmap(state, trace, quantity, shown, axis, colourBar(drawn, palette, scale)));
    data.push(...marks.traces(quantity, axis));
  });
  const last = `y${trace.values.length + 1}`;
  return {
    data,
    layout: {
      width,
      height,
      margin: { l: LEFT, r: RIGHT, t: 0, b: 0, pad: 0 },
      paper_bgcolor: palette.paper,
      plot_bgcolor: palette.paper,
      font: { family: palette.sans, size: 11, color: palette.quiet },
      showlegend: false,
      annotations: notes,
      shapes: marks.shapes([inputBand, ...bands].map(domain)),
      xaxis: {
        title: { text: "timestep t", standoff: 4 }, range: [shown.from + 0.5, shown.to + 0.5], anchor: last,
        ...ticksOf(palette), tickformat: "d", nticks: 20, showgrid: false, zeroline: false,
      },
      ...axes,
    },
  };
}

/**
 * @param {Seen} state
 * @param {PageTrace} trace
 * @param {number} top the lower edge of the input, in px
 * @returns {Band[]}
 */
function plotBands({ view }, { values, hidden }, top) {
  const height = view === "lines" ? LINES : Math.max(HEATMAP.least, Math.min(HEATMAP.most, hidden * ROW));
  return values.map((_, i) => ({ top: top + PLOT_TITLE + GAP + i * (height + PLOT_TITLE + GAP), height }));
}

/**
 * @param {Seen} state
 * @param {PageTrace} trace
 * @param {Quantity} quantity
 * @param {number} height
 * @param {Palette} palette
 */
function plotAxis(state, trace, quantity, height, palette) {
  const { title, low, high } = valueAxis(state.view, trace, quantity, height);
  const lines = state.view === "lines";
  const ticks = lines ? valueTicks(trace.scales[quantity], (value) => placeOn(valueAxis("lines", trace, quantity, height), value)) : { tickformat: "d", nticks: 6 };
  return { title: { text: lines ? "value" : title, standoff: 4 }, range: [low, high], ...ticksOf(palette), ...ticks, showgrid: false, zeroline: false };
}

/**
 * @param {Scale} scale
 * @param {(value: number) => number} place
 */
function valueTicks(scale, place) {
  const values = landmarks(scale);
  return { tickmode: "array", tickvals: values.map(place), ticktext: values.map((value) => short(value)) };
}

/** @param {Palette} palette */
function ticksOf({ line, quiet }) {
  return { ticks: "outside", ticklen: 4, tickcolor: line, linecolor: line, showline: true, tickfont: { color: quiet, size: 11 } };
}

/**
 * @param {number[]} domain
 * @param {Palette} palette
 * @param {Scale} [scale] the scale to label; by default Plotly labels it
 */
function colourBar([low, high], palette, scale) {
  return {
    x: 1.012, xanchor: "left", y: (low + high) / 2, yanchor: "middle", len: high - low, lenmode: "fraction", thickness: 11,
    xpad: 0, ypad: 0, outlinewidth: 1, outlinecolor: palette.line, tickfont: { color: palette.quiet, size: 10 },
    ...(scale && valueTicks(scale, (value) => positionOf(scale, value))),
  };
}

/**
 * @param {Seen} state
 * @param {PageTrace} trace
 * @param {Quantity} quantity
 * @param {TimeWindow} shown
 * @param {string} axis
 * @param {object} colorbar
 */
function heatmap({ theme }, { arrays, scales, hidden }, quantity, { from, to }, axis, colorbar) {
  const [across, down] = [Math.ceil((to - from) / MOST_COLUMNS), Math.ceil(hidden / MOST_ROWS)];
  const columns = Array.from({ length: Math.ceil((to - from) / across) }, (_, i) => from + i * across);
  const units = Array.from({ length: Math.ceil(hidden / down) }, (_, i) => i * down);
  const scale = scales[quantity];
  return {
    type: "heatmap", name: quantity, xaxis: "x", yaxis: axis,
    x: columns.map((t) => t + 1),
    y: units,
    z: units.map((unit) => columns.map((t) => positionOf(scale, arrays[quantity][t * hidden + unit]))),
    zauto: false, zmin: 0, zmax: 1, colorscale: colourScale(scale.map, theme), colorbar,
  };
}

/**
 * @param {string} text
 * @param {number} y px of the upper edge
 * @param {(y: number) => number} place
 * @param {{size: number, color: string, x: number, bold?: boolean, marked?: boolean, align?: "left" | "right"}} look `marked`: whether the text
 *   is already markup
 */
function note(text, y, place, { size, color, x, bold = false, marked = false, align = "left" }) {
  const written = marked ? text : escaped(text);
  return {
    text: bold ? `<b>${written}</b>` : written,
    xref: "paper", yref: "paper", x: 0, xshift: x, y: place(y), xanchor: align, yanchor: "top", align,
    showarrow: false, borderpad: 0, font: { size, color }, captureevents: false,
  };
}

/**
 * @param {string} text
 * @param {number} most characters in a line
 */
function wrapped(text, most) {
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (last === undefined || last.length + 1 + word.length > most) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
