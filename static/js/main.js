/** Mounts the page into its document, with a WebSocket to its server. */

import { mount } from "./mount.js";
import { webSocketTransport } from "./server/connection.js";

/** @import {Config} from "./types.d.ts" */

/** @type {Config} */
const config = JSON.parse(document.getElementById("config")?.textContent ?? "");
const socket = new URL(config.socket, location.href);
socket.protocol = socket.protocol.replace("http", "ws");

const page = mount(document.documentElement, { config, transport: webSocketTransport(socket.href), browser: window, refused: askForToken });

/** If a restarted server requires another token, say so; otherwise "connection lost" is enough. */
async function askForToken() {
  const answer = await fetch("/", { method: "HEAD", cache: "no-store" }).catch(() => null);
  if (answer?.status !== 401) return;
  const enter = { label: "Enter it in a new tab", run: () => void open("/", "_blank") };
  page.notify({ kind: "error", text: "The server needs a new token. Once you enter it, this page reconnects. Your work is kept.", actions: [enter] });
}
