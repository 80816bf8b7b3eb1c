/** The one focus (t, unit, quantity) that every view shows: what is pointed at, or else what is pinned. */

import { compared, within } from "../model/comparison.js";

/** @import {Seen, Selection, State} from "../types.d.ts" */

/**
 * @param {State} state
 * @returns {Selection}
 */
export function focusOf({ preview, selection }) {
  return preview ?? selection;
}

/**
 * @param {State} state
 * @returns {Seen}
 */
export function seen(state) {
  const { preview, selection, pinned } = state;
  const shown = compared(state);
  return {
    ...shown,
    selection: within(focusOf(state), shown),
    held: within(selection, shown),
    marked: pinned || (preview?.marks ?? false),
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
