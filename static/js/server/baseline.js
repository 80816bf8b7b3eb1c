/**
 * A pinned run to compare others with. It has its own connection and store, and asks the server about the place that the page shows, so its
 * numbers come from the server like those of the present run.
 */

import { sameLayer } from "../model/cell/layers.js";
import { within } from "../model/comparison.js";
import { viewOf } from "../model/document.js";
import { NO_ENDS } from "../model/weights/ends.js";
import { createStore } from "../state/store.js";
import { focusOf } from "../state/view-state.js";
import { createSync } from "./sync.js";

/** @import {Before, InLayer, Notice, State} from "../types.d.ts" */
/** @import {Action} from "../state/types.d.ts" */
/** @import {Store} from "../state/store.js" */
/** @import {Transport} from "./connection.js" */

/** @typedef {{close: () => void, show: () => void, look: (state: State) => void}} Line */

/** The parts of the pinned run's state that the page shows. */
const SHOWN = /** @type {const} */ (["document", "network", "model", "original", "weights", "trace", "answer", "map", "ends", "step", "explained"]);

/**
 * @param {Store} store
 * @param {object} options
 * @param {(state: State, action: Action) => State} options.reduce
 * @param {Transport} options.transport
 * @param {number} options.messageBytes
 * @param {(notice: Notice) => void} options.notify
 */
export function createBaseline(store, { reduce, transport, messageBytes, notify }) {
  /** @type {Line | null} */
  let line = null;
  /** The reader's own pinned run while the tour is open; what it receives then is not shown. @type {Line | null} */
  let aside = null;

  function pin() {
    line?.close();
    line = open();
    line.show();
  }

  /**
   * A page of the tour begins or the tour ends. The tour does not show runs pinned before; the reader's own pinned run returns after the tour.
   * @param {State["tour"]} tour
   * @param {State["tour"]} before
   */
  function turn(tour, before) {
    if (tour.open && !before.open) aside = line;
    else line?.close();
    line = tour.open ? null : aside;
    if (tour.open) return;
    aside = null;
    line?.show();
  }

  function unpin() {
    close();
    store.dispatch({ type: "compared with", baseline: null });
  }

  function close() {
    line?.close();
    line = null;
  }

  function open() {
    const own = createStore(beginning(store.get()), reduce);
    const sync = createSync(own, {
      send: (text) => connection.send(text),
      messageBytes,
      refused(_, message) {
        if (line !== mine) return;
        unpin();
        notify({ kind: "error", text: `The pinned run is no longer available: ${message}` });
      },
      warned: (text) => notify({ kind: "error", text }),
      confirmed: () => connection.confirm(),
    });
    own.subscribe((now, then) => {
      if (line === mine && SHOWN.some((part) => now[part] !== then[part])) store.dispatch({ type: "compared with", baseline: shownOf(now) });
      if (focusOf(now) !== focusOf(then)) sync.inspect();
      if (now.part !== then.part || now.looks !== then.looks) sync.lookInto();
    });
    const connection = transport.connect({ ...sync.listener, refused: () => {} });
    /** @type {Line} */
    const mine = {
      close() {
        sync.close();
        connection.close();
      },
      show: () => store.dispatch({ type: "compared with", baseline: shownOf(own.get()) }),
      look(state) {
        showLayer(viewOf(state.document));
        own.dispatch({ type: "looked at", selection: within(focusOf(state), own.get()) });
        own.dispatch({ type: "looked into", part: state.part, looks: state.looks });
      },
    };
    return mine;

    /** @param {InLayer} view the layer and direction that the page shows, which the pinned network may lack */
    function showLayer(view) {
      const { document, network } = own.get();
      const has = network.parts.layers[view.layer]?.directions.includes(view.direction);
      if (!has || sameLayer(view, viewOf(document))) return;
      own.dispatch({ type: "layer shown", place: view });
      sync.flush();
    }
  }

  return {
    pin,
    unpin,
    /** Close every connection permanently. */
    close() {
      close();
      aside?.close();
    },
    /**
     * @param {State} state the page's present state
     * @param {State} before
     */
    follow(state, before) {
      if (state.tour.open !== before.tour.open || state.tour.page !== before.tour.page) turn(state.tour, before.tour);
      if (focusOf(state) !== focusOf(before) || state.part !== before.part || state.looks !== before.looks) line?.look(state);
    },
  };
}

/**
 * @param {State} state
 * @returns {State} the state of a page that has only its document
 */
function beginning(state) {
  return {
    ...state, selection: focusOf(state), preview: null, baseline: null, compare: "now", connection: "connecting", synced: false,
    model: null, trace: null, answer: null, map: null, ends: NO_ENDS, step: null, explained: null, original: {}, weights: {},
  };
}

/**
 * @param {State} state
 * @returns {Before}
 */
function shownOf(state) {
  return /** @type {Before} */ (/** @type {unknown} */ (Object.fromEntries(SHOWN.map((part) => [part, state[part]]))));
}
