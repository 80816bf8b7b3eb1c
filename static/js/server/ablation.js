/** Asks for the network's scores without each of its units, once the server has the document, and stops when the page wants them no longer. */

import { viewOf } from "../model/document.js";
import { changesNetwork, settingsOf } from "../model/units/ablation.js";
import { ablateMessage, stopMessage } from "./wire.js";

/** @import {Store} from "../state/store.js" */
/** @import {Ablation, GruDocument, State, UnitMessage, WireError} from "../types.d.ts" */

/**
 * @param {Pick<Store, "get" | "dispatch">} store
 * @param {{send: (text: string) => boolean, nextId: () => number}} options
 */
export function createAblation({ get, dispatch }, { send, nextId }) {
  /** The request that the server works on, null if there is none. @type {number | null} */
  let id = null;
  /** What was asked for last. @type {Ablation | null} */
  let asked = null;

  return {
    /**
     * @param {Pick<State, "ablation" | "document" | "network">} state
     * @param {GruDocument} sent the document that the server has
     */
    ask({ ablation, document, network }, sent) {
      if (id !== null && (ablation === null || ablation.status === "stopped")) {
        send(stopMessage(id));
        id = null;
      }
      if (ablation?.status !== "asked" || ablation === asked) return;
      const { training } = network.card;
      if (training === undefined || changesNetwork(sent, document)) return;
      const next = nextId();
      if (!send(ablateMessage(next, viewOf(document), { task: training.task, settings: settingsOf(training) ?? {} }))) return;
      id = next;
      asked = ablation;
      dispatch({ type: "units sent", document: sent });
    },

    /** @param {UnitMessage} message */
    receive(message) {
      if (message.id !== id) return;
      if (message.type === "ended") id = null;
      dispatch({ type: "units said", message });
    },

    /**
     * @param {WireError} error
     * @returns {boolean} whether it is about the scores
     */
    receiveError(error) {
      if (id === null || error.id !== id) return false;
      id = null;
      dispatch({ type: "units failed", fault: error.message });
      return true;
    },

    /** The server works on nothing any more: ask again for what it had begun. */
    forget() {
      id = asked = null;
      if (get().ablation?.status === "running") dispatch({ type: "units asked" });
    },
  };
}
