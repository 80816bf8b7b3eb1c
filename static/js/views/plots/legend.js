/** The legend of the plots' colours: the fixed ranges once, and the range of each value without bounds. */

import { gradient } from "../../lib/colour.js";
import { make } from "../../lib/dom.js";
import { short } from "../../lib/format.js";
import { symbolNode } from "../../model/cell/symbols.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {PageTrace, Scale, State} from "../../types.d.ts" */

/** Names of the kinds of values with bounds. */
const KINDS = { gates: "gates", states: "states", weights: "weights", differences: "now − before" };

const LOGARITHMIC = "A few values are far larger than the rest. Colours and lines are even up to this value and logarithmic beyond it, so that the rest can be seen too.";

/** @typedef {Pick<State, "theme"> & Partial<Pick<PageTrace, "values" | "scales">>} Inputs without a trace, only the theme */

/**
 * @param {Page} page
 * @returns {View<Inputs>}
 */
export function createLegend({ byId }) {
  return {
    root: byId("legend"),
    inputs: ({ trace, theme }) => ({ theme, values: trace?.values, scales: trace?.scales }),
    render({ theme, values, scales }, root) {
      // Keep the last ranges until another network's run arrives.
      if (values && scales) root.replaceChildren(...items(values, scales, theme));
    },
  };
}

/**
 * @param {PageTrace["values"]} values
 * @param {PageTrace["scales"]} scales
 * @param {State["theme"]} theme
 */
function items(values, scales, theme) {
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
