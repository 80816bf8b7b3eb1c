/**
 * Keeps the server's copy of the document up to date, and passes the server's results to the page.
 *
 * It sends the difference between the document sent last and the present one, so undo, a drag and a paste take the same path. While a run is in
 * progress the next edit waits for it for a while: each short run is shown, and long runs are overtaken.
 */

import { runSteps } from "../model/seq2seq/clock.js";
import { diff } from "../model/document.js";
import { readsInReverse } from "../model/network.js";
import { partOf } from "../model/weights/ends.js";
import { createAblation } from "./ablation.js";
import { createBlocks } from "./blocks.js";
import { inspected } from "./inspected.js";
import { createQuestions } from "./questions.js";
import { createRight } from "./right.js";
import { createWriter } from "./writer.js";
import { editMessage, openMessage, readFrame, readMessage } from "./wire.js";

/** @import {Change, Config, Frame, GruDocument, ServerMessage, WireError} from "../types.d.ts" */
/** @import {Store} from "../state/store.js" */

/** How long an edit waits for the run before it. */
const PATIENCE_MS = 60;
/** How long it waits if the last complete run took no longer. Otherwise a drag would overtake every run, and the picture would hardly move. */
const MORE_PATIENCE_MS = 250;
/** An answer requested less than this ago is worth waiting for, so that one frame is drawn instead of two. */
const AWAIT_MS = 48;
/** Frames that arrive within this time of each other are shown together. */
const GATHER_MS = 8;
/** The waits before retrying after a refusal; a busy server gets more time. */
const REOPEN_MS = 300;
const BUSY_MS = 2000;

/**
 * A run that was sent: its document, and the number of leading steps that the page already has.
 * @typedef {{run: number, document: GruDocument, keep: number, steps: number, at: number}} Flight
 */

/**
 * @param {Store} store
 * @param {object} options
 * @param {(text: string) => boolean} options.send
 * @param {number} options.messageBytes the server's limit
 * @param {Config["tasks"]} [options.tasks] those whose rule says what is right; without them the page does not ask
 * @param {(before: GruDocument | null, message: string, field: string | null) => void} options.refused a document was refused; `before` is the
 *   last one that the server accepted, null if there is none
 * @param {() => boolean} [options.isSteady] whether a gesture is in progress, during which the plots' ranges only widen
 * @param {(message: string) => void} options.warned called for any other error of the server
 * @param {() => void} options.confirmed the server accepted a document
 */
export function createSync(store, { send, messageBytes, tasks, refused, warned, confirmed, isSteady = () => false }) {
  let run = 0;
  /** @type {GruDocument | null} */
  let sent = null;
  /** @type {{run: number, before: GruDocument | null}[]} */
  let unanswered = [];
  /** @type {Flight | null} the newest run, until it is complete */
  let flight = null;
  /** @type {Flight | null} the run that frames belong to */
  let current = null;
  /** whether the answer to `open` or to a new document is pending */
  let opening = false;
  /** milliseconds that the last complete run took */
  let lastRun = Infinity;
  let quietUntil = 0;
  /** @type {Frame[]} */
  let gathered = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let sendTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let showTimer;

  let lastId = 0;
  const nextId = () => (lastId += 1);
  const blocks = createBlocks({ send, nextId });
  const ablation = createAblation(store, { send, nextId });
  const right = tasks && createRight({ send, nextId, tasks });
  const questions = createQuestions({ send, nextId, answered: (answers) => store.dispatch({ type: "answered", ...answers }) });

  const writer = createWriter({ send, nextId, sent: (id) => store.dispatch({ type: "write sent", id }) });

  /** Let the network write on, if the page wishes it and the server has computed the document. */
  function write() {
    const { connection, document } = store.get();
    writer.follow(store.get(), connection === "open" && !opening && flight === null && document === sent);
  }

  /** Send the changes that the server does not have yet. */
  function flush() {
    clearTimeout(sendTimer);
    const { connection, document } = store.get();
    if (connection !== "open" || opening || document === sent) return;
    const wait = Math.max(quietUntil, flight ? flight.at + patience() : 0) - performance.now();
    if (wait > 0) {
      sendTimer = setTimeout(flush, wait);
      return;
    }
    if (sent === null) dispatchOpen(document);
    else dispatchChanges(diff(sent, document), document);
  }

  function patience() {
    return lastRun <= MORE_PATIENCE_MS ? MORE_PATIENCE_MS : PATIENCE_MS;
  }

  /** @param {GruDocument} document */
  function dispatchOpen(document) {
    if (!fits([openMessage(run + 1, document)])) return;
    dispatch(openMessage(run + 1, document), document, 0);
    opening = true;
    sent = document;
  }

  /**
   * @param {Change[]} changes each starts a run
   * @param {GruDocument} document the result of the changes
   */
  function dispatchChanges(changes, document) {
    show();
    const standing = changes.map(stepsBefore);
    const messages = changes.map((change, i) => editMessage(run + 1 + i, standing[i], change));
    if (!fits(messages)) return;
    const keep = Math.min(...standing);
    for (const message of messages) dispatch(message, document, keep);
    opening = changes.some(({ kind }) => kind === "document" || kind === "view");
    sent = document;
    lookInto();
    write();
    if (messages.length > 0) return;
    // The change does not affect the computation: the present results, or those to come, are also those of this document.
    if (flight === null) store.dispatch({ type: "unchanged", document });
    else flight.document = document;
  }

  /** @param {string[]} messages */
  function fits(messages) {
    const largest = Math.max(0, ...messages.map((message) => message.length));
    if (largest <= messageBytes) return true;
    refused(sent, `This edit makes a message of ${kibi(largest)}; at most ${kibi(messageBytes)} fit.`, null);
    return false;
  }

  /**
   * The number of leading steps that the page has and that a change does not affect.
   * @param {Change} change
   */
  function stepsBefore(change) {
    const { trace } = store.get();
    const held = current !== null && trace?.run !== current.run ? current.keep : trace?.have ?? 0;
    if (change.kind === "input") return Math.min(change.start, held);
    return change.kind === "edits" && isOfReadout(change) ? held : 0;
  }

  /**
   * Whether a change leaves every step of every layer as it is.
   * @param {Extract<Change, {kind: "edits"}>} change
   */
  function isOfReadout({ start, remove, insert }) {
    const removed = sent?.edits.slice(start, start + remove) ?? [];
    return [...removed, ...insert].every((edit) => partOf(edit) === "readout");
  }

  /** Ask for what the page wants to show beside the run: blocks of large arrays, the scores without each unit, and the right answers. */
  function lookInto() {
    const state = store.get();
    if (state.connection !== "open" || sent === null || opening) return;
    blocks.ask(state, sent);
    ablation.ask(state, sent);
    right?.ask(state, sent);
  }

  /**
   * @param {string} text
   * @param {GruDocument} document
   * @param {number} keep
   */
  function dispatch(text, document, keep) {
    if (!send(text)) return;
    run += 1;
    unanswered.push({ run, before: sent });
    flight = current = { run, document, keep, steps: runSteps(document, store.get().network.parts), at: performance.now() };
    clearTimeout(showTimer);
    // If the answer takes longer than a few frames, mark the steps that are still to come.
    showTimer = setTimeout(show, AWAIT_MS);
  }

  /** Ask about the selected value. If a run is about to arrive, wait for it, because the questions would be repeated. */
  function inspect() {
    const { connection, trace } = store.get();
    if (connection !== "open" || trace === null || sent === null) return;
    if (awaiting()) {
      questions.postpone();
      return;
    }
    const asked = inspected(store.get());
    if (asked !== null) questions.ask(asked.place, asked.t, asked.output, inspect);
  }

  /** Whether the newest run may arrive in time for the next frame. */
  function awaiting() {
    return flight !== null && performance.now() - flight.at < AWAIT_MS;
  }

  /** @param {boolean} [done] whether the run is complete */
  function show(done = false) {
    clearTimeout(showTimer);
    if (current === null || opening || store.get().trace === null) return;
    if (gathered.length === 0 && !done && store.get().trace?.run === current.run) return;
    const frames = gathered;
    gathered = [];
    store.dispatch({ type: "arrived", arrived: { ...current, frames, done, steady: isSteady() } });
  }

  /** @param {Frame} frame */
  function receiveFrame(frame) {
    if (frame.metadata.type === "step") {
      questions.receiveStep(frame);
      return;
    }
    if (frame.metadata.type === "target") {
      const found = right?.receive(frame) ?? null;
      if (found !== null) store.dispatch({ type: "right arrived", right: found });
      return;
    }
    if (frame.metadata.type === "block") {
      store.dispatch({ type: "block arrived", frame });
      return;
    }
    const stale = frame.metadata.type === "steps" && Number(frame.metadata.run) !== run;
    if (stale) return;
    gathered.push(frame);
    clearTimeout(showTimer);
    // The last frames of a run are shown together with `done`, which follows immediately. But if a layer reads in reverse, the other layers are still
    // being computed, so the steps are shown first.
    if (!isLast(frame)) showTimer = setTimeout(receivedSome, GATHER_MS);
    else if (frame.metadata.type === "steps" && readsInReverse(store.get().network.parts)) receivedSome();
  }

  function receivedSome() {
    show();
    if (questions.postponed() && !awaiting()) inspect();
  }

  /** @param {ServerMessage} message */
  function receiveMessage(message) {
    if (message.type === "opened" && message.run === run) {
      opening = false;
      gathered = [];
      confirmed();
      store.dispatch({ type: "opened", message });
      lookInto();
      flush();
    } else if (message.type === "done" && message.run === run) {
      unanswered = [];
      if (flight !== null) lastRun = performance.now() - flight.at;
      flight = null;
      show(true);
      flush();
      inspect();
      write();
    } else if (message.type === "written") {
      if (message.done) writer.ended();
      store.dispatch({ type: "written", part: message });
    } else if (message.type === "explained") {
      questions.receiveExplained(message);
    } else if (message.type === "scored" || message.type === "ablated" || message.type === "ended") {
      ablation.receive(message);
    } else if (message.type === "error") {
      receiveError(message);
    }
  }

  /** @param {WireError} error */
  function receiveError(error) {
    if (right?.receiveError(error.id)) return; // nothing is marked, and nobody asked for it
    if (error.id !== null && error.id === store.get().writing?.id) {
      writer.ended();
      store.dispatch({ type: "write failed", id: error.id, message: error.message });
    } else if (error.id !== null && !ablation.receiveError(error)) questions.receiveError(error.id);
    else if (error.run === null) warned(error.message);
    const entry = unanswered.find((other) => other.run === error.run);
    if (!entry) return;
    forget();
    const busy = error.code === "busy";
    quietUntil = performance.now() + (busy ? BUSY_MS : REOPEN_MS);
    if (busy) warned(error.message);
    else refused(entry.before, error.message, error.field);
    flush();
  }

  /** The server has no document of ours. */
  function forget() {
    sent = null;
    opening = false;
    flight = current = null;
    unanswered = [];
    gathered = [];
    blocks.forget();
    ablation.forget();
    right?.forget();
    writer.ended();
  }

  return {
    flush,
    inspect,
    lookInto,
    write,
    awaiting,
    listener: {
      opened() {
        forget();
        quietUntil = 0;
        questions.forget();
        store.dispatch({ type: "connected" });
        flush();
      },
      lost: () => store.dispatch({ type: "disconnected" }),
      /** @param {string | ArrayBuffer} data */
      received(data) {
        if (typeof data === "string") receiveMessage(readMessage(data));
        else receiveFrame(readFrame(data));
      },
    },
    close() {
      clearTimeout(sendTimer);
      clearTimeout(showTimer);
    },
  };
}

/**
 * Whether a frame has the last steps of a run.
 * @param {Frame} frame
 */
function isLast({ metadata: { stop, total } }) {
  return stop !== undefined && stop === total;
}

/** @param {number} bytes */
function kibi(bytes) {
  return `${Math.round(bytes / 1024)} KiB`;
}
