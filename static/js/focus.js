/** The one focus (t, unit, quantity) that every view shows: what is pointed at, or else what is pinned. */

/** @import {Seen, State} from "./types.d.ts" */

/**
 * @param {State} state
 * @returns {Seen}
 */
export function seen(state) {
  const { preview, selection, pinned } = state;
  return { ...state, selection: preview ?? selection, marked: preview !== null || pinned };
}
