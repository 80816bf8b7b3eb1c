/** Wires the page: store, server, views. */

import { createActions } from "./actions.js";
import { createBarsInput } from "./bars-input.js";
import { createCell } from "./cell.js";
import { connect } from "./connection.js";
import { byId, press } from "./dom.js";
import { inputLength } from "./document.js";
import { createHeader } from "./header.js";
import { createHistory } from "./history.js";
import { createInputPanel } from "./input-panel.js";
import { createKeeper, keptDocument } from "./keep.js";
import { listenToKeys } from "./keys.js";
import { createNotice } from "./notice.js";
import { createNumber } from "./number.js";
import { createOverlay } from "./overlay.js";
import { createPlots } from "./plots.js";
import { createScheduler } from "./scheduler.js";
import { onResize } from "./size.js";
import { createStore } from "./store.js";
import { createStrip } from "./strip.js";
import { createSync } from "./sync.js";
import { createTextInput } from "./text-input.js";
import { clampZoom } from "./timeline.js";
import { createTransport } from "./transport.js";
import { createWeightEditor } from "./weight-editor.js";
import { createWeights, paintLegend } from "./weights.js";

/** @import {Config, GruDocument, State} from "./types.d.ts" */

/** @type {Config} */
const config = JSON.parse(byId("config").textContent ?? "");
const first = config.examples.find((example) => example.name === config.default) ?? config.examples[0];
const start = keptDocument() ?? first.document;
/** On a narrow screen the page opens with as many columns as can be typed into. */
const NARROW = { width: 600, columns: 20 };
const darkness = matchMedia("(prefers-color-scheme: dark)");

const store = createStore({
  document: start,
  canUndo: false,
  canRedo: false,
  network: null,
  original: {},
  weights: {},
  trace: null,
  explained: null,
  selection: first.look,
  cell: { array: "W_z", column: 0 },
  channel: 0,
  zoom: firstZoom(first.look.t, inputLength(start.input)),
  view: "heatmap",
  termOrder: "size",
  playing: false,
  speed: 5,
  synced: false,
  connection: "connecting",
  theme: document.documentElement.dataset.theme === "dark" ? "dark" : "light",
  notice: null,
});
const actions = createActions(store, createHistory(start), config);
const socket = new URL(config.socket, location.href);
socket.protocol = socket.protocol.replace("http", "ws");

/** @type {import("./connection.js").Connection} */
let connection;
const sync = createSync(store, {
  send: (text) => connection.send(text),
  messageBytes: config.limits.message_bytes,
  refused: actions.takeBack,
  warned: (text) => actions.notify({ kind: "error", text }),
});

const strip = createStrip();
const text = createTextInput(store, actions);
const bars = createBarsInput(store, actions);
const panel = createInputPanel(store, actions, config.limits);
const plots = createPlots(actions);
const overlay = createOverlay();
const transport = createTransport(store, actions);
const cell = createCell(actions);
const editor = createWeightEditor(store, actions, (name) => weights.focus(name));
const weights = createWeights(editor.gridActions);
const number = createNumber(store, actions);
const header = createHeader(store, actions, config);
const notice = createNotice(actions);
listenToKeys(actions, transport.moves);
for (const view of /** @type {const} */ (["heatmap", "lines"])) {
  byId(`view-${view}`).addEventListener("click", () => store.update({ view }));
}
byId("fit").addEventListener("click", () => actions.zoom(null));

const keep = createKeeper();
const scheduler = createScheduler(() => {
  const again = transport.tick();
  render(store.get());
  if (again) scheduler.invalidate();
}, sync.awaiting);

/**
 * @param {number} t the step to show
 * @param {number} steps
 */
function firstZoom(t, steps) {
  const from = t - Math.floor(NARROW.columns / 2);
  return innerWidth < NARROW.width ? clampZoom({ from, to: from + NARROW.columns }, steps) : null;
}

/** @param {State} state */
function render(state) {
  document.documentElement.dataset.theme = state.theme;
  document.documentElement.classList.toggle("stale", state.connection === "lost");
  paintLegend(state, (selector) => document.querySelector(selector));
  for (const view of ["heatmap", "lines"]) press(byId(`view-${view}`), state.view === view);
  byId("fit", HTMLButtonElement).disabled = state.zoom === null;
  header.render(state);
  panel.render(state);
  text.render(state);
  bars.render(state);
  strip.render(state, bars.range());
  plots.render(state);
  overlay.render(state);
  transport.render(state);
  cell.render(state);
  weights.render(state);
  editor.render(state);
  number.render(state);
  notice.render(state);
}

store.subscribe((state, before) => {
  if (state.synced !== before.synced) byId("plots").dataset.synced = state.synced ? String(state.trace?.run) : "";
  if (state.document.network !== before.document.network) forgetTrace(state.document, before.document);
  if (state.document !== before.document) {
    keep(state.document);
    sync.flush();
  }
  if (state.selection !== before.selection) sync.inspect();
  if (state.trace !== before.trace || state.document !== before.document) keepWithin(store.get());
  scheduler.invalidate();
  if (state.trace?.complete !== before.trace?.complete) scheduler.hasten();
});

/**
 * Another network's steps are of no use, not even to be looked at until its own arrive.
 * @param {GruDocument} now
 * @param {GruDocument} then
 */
function forgetTrace(now, then) {
  if (JSON.stringify(now.network) !== JSON.stringify(then.network)) store.update({ trace: null });
}

/**
 * Selection, cell and channel stay inside what there is.
 * @param {State} state
 */
function keepWithin({ document: doc, trace, selection, cell: chosen, weights: arrays, network, channel }) {
  const hidden = trace?.hidden ?? selection.unit + 1;
  const t = Math.min(selection.t, inputLength(doc.input) - 1);
  const unit = Math.min(selection.unit, hidden - 1);
  if (t !== selection.t || unit !== selection.unit) store.update({ selection: { ...selection, t, unit } });
  const array = arrays[chosen.array] || !network ? chosen.array : "W_z";
  const [, columns = 1] = network?.shapes[array] ?? [0, chosen.column + 1];
  const column = Math.min(chosen.column, columns - 1);
  if (array !== chosen.array || column !== chosen.column) store.update({ cell: { array, column } });
  if (network && channel >= network.inputSize) store.update({ channel: 0 });
}

darkness.addEventListener("change", () => store.update({ theme: darkness.matches ? "dark" : "light" }));
onResize(scheduler.invalidate);
connection = connect(socket.href, sync);
scheduler.invalidate();
