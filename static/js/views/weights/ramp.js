/** What the weights' colours mean: their range, from one end of the colours to the other. */

import { gradient } from "../../lib/colour.js";
import { short } from "../../lib/format.js";
import { weightMap } from "./weight-scale.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {MapName, State} from "../../types.d.ts" */

/**
 * @param {Page} page
 * @returns {View<Pick<State, "theme"> & {map: MapName, most: number | null}>} `most`: the largest weight of the range, null while it is awaited
 */
export function createWeightRamp({ byId, weightScale }) {
  const low = byId("weight-low");
  const high = byId("weight-high");
  return {
    root: byId("weight-ramp"),
    inputs: ({ original, compare, theme }) =>
      ({ theme, map: weightMap({ compare }), most: Object.keys(original).length > 0 ? weightScale({ original }) : null }),
    render({ theme, map, most }, ramp) {
      ramp.style.background = gradient(map, theme);
      // While another network's weights are awaited, the range of the last one stays.
      if (most === null) return;
      low.textContent = short(-most);
      high.textContent = short(most);
    },
  };
}
