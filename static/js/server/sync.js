/**
 * Keeps the server's copy of the document up to date, and the store's trace with it.
 *
 * What to send is the difference between the document last sent and the one in the store, so undo, a drag and a paste
 * are one thing. While a run is in flight the next edit waits for it, but not longer than PATIENCE_MS: short runs are
 * each shown, long ones are overtaken.
 */

import { diff, inputLength } from "../model/document.js";
import { changedValues } from "../model/equations.js";
import { focusOf, heldInNumber } from "../state/view-state.js";
import { scaleOf } from "../model/scale.js";
import { mergeSteps, startTrace } from "./trace.js";
import { editMessage, inspectMessage, openMessage, readFrame, readMessage, stepMessage } from "./wire.js";

/** @import {Change, Frame, GruDocument, Model, Opened, PageTrace, ServerMessage, State, WireError} from "../types.d.ts" */
/** @import {Store} from "../state/store.js" */

const PATIENCE_MS = 60;
/** An answer asked for less than this ago is worth waiting for: one frame with it, not one without and one with. */
const AWAIT_MS = 48;
/** After a refusal the server is not asked again at once, and later where it was too busy. */
const REOPEN_MS = 300;
const BUSY_MS = 2000;

/**
 * @param {Store} store
 * @param {object} options
 * @param {(text: string) => boolean} options.send
 * @param {number} options.messageBytes the server's limit
 * @param {(before: GruDocument | null, message: string, field: string | null) => void} options.refused a document was refused: `before` is the
 *   last one that stood, null where none did
 * @param {(message: string) => void} options.warned the server complained about something else
 * @param {() => void} options.confirmed the server took a document
 */
export function createSync(store, { send, messageBytes, refused, warned, confirmed }) {
  let run = 0;
  /** @type {GruDocument | null} */
  let sent = null;
  /** @type {{run: number, before: GruDocument | null}[]} */
  let unanswered = [];
  /** @type {{run: number, at: number} | null} */
  let flight = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** an answer to `open` or to a whole new document is awaited */
  let opening = false;
  let quietUntil = 0;
  let question = 0;
  /** @type {Set<number>} questions that wait for their answers */
  const asked = new Set();
  let askAgain = false;

  /** Send what the server does not have yet. */
  function flush() {
    clearTimeout(timer);
    const { connection, document } = store.get();
    if (document !== sent) store.update({ synced: false });
    if (connection !== "open" || opening || document === sent) return;
    const wait = Math.max(quietUntil, flight ? flight.at + PATIENCE_MS : 0) - performance.now();
    if (wait > 0) {
      timer = setTimeout(flush, wait);
      return;
    }
    const changes = sent === null ? [] : diff(sent, document);
    const messages = sent === null ? [openMessage(run + 1, document)] : changes.map(asMessage);
    const largest = Math.max(0, ...messages.map((message) => message.length));
    if (largest > messageBytes) {
      refused(sent, `This edit makes a message of ${kibi(largest)}; at most ${kibi(messageBytes)} fit.`, null);
      return;
    }
    for (const message of messages) dispatch(message);
    opening = sent === null || changes[0]?.kind === "document";
    if (!opening) startRun(changes, document);
    sent = document;
    // Where nothing changed that is computed, what has come stands.
    if (messages.length === 0 && flight === null) store.update({ synced: true });
  }

  /**
   * @param {Change} change
   * @param {number} i its place among those sent together, each a run of its own
   */
  function asMessage(change, i) {
    return editMessage(run + 1 + i, standing(change), change);
  }

  /**
   * How many leading steps stand whatever a change does.
   * @param {Change} change
   */
  function standing(change) {
    return change.kind === "input" ? Math.min(change.start, store.get().trace?.have ?? 0) : 0;
  }

  /**
   * The trace of the run just sent; a whole new document's begins when the server has opened it.
   * @param {Change[]} changes
   * @param {GruDocument} after
   */
  function startRun(changes, after) {
    const { trace } = store.get();
    if (trace === null || changes.length === 0) return;
    const keep = Math.min(...changes.map(standing));
    store.update({ trace: startTrace(trace, run, { ...trace, steps: inputLength(after.input) }, keep) });
  }

  /** @param {string} text */
  function dispatch(text) {
    if (!send(text)) return;
    run += 1;
    unanswered.push({ run, before: sent });
    flight = { run, at: performance.now() };
  }

  /**
   * Ask for the terms of the value that is seen, and for all of its step; the newest question wins, and a run about to
   * come is waited for, as it asks anew.
   */
  function inspect() {
    const { connection, trace } = store.get();
    if (connection !== "open" || trace === null || sent === null) return;
    if (asked.size > 0 || awaiting()) {
      askAgain = true;
      return;
    }
    const { quantity, t, unit } = focusOf(heldInNumber(store.get()));
    const { t: shown } = focusOf(store.get());
    if (t >= trace.steps || unit >= trace.hidden) return;
    askAgain = false;
    ask((id) => inspectMessage(id, quantity, t, unit));
    ask((id) => stepMessage(id, Math.min(shown, trace.steps - 1)));
  }

  /** @param {(id: number) => string} message */
  function ask(message) {
    question += 1;
    if (send(message(question))) asked.add(question);
  }

  /** Whether the run just asked for may come in time for the next frame. */
  function awaiting() {
    return flight !== null && performance.now() - flight.at < AWAIT_MS;
  }

  /** @param {number} id */
  function answered(id) {
    asked.delete(id);
    if (askAgain) inspect();
  }

  /** @param {Frame} frame */
  function receiveFrame(frame) {
    const { trace, weights } = store.get();
    const { type, of } = frame.metadata;
    if (type === "step") return receiveStep(frame);
    if (type === "weights" && of === "network") store.update({ original: frame.arrays, weights: frame.arrays });
    else if (type === "weights") store.update({ weights: { ...weights, ...frame.arrays } });
    else if (trace && Number(frame.metadata.run) === trace.run && trace.run === run) {
      store.update({ trace: mergeSteps(trace, frame) });
      if (askAgain && asked.size === 0 && !awaiting()) inspect();
    }
  }

  /** @param {Frame} frame */
  function receiveStep({ metadata: { id, run: of, t }, arrays }) {
    const data = Object.entries(arrays).map(([name, tensor]) => [name, tensor.data]);
    store.update({ step: { run: Number(of), t: Number(t), arrays: Object.fromEntries(data) } });
    answered(Number(id));
  }

  /** @param {ServerMessage} message */
  function receiveMessage(message) {
    if (message.type === "opened" && message.run === run) {
      opening = false;
      confirmed();
      store.update(begun(store.get(), message));
      flush();
    } else if (message.type === "done" && message.run === run) {
      unanswered = [];
      flight = null;
      store.update({ synced: store.get().document === sent });
      flush();
      inspect();
    } else if (message.type === "explained") {
      store.update({ explained: message });
      answered(message.id);
    } else if (message.type === "error") {
      receiveError(message);
    }
  }

  /** @param {WireError} error */
  function receiveError(error) {
    if (error.id !== null) answered(error.id);
    else if (error.run === null) warned(error.message);
    const entry = unanswered.find((other) => other.run === error.run);
    if (!entry) return;
    flight = null;
    unanswered = [];
    sent = null;
    opening = false;
    const busy = error.code === "busy";
    quietUntil = performance.now() + (busy ? BUSY_MS : REOPEN_MS);
    if (busy) warned(error.message);
    else refused(entry.before, error.message, error.field);
    flush();
  }

  return {
    flush,
    inspect,
    /** Whether the run just asked for may come in time for the next frame. */
    awaiting,
    opened() {
      sent = null;
      opening = false;
      quietUntil = 0;
      flight = null;
      asked.clear();
      unanswered = [];
      store.update({ connection: "open" });
      flush();
    },
    lost() {
      store.update({ connection: "lost", synced: false });
    },
    /** @param {string | ArrayBuffer} data */
    received(data) {
      if (typeof data === "string") receiveMessage(readMessage(data));
      else receiveFrame(readFrame(data));
    },
  };
}

/** @param {number} bytes */
function kibi(bytes) {
  return `${Math.round(bytes / 1024)} KiB`;
}

/**
 * What a document that the server opened changes: its model, where that is another, and an empty trace.
 * @param {State} state
 * @param {Opened} message
 * @returns {Partial<State>}
 */
function begun({ model: before, trace }, message) {
  const { run, steps, hidden_size: hidden } = message;
  const model = modelOf(message);
  const same = JSON.stringify(model) === JSON.stringify(before);
  const { values, equations } = model;
  const scales = Object.fromEntries(equations.map(({ value }) => [value, heldScale(trace, model, value)]));
  const begins = { trace: startTrace(trace, run, { values, scales, steps, hidden }, 0), step: null };
  return same ? begins : { ...begins, model, changed: changedValues(before, model) };
}

/**
 * @param {Opened} message
 * @returns {Model}
 */
function modelOf({ cell, title, form, values, equations, stages, arrays }) {
  return { cell, title, form, values, equations, stages: stages ?? values.map((value) => [value]), arrays };
}

/**
 * A value's scale, as wide as it has become.
 * @param {PageTrace | null} trace
 * @param {Model} model
 * @param {string} value
 */
function heldScale(trace, model, value) {
  const scale = scaleOf(model, value);
  const held = trace?.scales[value];
  return scale.grows && held?.grows ? held : scale;
}
