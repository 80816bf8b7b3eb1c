/** A WebSocket that reconnects with jittered back-off, and a heartbeat that detects a dead connection. */

import { pingMessage } from "./wire.js";

/** @import {ReadTable} from "./table.js" */
/** @import {Keep, ReadCard, Upload} from "./upload.js" */

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 5000;
const HEARTBEAT_MS = 15000;
const SILENCE_MS = 20000;

/**
 * @typedef {object} Listener
 * @property {() => void} opened
 * @property {() => void} lost
 * @property {(data: string | ArrayBuffer) => void} received
 * @property {() => void} refused called if the first connection fails
 *
 * @typedef {object} Connection
 * @property {(text: string) => boolean} send returns false if there is no open connection
 * @property {() => void} confirm the connection works: after the next loss, waits are short again
 * @property {() => void} close permanently
 *
 * The way to reach a server.
 * @typedef {{connect: (listener: Listener) => Connection, upload?: Upload, readCard?: ReadCard, readTable?: ReadTable, train?: (listener: Listener) => Connection, keep?: Keep}} Transport
 */

/**
 * The wait before attempt `attempt` (from 0): exponential, half of it random.
 * @param {number} attempt
 * @param {number} random from 0 to 1
 */
export function backoff(attempt, random) {
  const whole = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);
  return whole / 2 + (whole / 2) * random;
}

/**
 * @param {string} url
 * @returns {Transport}
 */
export function webSocketTransport(url) {
  return { connect: (listener) => connect(url, listener) };
}

/**
 * @param {string} url
 * @param {Listener} listener
 * @returns {Connection}
 */
function connect(url, listener) {
  /** @type {WebSocket | null} */
  let socket = null;
  let attempt = 0;
  let opened = false;
  /** when the unanswered ping was sent, 0 if there is none */
  let pinged = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const ended = new AbortController();

  function dial() {
    clearTimeout(timer);
    if (ended.signal.aborted) return;
    const mine = new WebSocket(url);
    mine.binaryType = "arraybuffer";
    opened = false;
    mine.onopen = () => {
      opened = true;
      pinged = 0;
      listener.opened();
    };
    mine.onmessage = (event) => {
      pinged = 0;
      if (!ended.signal.aborted) listener.received(event.data);
    };
    mine.onclose = () => {
      if (mine === socket) redial();
    };
    socket = mine;
  }

  function redial() {
    socket = null;
    listener.lost();
    if (!opened) listener.refused();
    timer = setTimeout(dial, backoff(attempt, Math.random()));
    attempt += 1;
  }

  function dialNow() {
    if (socket === null) dial();
  }

  const heart = setInterval(() => {
    if (socket?.readyState !== WebSocket.OPEN) return;
    if (pinged === 0) {
      pinged = Date.now();
      socket.send(pingMessage(pinged));
    } else if (Date.now() - pinged > SILENCE_MS) {
      socket.close();
      redial();
    }
  }, HEARTBEAT_MS);
  for (const event of ["online", "visibilitychange"]) addEventListener(event, dialNow, { signal: ended.signal });
  dial();

  return {
    send(text) {
      if (socket?.readyState !== WebSocket.OPEN) return false;
      socket.send(text);
      return true;
    },
    confirm() {
      attempt = 0;
    },
    close() {
      ended.abort();
      clearInterval(heart);
      clearTimeout(timer);
      const mine = socket;
      socket = null;
      mine?.close();
    },
  };
}
