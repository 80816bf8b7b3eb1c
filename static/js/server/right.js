/** Asks for the right answers to the input, once the server has it: again for every other input, network or rule. */

import { rightFrom, ruleOf } from "../model/card/right.js";
import { targetMessage } from "./wire.js";

/** @import {Config, Frame, GruDocument, Network, Right} from "../types.d.ts" */
/** @import {Rule} from "../model/card/right.js" */

/** @typedef {{id: number, rule: Rule, document: GruDocument}} Question */

/**
 * @param {object} options
 * @param {(text: string) => boolean} options.send
 * @param {() => number} options.nextId
 * @param {Config["tasks"]} options.tasks
 */
export function createRight({ send, nextId, tasks }) {
  /** The newest question, null before the first. @type {Question | null} */
  let asked = null;

  return {
    /**
     * @param {{network: Network}} state
     * @param {GruDocument} document the one that the server has
     */
    ask({ network }, document) {
      const rule = document.target ? null : ruleOf({ tasks }, network);
      if (rule === null) {
        asked = null;
        return;
      }
      if (asked !== null && asked.document.input === document.input && asked.document.network === document.network && sameRule(asked.rule, rule)) return;
      const id = nextId();
      if (send(targetMessage(id, rule))) asked = { id, rule, document };
    },

    /**
     * The answer to the newest question, null if a frame answers an older one.
     * @param {Frame} frame
     * @returns {Right | null}
     */
    receive(frame) {
      return asked !== null && Number(frame.metadata.id) === asked.id ? rightFrom(frame, asked.document.input, asked.rule) : null;
    },

    /**
     * A refusal: the task's rule does not say what is right, so nothing is marked.
     * @param {number | null} id
     * @returns {boolean} whether it is about the right answers
     */
    receiveError: (id) => asked !== null && asked.id === id,

    forget() {
      asked = null;
    },
  };
}

/**
 * @param {Rule} a
 * @param {Rule} b
 */
function sameRule(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}
