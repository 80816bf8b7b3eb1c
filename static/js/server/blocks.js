/** Asks for the visible blocks of the embedding's or the readout's arrays: each when it is first wanted, and again when edits have changed it. */

import { arraysOf, lookOf } from "../model/weights/ends.js";
import { editsIn } from "../model/edits/edits.js";
import { blockMessage } from "./wire.js";

/** @import {ArrayName, BlockStart, Edit, GruDocument, Part, State} from "../types.d.ts" */

/**
 * @param {object} options
 * @param {(text: string) => boolean} options.send
 * @param {() => number} options.nextId
 */
export function createBlocks({ send, nextId }) {
  /** The blocks that were asked for since the edits changed. @type {Map<ArrayName, BlockStart>} */
  const asked = new Map();
  /** @type {Part} */
  let part = "layer";
  /** @type {readonly Edit[]} */
  let edits = [];

  function forget() {
    asked.clear();
  }

  return {
    forget,
    /**
     * @param {Pick<State, "part" | "looks" | "network">} state
     * @param {GruDocument} document the one that the server has
     */
    ask(state, document) {
      const present = state.part === "layer" ? [] : editsIn(document.edits, { part: state.part });
      const changed = present.length !== edits.length || present.some((edit, i) => edit !== edits[i]);
      if (state.part !== part || changed) forget();
      [part, edits] = [state.part, present];
      if (part === "layer") return;
      for (const name of Object.keys(arraysOf(state.network.parts, part))) {
        const look = lookOf(state, name);
        const before = asked.get(name);
        if (before?.row === look.row && before.column === look.column) continue;
        if (send(blockMessage(nextId(), part, name, look))) asked.set(name, look);
      }
    },
  };
}
