/** What follows from a change of the state outside of it. Whatever these dispatch waits until all of them have run. */

import { focusOf } from "./view-state.js";

/** @import {GruDocument, State} from "../types.d.ts" */
/** @import {Scheduler} from "./scheduler.js" */

/**
 * @param {object} parts
 * @param {(document: GruDocument) => void} parts.keep the reader's own work
 * @param {{flush: () => void, inspect: () => void}} parts.sync
 * @param {{follow: (state: State, before: State) => void}} parts.baseline
 * @param {Scheduler} parts.scheduler
 * @returns {(state: State, before: State) => void}
 */
export function createEffects({ keep, sync, baseline, scheduler }) {
  return (state, before) => {
    if (state.document !== before.document) {
      if (!state.tour.open) keep(state.document);
      sync.flush();
    }
    baseline.follow(state, before);
    if (focusOf(state) !== focusOf(before)) sync.inspect();
    scheduler.invalidate();
    if (state.trace?.complete !== before.trace?.complete) scheduler.hasten();
  };
}
