/** The one focus (t, unit, quantity) that every view shows: what is pointed at, or else what is pinned. */

import { compared, within } from "./comparison.js";

/** @import {Seen, Selection, State} from "./types.d.ts" */

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
  const { preview, pinned } = state;
  const shown = compared(state);
  return { ...shown, selection: within(focusOf(state), shown), marked: preview !== null || pinned };
}
