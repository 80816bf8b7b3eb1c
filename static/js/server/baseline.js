/**
 * A run pinned to compare others with. Its document stays open on a line of its own, as a second reader's would, and is asked about
 * whatever is seen: so every view has its numbers from the same place as those of now.
 */

import { within } from "../model/comparison.js";
import { connect } from "./connection.js";
import { focusOf } from "../state/view-state.js";
import { createStore } from "../state/store.js";
import { createSync } from "./sync.js";

/** @import {Before, Notice, State} from "../types.d.ts" */
/** @import {Store} from "../state/store.js" */

/** What of the pinned run's own state the page shows. */
const SHOWN = /** @type {const} */ (["document", "network", "model", "original", "weights", "trace", "step", "explained"]);

/**
 * @param {Store} store
 * @param {object} options
 * @param {string} options.url
 * @param {number} options.messageBytes
 * @param {(notice: Notice) => void} options.notify
 */
export function createBaseline(store, { url, messageBytes, notify }) {
  /** @type {{close: () => void, look: (state: State) => void} | null} */
  let line = null;

  store.subscribe((state, before) => {
    if (focusOf(state) !== focusOf(before)) line?.look(state);
  });

  function pin() {
    unpin();
    line = openLine();
  }

  function unpin() {
    line?.close();
    line = null;
    store.update({ baseline: null, compare: "now" });
  }

  function openLine() {
    const own = createStore({
      ...store.get(), selection: focusOf(store.get()), preview: null, baseline: null, compare: "now", connection: "connecting", synced: false,
      model: null, trace: null, step: null, explained: null, original: {}, weights: {},
    });
    const sync = createSync(own, {
      send: (text) => connection.send(text),
      messageBytes,
      refused: (_, message) => {
        unpin();
        notify({ kind: "error", text: `The pinned run cannot be had any more: ${message}` });
      },
      warned: (text) => notify({ kind: "error", text }),
      confirmed: () => connection.confirm(),
    });
    own.subscribe((now, then) => {
      if (SHOWN.some((part) => now[part] !== then[part])) store.update({ baseline: shownOf(now) });
      if (focusOf(now) !== focusOf(then)) sync.inspect();
    });
    store.update({ baseline: shownOf(own.get()) });
    const connection = connect(url, { ...sync, refused: () => {} });
    return {
      close: connection.close,
      /** @param {State} state of the page */
      look: (state) => own.update({ selection: within(focusOf(state), own.get()) }),
    };
  }

  return { pin, unpin };
}

/**
 * @param {State} state
 * @returns {Before}
 */
function shownOf(state) {
  return /** @type {Before} */ (/** @type {unknown} */ (Object.fromEntries(SHOWN.map((part) => [part, state[part]]))));
}
