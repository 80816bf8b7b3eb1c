/** The range of the weights' colours, at the ends of a colour ramp. */

import { shownArrays } from "../../model/weights/ends.js";
import { gradient } from "../../lib/colour.js";
import { short } from "../../lib/format.js";
import { weightMap } from "./weight-scale.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {MapName, State} from "../../types.d.ts" */

/**
 * @param {Page} page
 * @returns {View<Pick<State, "theme"> & {map: MapName, most: number | null}>} `most`: the largest weight of the range, null until it is known
 */
export function createWeightRamp({ byId, weightScale }) {
  const low = byId("weight-low");
  const high = byId("weight-high");
  return {
    root: byId("weight-ramp"),
    inputs(seen) {
      const { original } = shownArrays(seen);
      const { theme, compare } = seen;
      return { theme, map: weightMap({ compare }), most: Object.keys(original).length > 0 ? weightScale({ original }) : null };
    },
    render({ theme, map, most }, ramp) {
      ramp.style.background = gradient(map, theme);
      // Keep the last range until another network's weights arrive.
      if (most === null) return;
      low.textContent = short(-most);
      high.textContent = short(most);
    },
  };
}
