/** The colour language: one map per kind of value, in both themes. */

import { positionOf, valueAtPosition } from "./span.js";

/** @import {Span} from "./span.js" */
/** @import {MapName, State} from "../types.d.ts" */

/**
 * Low to high. Gates run one way; states, weights and differences diverge about 0, blue–red, purple–orange and green–magenta, which
 * people with the common colour-vision deficiencies can tell apart.
 * @type {Record<State["theme"], Record<MapName, string[]>>}
 */
const STOPS = {
  light: {
    gates: ["#f4f5ee", "#c5e2d3", "#7cbdbd", "#388ba4", "#1e5887", "#12284d"],
    states: ["#174a96", "#568dcf", "#b4d0e9", "#f6f5f3", "#f2c0aa", "#d96f55", "#98192a"],
    weights: ["#472172", "#8768b9", "#c8bce0", "#f6f5f3", "#f1cd90", "#ca8421", "#754105"],
    differences: ["#2c5a00", "#669a3e", "#bedaa6", "#f6f5f3", "#efb9dd", "#cf5fb4", "#93107f"],
  },
  dark: {
    gates: ["#1a222c", "#1c435a", "#207188", "#40a59b", "#94d3a1", "#f3f7c6"],
    states: ["#8ac2ff", "#3f82d4", "#274c80", "#232830", "#7e3631", "#d35d4a", "#ffab92"],
    weights: ["#cdb0ff", "#8d69cb", "#4c3b72", "#252932", "#6d4c1d", "#c28223", "#ffd48c"],
    differences: ["#a9e57c", "#5ba33c", "#2c522a", "#252932", "#5e2b5a", "#c65ab5", "#ffb0f4"],
  },
};
const LEVELS = 256;
/** The number of stops of a logarithmic scale for Plotly. */
const STEPS = 80;
const TABLES = { light: tablesOf("light"), dark: tablesOf("dark") };

/**
 * Stops of a map, in the format of Plotly's colour scales.
 * @param {MapName} name
 * @param {State["theme"]} theme
 * @returns {[number, string][]}
 */
export function colourScale(name, theme) {
  const stops = STOPS[theme][name];
  return stops.map((stop, i) => [i / (stops.length - 1), stop]);
}

/**
 * The map's colours by value, in the format of Plotly's colour scales. A logarithmic scale needs many stops, because Plotly interpolates linearly.
 * @param {MapName} name
 * @param {State["theme"]} theme
 * @param {Span} span
 * @returns {[number, string][]}
 */
export function colourScaleOver(name, theme, span) {
  if (span.linear == null) return colourScale(name, theme);
  const table = colourTable(name, theme);
  return Array.from({ length: STEPS + 1 }, (_, i) => {
    const position = i / STEPS;
    const place = (valueAtPosition(span, position) - span.low) / (span.high - span.low);
    return [i === 0 ? 0 : i === STEPS ? 1 : place, hexOf(table[Math.round(position * (LEVELS - 1))])];
  });
}

/**
 * @param {MapName} name
 * @param {State["theme"]} theme
 * @returns {string} a CSS gradient, low at the left
 */
export function gradient(name, theme) {
  return `linear-gradient(to right, ${STOPS[theme][name].join(", ")})`;
}

/**
 * 256 opaque colours, as little-endian RGBA words for an ImageData.
 * @param {MapName} name
 * @param {State["theme"]} theme
 */
export function colourTable(name, theme) {
  return TABLES[theme][name];
}

/**
 * The position of a value in its map; −1 for NaN.
 * @param {number} value
 * @param {Span} span
 */
function level(value, span) {
  if (Number.isNaN(value)) return -1;
  const part = positionOf(span, value);
  return part <= 0 ? 0 : part >= 1 ? LEVELS - 1 : Math.round(part * (LEVELS - 1));
}

/**
 * The colours of one page. The theme and the custom properties are those of its root.
 * @typedef {object} Colours
 * @property {(variable: string) => string} cssColour a custom property of the page
 * @property {(name: MapName, theme: State["theme"], value: number, span: Span) => string} inkOn black or white, whichever can be
 *   read on the value's colour
 */

/**
 * @param {HTMLElement} root
 * @returns {Colours}
 */
export function createColours(root) {
  /** @type {Map<string, string>} reading a custom property computes styles, which is slow while the page draws */
  const properties = new Map();

  /** @type {Colours["cssColour"]} */
  function cssColour(variable) {
    const key = `${root.dataset.theme} ${variable}`;
    const known = properties.get(key) ?? getComputedStyle(root).getPropertyValue(variable).trim();
    properties.set(key, known);
    return known;
  }

  return {
    cssColour,
    inkOn(name, theme, value, span) {
      const at = level(value, span);
      if (at < 0) return cssColour("--quiet");
      const word = colourTable(name, theme)[at];
      const [red, green, blue] = [word & 255, (word >> 8) & 255, (word >> 16) & 255];
      const bright = (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
      return bright > 0.48 ? "#14171c" : "#ffffff";
    },
  };
}

/** @param {number} word of a colour table */
function hexOf(word) {
  return `#${[word & 255, (word >> 8) & 255, (word >> 16) & 255].map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

/** @param {string} hex */
function channels(hex) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

/**
 * @param {number[][]} stops
 * @param {number} part
 */
function mix(stops, part) {
  const place = part * (stops.length - 1);
  const low = Math.min(Math.floor(place), stops.length - 2);
  const [red, green, blue] = stops[low].map((from, i) => Math.round(from + (stops[low + 1][i] - from) * (place - low)));
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** @param {State["theme"]} theme */
function tablesOf(theme) {
  const maps = /** @type {MapName[]} */ (Object.keys(STOPS[theme]));
  return /** @type {Record<MapName, Uint32Array>} */ (Object.fromEntries(maps.map((name) => {
    const stops = STOPS[theme][name].map(channels);
    return [name, Uint32Array.from({ length: LEVELS }, (_, i) => mix(stops, i / (LEVELS - 1)))];
  })));
}
