/** What the plots' colours mean: the fixed ranges once, and each value without bounds with the range it has grown to. */

import { gradient } from "../../lib/colour.js";
import { make } from "../../lib/dom.js";
import { short } from "../../lib/format.js";
import { symbolNode } from "../../model/symbols.js";

/** @import {Page} from "../../state/page.d.ts" */
/** @import {PageTrace, Scale, State} from "../../types.d.ts" */

/** What values with bounds are together called. */
const KINDS = { gates: "gates", states: "states", weights: "weights", differences: "now − before" };

/** @param {Page} page */
export function createLegend(page) {
  const { byId } = page;
  const root = byId("legend");
  /** @type {unknown[]} */
  let drawn = [];

  /** @param {State} state */
  function render({ trace, theme }) {
    const key = trace === null ? drawn : [theme, ...trace.values, ...trace.values.flatMap((value) => Object.values(trace.scales[value]))];
    if (trace === null || (key.length === drawn.length && key.every((part, i) => part === drawn[i]))) return;
    drawn = key;
    root.replaceChildren(...items(trace, theme));
  }

  return { render };
}

/**
 * @param {PageTrace} trace
 * @param {State["theme"]} theme
 */
function items({ values, scales }, theme) {
  /** @type {Map<string, HTMLElement>} */
  const found = new Map();
  for (const value of values) {
    const scale = scales[value];
    const kind = scale.grows ? value : KINDS[scale.map];
    if (!found.has(kind)) found.set(kind, item(scale.grows ? symbolNode(value) : kind, scale, theme));
  }
  return found.values();
}

/**
 * @param {Node | string} name
 * @param {Scale} scale
 * @param {State["theme"]} theme
 */
function item(name, { map, low, high }, theme) {
  const element = make("span", "legend-item");
  const ramp = make("i", `ramp ${map}`);
  ramp.style.background = gradient(map, theme);
  element.append(name, make("span", "tick", short(low)), ramp, make("span", "tick", short(high)));
  return element;
}
