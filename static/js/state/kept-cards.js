/** Keeps the cards that the page was given, and finds them again when their network is opened. */

/** @import {Card, State} from "../types.d.ts" */
/** @import {Persistence} from "./persistence.js" */
/** @import {Store} from "./store.js" */

/**
 * @param {Pick<Store, "get" | "dispatch">} store
 * @param {Pick<Persistence, "card" | "keepCard">} persistence
 */
export function createKeptCards({ get, dispatch }, persistence) {
  /** @param {string | null} digest that of the document's network, null if it is not of a file */
  async function recall(digest) {
    if (digest === null || digest in get().cards) return;
    const card = await persistence.card(digest);
    // The card beside a file is newer than one from an earlier visit.
    const { document, network, cards } = get();
    const named = digestOf({ document }) === digest && Object.keys(network.card).length > 0;
    if (card !== null && !named && !(digest in cards)) dispatch({ type: "card given", digest, card });
  }

  return {
    recall: () => recall(digestOf(get())),

    /**
     * @param {State} state
     * @param {State} before
     */
    follow(state, before) {
      if (state.cards !== before.cards) {
        for (const [digest, card] of Object.entries(state.cards)) {
          if (card !== before.cards[digest]) void persistence.keepCard(digest, /** @type {Card} */ (card));
        }
      }
      if (digestOf(state) !== digestOf(before)) void recall(digestOf(state));
    },
  };
}

/** @param {Pick<State, "document">} state */
function digestOf({ document: { network } }) {
  return network.kind === "file" ? network.digest ?? null : null;
}
