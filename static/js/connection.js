/** A WebSocket that comes back: jittered back-off, and a heartbeat that notices a dead line. */

import { pingMessage } from "./wire.js";

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 5000;
const HEARTBEAT_MS = 15000;
const STALE_MS = 40000;

/**
 * @typedef {object} Listener
 * @property {() => void} opened
 * @property {() => void} lost
 * @property {(data: string | ArrayBuffer) => void} received
 *
 * @typedef {object} Connection
 * @property {(text: string) => boolean} send false when there is no open line
 */

/**
 * How long to wait before try number `attempt` (from 0): exponential, half of it random.
 * @param {number} attempt
 * @param {number} random from 0 to 1
 */
export function backoff(attempt, random) {
  const whole = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);
  return whole / 2 + (whole / 2) * random;
}

/**
 * @param {string} url
 * @param {Listener} listener
 * @returns {Connection}
 */
export function connect(url, listener) {
  /** @type {WebSocket | null} */
  let socket = null;
  let attempt = 0;
  let heard = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  function dial() {
    clearTimeout(timer);
    const mine = new WebSocket(url);
    mine.binaryType = "arraybuffer";
    mine.onopen = () => {
      attempt = 0;
      heard = Date.now();
      listener.opened();
    };
    mine.onmessage = (event) => {
      heard = Date.now();
      listener.received(event.data);
    };
    mine.onclose = () => {
      if (mine === socket) redial();
    };
    socket = mine;
  }

  function redial() {
    socket = null;
    listener.lost();
    timer = setTimeout(dial, backoff(attempt, Math.random()));
    attempt += 1;
  }

  function dialNow() {
    if (socket === null) dial();
  }

  setInterval(() => {
    if (socket?.readyState !== WebSocket.OPEN) return;
    const dead = Date.now() - heard > STALE_MS;
    if (dead) {
      socket.close();
      redial();
    } else {
      socket.send(pingMessage(heard % 1e6));
    }
  }, HEARTBEAT_MS);
  addEventListener("online", dialNow);
  addEventListener("visibilitychange", dialNow);
  dial();

  return {
    send(text) {
      if (socket?.readyState !== WebSocket.OPEN) return false;
      socket.send(text);
      return true;
    },
  };
}
