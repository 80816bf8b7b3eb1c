/** The one focus (t, unit, quantity) that every view shows: what is pointed at, or else what is pinned. */

import { createComparison, within } from "../model/comparison.js";

/** @import {Seen, Selection, State} from "../types.d.ts" */

/**
 * @param {State} state
 * @returns {Selection}
 */
export function focusOf({ preview, selection }) {
  return preview ?? selection;
}

/**
 * The state as views show it: what is compared and what is pointed at take the place of the present.
 * @returns {(state: State) => Seen}
 */
export function createSeen() {
  const compared = createComparison();
  return (state) => {
    const { preview, selection, pinned } = state;
    const shown = compared(state);
    return {
      ...shown,
      selection: within(focusOf(state), shown),
      held: within(selection, shown),
      marked: pinned || (preview?.marks ?? false),
    };
  };
}

/**
 * The state as the panel of one number shows it, which holds still under the pointer that is over one of its own names.
 * @param {State} state
 * @returns {State}
 */
export function heldInNumber(state) {
  return state.preview?.from === "number" ? { ...state, preview: null } : state;
}
