/** The actions on a whole array: a row, or in a short window a menu beside the weight. */

import { isShort } from "../../lib/breakpoints.js";
import { closeLikeMenu } from "../../lib/controls/popover.js";

/** @import {Page, View} from "../../state/page.d.ts" */

/**
 * @param {Page} page
 * @returns {View<{short: boolean}>}
 */
export function createArrayMenu(page) {
  const details = page.byId("array-more", HTMLDetailsElement);
  closeLikeMenu(page, details, isShort);
  return {
    root: details,
    inputs: () => ({ short: isShort() }),
    render: ({ short }) => {
      details.open = !short;
    },
  };
}
