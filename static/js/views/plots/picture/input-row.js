/** The input as the first row of a saved picture: characters, bars of values, or a heatmap of several channels. */

import { colourScale } from "../../../lib/colour.js";
import { visible } from "../../../lib/format.js";
import { niceCeiling } from "../../../lib/round-numbers.js";
import { escaped } from "./markup.js";

/** @import {Seen, TimeWindow} from "../../../types.d.ts" */
/** @import {Palette} from "./figure.js" */

/** px */
const TEXT = 22;
const BARS = 54;
const CHANNEL = 12;
const MOST_CHANNELS = 120;
const NARROWEST = 6;
const LARGEST = 13;
/** The number of characters to quote if they are too close together to print. */
const QUOTED = 80;

/**
 * @typedef {object} InputRow
 * @property {number} height px
 * @property {string} title
 * @property {Record<string, unknown>} axis
 * @property {(colorbar: object) => object[]} traces
 */

/**
 * @param {Seen} state
 * @param {TimeWindow} shown
 * @param {number} width px
 * @param {Palette} palette
 * @returns {InputRow}
 */
export function inputRow({ compare, baseline, document: now, theme }, shown, width, palette) {
  const { input } = compare === "before" && baseline !== null ? baseline.document : now;
  if (input.kind === "text") return textRow([...input.text].slice(shown.from, shown.to), shown, width, palette);
  if (input.kind === "tokens") return textRow(input.tokens.slice(shown.from, shown.to).map(String), shown, width, palette, "token");
  const rows = input.values.slice(shown.from, shown.to);
  return (rows[0]?.length ?? 0) > 1 ? channelRow(rows, shown, theme) : barRow(rows.map(([value]) => value ?? 0), shown, palette);
}

/**
 * @param {readonly string[]} symbols
 * @param {TimeWindow} shown
 * @param {number} width
 * @param {Palette} palette
 * @param {"character" | "token"} [what]
 * @returns {InputRow}
 */
function textRow(symbols, shown, width, { mono, ink }, what = "character") {
  const column = width / (shown.to - shown.from);
  const longest = symbols.reduce((most, symbol) => Math.max(most, symbol.length), 1);
  const fits = column >= NARROWEST * longest;
  const start = escaped(symbols.slice(0, QUOTED).map(visible).join(what === "token" ? " " : ""));
  return {
    height: TEXT,
    title: fits ? `input, one ${what} a timestep` : `input, ${symbols.length} ${what}s, too close to print; it begins “${start}…”`,
    axis: { range: [-1, 1], showticklabels: false, ticks: "" },
    traces: () => [{
      type: "scatter", mode: "text", name: "x", xaxis: "x", yaxis: "y", hoverinfo: "skip",
      x: symbols.map((_, i) => shown.from + i + 1),
      y: symbols.map(() => 0),
      text: fits ? symbols.map((symbol) => escaped(visible(symbol))) : [],
      textfont: { family: mono, color: ink, size: Math.min(LARGEST, (column * 1.5) / longest) },
    }],
  };
}

/**
 * @param {readonly number[]} values
 * @param {TimeWindow} shown
 * @param {Palette} palette
 * @returns {InputRow}
 */
function barRow(values, shown, { hue }) {
  const [low, high] = [roundedDown(Math.min(0, ...values)), roundedUp(Math.max(0, ...values))];
  return {
    height: BARS,
    title: "input, one value a timestep",
    axis: { range: [low, low === high ? 1 : high], tickmode: "array", tickvals: [low, 0, high], title: { text: "value", standoff: 4 } },
    traces: () => [{
      type: "bar", name: "x", xaxis: "x", yaxis: "y", x: values.map((_, i) => shown.from + i + 1), y: values,
      marker: { color: hue("x"), line: { width: 0 } }, width: 0.8,
    }],
  };
}

/**
 * @param {readonly (readonly number[])[]} rows
 * @param {TimeWindow} shown
 * @param {Seen["theme"]} theme
 * @returns {InputRow}
 */
function channelRow(rows, shown, theme) {
  const channels = rows[0].map((_, channel) => channel);
  const most = roundedUp(rows.reduce((largest, row) => row.reduce((size, value) => Math.max(size, Math.abs(value)), largest), 0)) || 1;
  return {
    height: Math.max(TEXT, Math.min(MOST_CHANNELS, channels.length * CHANNEL)),
    title: `input, ${channels.length} channels, from −${most} to ${most}`,
    axis: { range: [channels.length - 0.5, -0.5], tickformat: "d", nticks: 4, title: { text: "channel", standoff: 4 } },
    traces: (colorbar) => [{
      type: "heatmap", name: "x", xaxis: "x", yaxis: "y", x: rows.map((_, i) => shown.from + i + 1), y: channels,
      z: channels.map((channel) => rows.map((row) => row[channel])),
      zauto: false, zmin: -most, zmax: most, colorscale: colourScale("states", theme), colorbar: { ...colorbar, tickvals: [-most, 0, most] },
    }],
  };
}

/** @param {number} value 0 or above */
function roundedUp(value) {
  return value === 0 ? 0 : niceCeiling(value);
}

/** @param {number} value 0 or below */
function roundedDown(value) {
  return value === 0 ? 0 : -niceCeiling(-value);
}
