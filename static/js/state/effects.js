/** The effects of a state change outside the state. Actions that they dispatch wait until all effects have run. */

import { isSwitch } from "../model/examples/examples.js";
import { focusOf } from "./view-state.js";

/** @import {BrowserHistory} from "./browser-history.js" */
/** @import {Config, GruDocument, State} from "../types.d.ts" */
/** @import {Scheduler} from "./scheduler.js" */

/**
 * @param {object} parts
 * @param {Config} parts.config
 * @param {(document: GruDocument) => void} parts.keep the reader's own work
 * @param {{follow: (state: State, before: State) => void}} parts.cards
 * @param {{flush: () => void, inspect: () => void, lookInto: () => void, write: () => void}} parts.sync
 * @param {{follow: (state: State, before: State) => void}} parts.baseline
 * @param {BrowserHistory | null} parts.browserHistory
 * @param {Scheduler} parts.scheduler
 * @returns {(state: State, before: State) => void}
 */
export function createEffects({ config, keep, cards, sync, baseline, browserHistory, scheduler }) {
  return (state, before) => {
    if (state.document !== before.document) {
      if (!state.tour.open) {
        keep(state.document);
        browserHistory?.follow(state.document, !before.tour.open && isSwitch(config, before.document, state.document));
      }
      sync.flush();
    }
    cards.follow(state, before);
    baseline.follow(state, before);
    if (focusOf(state) !== focusOf(before) || state.output !== before.output) sync.inspect();
    if (state.part !== before.part || state.looks !== before.looks || state.ablation !== before.ablation) sync.lookInto();
    if (state.writing !== before.writing) sync.write();
    scheduler.invalidate();
    if (state.trace?.complete !== before.trace?.complete || state.map?.run !== before.map?.run) scheduler.hasten();
  };
}
