/** What the plots' colours mean: the fixed ranges once, and the range of each value without bounds as it is shown. */

import { gradient } from "../../lib/colour.js";
import { make } from "../../lib/dom.js";
import { short } from "../../lib/format.js";
import { symbolNode } from "../../model/cell/symbols.js";

/** @import {Page} from "../../state/page.d.ts" */
/** @import {PageTrace, Scale, State} from "../../types.d.ts" */

/** What values with bounds are together called. */
const KINDS = { gates: "gates", states: "states", weights: "weights", differences: "now − before" };

const LOGARITHMIC = "A few values are far larger than the rest. Colours and lines are even up to this value and logarithmic beyond it, so that the rest can be seen too.";

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
    const kind = scale.follows ? value : KINDS[scale.map];
    if (!found.has(kind)) found.set(kind, item(scale.follows ? symbolNode(value) : kind, scale, theme));
  }
  return found.values();
}

/**
 * @param {Node | string} name
 * @param {Scale} scale
 * @param {State["theme"]} theme
 */
function item(name, { map, low, high, linear }, theme) {
  const element = make("span", "legend-item");
  const ramp = make("i", `ramp ${map}`);
  ramp.style.background = gradient(map, theme);
  element.append(name, make("span", "tick", short(low)), ramp, make("span", "tick", short(high)));
  if (linear !== null) element.append(Object.assign(make("span", "legend-note", `log beyond ±${short(linear)}`), { title: LOGARITHMIC }));
  return element;
}
