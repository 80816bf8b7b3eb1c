/** Questions about the selected value: its terms, and all vectors of its step. One pair is asked at a time; the newest wins. */

import { frameLayer } from "../model/cell/layers.js";
import { inspectMessage, stepMessage } from "./wire.js";

/** @import {Explained, Frame, Selection, StepFrame} from "../types.d.ts" */

/**
 * @param {object} options
 * @param {(text: string) => boolean} options.send
 * @param {(explained: Explained | null, step: StepFrame | null) => void} options.answered called with both answers, null for a refused one
 */
export function createQuestions({ send, answered }) {
  let last = 0;
  /** @type {Set<number>} ids of unanswered questions */
  const waiting = new Set();
  /** @type {Explained | null} */
  let explained = null;
  /** @type {StepFrame | null} */
  let step = null;
  let wanted = false;
  /** @type {() => void} */
  let askAgain = () => {};

  /** @param {(id: number) => string} message */
  function put(message) {
    last += 1;
    if (send(message(last))) waiting.add(last);
  }

  /** @param {number} id */
  function take(id) {
    waiting.delete(id);
    if (waiting.size > 0) return;
    if (explained !== null || step !== null) answered(explained, step);
    explained = step = null;
    if (wanted) askAgain();
  }

  return {
    /**
     * @param {Selection} place the value to explain
     * @param {number} t the step of the vectors
     * @param {() => void} again asks about the value selected by then
     */
    ask(place, t, again) {
      askAgain = again;
      wanted = waiting.size > 0;
      if (wanted) return;
      put((id) => inspectMessage(id, place));
      put((id) => stepMessage(id, place, t));
    },
    /** A run is about to arrive; questions wait until then. */
    postpone() {
      wanted = true;
    },
    postponed: () => wanted && waiting.size === 0,
    forget() {
      waiting.clear();
      explained = step = null;
    },
    /** @param {Explained} message */
    receiveExplained(message) {
      explained = message;
      take(message.id);
    },
    /** @param {Frame} frame */
    receiveStep(frame) {
      const { metadata: { id, run, t }, arrays } = frame;
      const data = Object.entries(arrays).map(([name, tensor]) => [name, tensor.data]);
      step = { ...frameLayer(frame), run: Number(run), t: Number(t), arrays: Object.fromEntries(data) };
      take(Number(id));
    },
    /** @param {number} id of a question that was refused */
    receiveError: take,
  };
}
