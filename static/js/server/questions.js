/** Questions about the selected value: its terms, all vectors of its step, and the terms of an output. One set is asked at a time; the newest wins. */

import { frameLayer } from "../model/cell/layers.js";
import { inspectMessage, outputMessage, stepMessage } from "./wire.js";

/** @import {Explained, Frame, Selection, StepFrame} from "../types.d.ts" */

/** @typedef {{explained: Explained | null, step: StepFrame | null, output: Explained | null}} Answers */

/** The value that an output is called. */
const OUTPUT = "y";

/**
 * @param {object} options
 * @param {(text: string) => boolean} options.send
 * @param {() => number} options.nextId
 * @param {(answers: Answers) => void} options.answered called with all answers, null for a refused one
 */
export function createQuestions({ send, nextId, answered }) {
  /** @type {Set<number>} ids of unanswered questions */
  const waiting = new Set();
  /** @type {Explained | null} */
  let explained = null;
  /** @type {StepFrame | null} */
  let step = null;
  /** @type {Explained | null} */
  let output = null;
  let wanted = false;
  /** @type {() => void} */
  let askAgain = () => {};

  /** @param {(id: number) => string} message */
  function put(message) {
    const id = nextId();
    if (send(message(id))) waiting.add(id);
  }

  /** @param {number} id */
  function take(id) {
    waiting.delete(id);
    if (waiting.size > 0) return;
    if (explained !== null || step !== null || output !== null) answered({ explained, step, output });
    explained = step = output = null;
    if (wanted) askAgain();
  }

  return {
    /**
     * @param {Selection} place the value to explain
     * @param {number} t the step of the vectors
     * @param {number | null} unit the output to explain, null for none
     * @param {() => void} again asks about the value selected by then
     */
    ask(place, t, unit, again) {
      askAgain = again;
      wanted = waiting.size > 0;
      if (wanted) return;
      put((id) => inspectMessage(id, place));
      put((id) => stepMessage(id, place, t));
      if (unit !== null) put((id) => outputMessage(id, t, unit));
    },
    /** A run is about to arrive; questions wait until then. */
    postpone() {
      wanted = true;
    },
    postponed: () => wanted && waiting.size === 0,
    forget() {
      waiting.clear();
      explained = step = output = null;
    },
    /** @param {Explained} message */
    receiveExplained(message) {
      if (message.quantity === OUTPUT) output = message;
      else explained = message;
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
