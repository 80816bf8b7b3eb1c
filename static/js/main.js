/** Mounts the page into its document, with a WebSocket to its server. */

import { mount } from "./mount.js";
import { webSocketTransport } from "./server/connection.js";
import { createReadTable } from "./server/table.js";
import { createKeep, createReadCard, createUpload } from "./server/upload.js";

/** @import {Mounted} from "./mount.js" */
/** @import {Config} from "./types.d.ts" */

export const page = start();

/** @returns {Mounted} */
export function start() {
  /** @type {Config} */
  const config = JSON.parse(document.getElementById("config")?.textContent ?? "");
  const socket = (/** @type {string} */ path) => {
    const url = new URL(path, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    return url.href;
  };
  const api = (/** @type {string} */ name) => new URL(`/api/${name}`, location.href).href;
  const transport = {
    ...webSocketTransport(socket(config.socket)),
    ...(config.training && { train: webSocketTransport(socket(config.training.socket)).connect }),
    keep: createKeep(api("networks")),
    upload: createUpload(api("networks")),
    readCard: createReadCard(api("card")),
    readTable: createReadTable(api("table")),
  };
  const started = mount(document.documentElement, { config, transport, browser: window, refused: () => void askForToken(started) });
  return started;
}

/**
 * If a restarted server requires another token, say so; otherwise "connection lost" is enough.
 * @param {Mounted} started
 */
async function askForToken({ notify }) {
  const answer = await fetch("/", { method: "HEAD", cache: "no-store" }).catch(() => null);
  if (answer?.status !== 401) return;
  const enter = { label: "Enter it in a new tab", run: () => void open("/", "_blank") };
  notify({ kind: "error", text: "The server needs a new token. Once you enter it, this page reconnects. Your work is kept.", actions: [enter] });
}
