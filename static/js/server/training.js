/**
 * The connection to the page's training. It is opened when the reader starts the first training, or when a reloaded page had one. It has a
 * WebSocket of its own, so that edits never wait behind snapshots.
 */

import { isBusy } from "../model/training/training.js";

/** @import {Connection, Transport} from "./connection.js" */
/** @import {Actions} from "../state/actions.js" */
/** @import {Store} from "../state/store.js" */
/** @import {TrainingMessage, TrainingOrigin, TrainingSpec} from "../types.d.ts" */

/** The key of a left page's training in sessionStorage. */
const KEY = "gruscope training";
/** Messages that arrive within this time of each other are shown together. */
const GATHER_MS = 100;

/** @typedef {ReturnType<typeof createTraining>} TrainingLink */

/**
 * @param {Store} store
 * @param {object} options
 * @param {Transport["connect"] | undefined} options.connect undefined if the server trains nothing
 * @param {Pick<Actions, "askTraining" | "tellTraining">} options.actions
 * @param {Storage | null} options.storage where a page that is left puts its training's id, null if it does not have the tab to itself
 * @param {(event: "pagehide" | "pageshow", listener: () => void) => void} options.listen
 */
export function createTraining(store, { connect, actions, storage, listen }) {
  /** @type {Connection | null} */
  let connection = null;
  /** the message to send first when the connection opens @type {string | null} */
  let first = null;
  /** @type {TrainingMessage[]} */
  let gathered = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let lastShown = 0;

  /** @param {object} message lost if there is no connection: the training goes on or has ended, and the page will be told */
  function send(message) {
    connection?.send(JSON.stringify(message));
  }

  /** @param {object} message that begins or finds a training */
  function sendFirst(message) {
    const text = JSON.stringify(message);
    if (connection?.send(text)) return;
    first = text;
    connection ??= connect?.({ opened, lost: () => {}, received, refused: () => {} }) ?? null;
  }

  function opened() {
    const { id } = store.get().training;
    const text = first ?? (id === null ? null : JSON.stringify({ type: "attach", id }));
    first = null;
    if (text !== null) connection?.send(text);
  }

  /** @param {string | ArrayBuffer} data */
  function received(data) {
    if (typeof data !== "string") return;
    connection?.confirm();
    gathered.push(JSON.parse(data));
    // What answers the reader is shown at once.
    const wait = gathered.some(({ type }) => type === "error" || type === "status") ? 0 : lastShown + GATHER_MS - performance.now();
    clearTimeout(timer);
    if (wait <= 0) show();
    else timer = setTimeout(show, wait);
  }

  function show() {
    clearTimeout(timer);
    lastShown = performance.now();
    const messages = gathered;
    gathered = [];
    if (messages.length > 0) actions.tellTraining(messages);
  }

  // A duplicated tab has a copy of sessionStorage; it must not take the training over, so the id is there only between two pages.
  listen("pagehide", () => {
    const { training } = store.get();
    if (training.id !== null) write(storage, training.id);
  });
  listen("pageshow", () => take(storage));
  const kept = take(storage);
  if (connect !== undefined && kept !== null) sendFirst({ type: "attach", id: kept });

  return {
    /** @param {TrainingSpec} spec */
    start(spec) {
      actions.askTraining(spec);
      sendFirst({ type: "start", training: spec });
    },
    pause: () => send({ type: "pause" }),
    stop: () => send({ type: "stop" }),
    /** @param {TrainingOrigin | null} origin */
    resume: (origin) => send({ type: "resume", origin }),
    /** @param {TrainingOrigin | null} origin */
    oneStep: (origin) => send({ type: "one_step", origin }),
    /** Whether there is one that would be lost by starting another. */
    isBusy: () => isBusy(store.get().training),
    close() {
      clearTimeout(timer);
      connection?.close();
    },
  };
}

/** @param {Storage | null} storage */
function take(storage) {
  try {
    const id = storage?.getItem(KEY) ?? null;
    storage?.removeItem(KEY);
    return id;
  } catch {
    return null;
  }
}

/**
 * @param {Storage | null} storage
 * @param {string} id
 */
function write(storage, id) {
  try {
    storage?.setItem(KEY, id);
  } catch {
    // Without storage a reload ends the training.
  }
}
