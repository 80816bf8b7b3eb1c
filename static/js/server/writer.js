/** Asks the server to write on, once it has the page's document, and again when the document has changed. */

import { stopWritingMessage, writeMessage } from "./wire.js";

/** @import {State} from "../types.d.ts" */

/**
 * @param {object} options
 * @param {(text: string) => boolean} options.send
 * @param {() => number} options.nextId
 * @param {(id: number) => void} options.sent
 */
export function createWriter({ send, nextId, sent }) {
  /** The id of the message that the server is working on. @type {number | null} */
  let running = null;
  /** What was sent last; the store may not know yet that it was. @type {State["writing"]} */
  let last = null;

  return {
    /**
     * @param {Pick<State, "writing">} state
     * @param {boolean} ready whether the server has the page's document, and has computed it
     */
    follow({ writing }, ready) {
      const wanted = writing?.status === "waiting";
      if (running !== null && !wanted && writing?.id !== running) stop(running);
      if (running !== null && writing?.id === running && writing.status === "stopped") stop(running);
      if (!wanted || !ready || writing === null || writing === last) return;
      const id = nextId();
      if (!send(writeMessage(id, writing))) return;
      last = writing;
      running = id;
      sent(id);
    },
    /** The server has ended by itself. */
    ended() {
      running = null;
    },
  };

  /** @param {number} id */
  function stop(id) {
    running = null;
    send(stopWritingMessage(id));
  }
}
