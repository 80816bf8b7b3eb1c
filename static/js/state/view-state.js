/** The focus (t, unit, quantity) of every view: the place under the pointer, or else the pinned one. */

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
 * The state as views show it: the compared run and the place under the pointer replace the present ones.
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
 * The state for the panel of one number, which does not follow the pointer over its own names.
 * @param {State} state
 * @returns {State}
 */
export function heldInNumber(state) {
  return state.preview?.from === "number" ? { ...state, preview: null } : state;
}
