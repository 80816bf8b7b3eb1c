/** Wires the page: store, server, views. */

import { createActions } from "./state/actions.js";
import { createBaseline } from "./server/baseline.js";
import { createReducer } from "./state/reducer.js";
import { createBarsInput } from "./views/input/bars-input.js";
import { createCell } from "./views/cell/cell.js";
import { createComparePanel } from "./views/compare/compare-panel.js";
import { webSocketTransport } from "./server/connection.js";
import { byId, press } from "./lib/dom.js";
import { inputLength } from "./model/document.js";
import { createDiagram } from "./views/cell/diagram/diagram.js";
import { focusOf, heldInNumber, seen } from "./state/view-state.js";
import { createEditsPanel } from "./views/edits/edits-panel.js";
import { createFormChoice } from "./views/cell/form-choice.js";
import { createFormPanel } from "./views/cell/form-panel.js";
import { createHeader } from "./views/shell/header.js";
import { historyOf } from "./model/history.js";
import { createHoldMarks } from "./views/plots/hold-marks.js";
import { createHoldPanel } from "./views/edits/hold-panel.js";
import { createInputPanel } from "./views/input/input-panel.js";
import { keepDocuments, keptDocument } from "./state/persistence.js";
import { allow, createFocusKeeper, stopDisabled } from "./lib/focus-restore.js";
import { listenToKeys } from "./views/shell/keys.js";
import { createLegend } from "./views/plots/legend.js";
import { networkOf } from "./model/network.js";
import { createNotice } from "./views/shell/notice.js";
import { createNumber } from "./views/number/panel.js";
import { createOverlay } from "./views/plots/overlay.js";
import { createPlots } from "./views/plots/plots.js";
import { createPointing } from "./views/shell/pointing.js";
import { createPresenter } from "./views/shell/present.js";
import { createScheduler } from "./state/scheduler.js";
import { onResize } from "./lib/size.js";
import { createStages } from "./views/cell/stages.js";
import { createStore } from "./state/store.js";
import { createStory } from "./views/shell/story.js";
import { createStrip } from "./views/input/strip.js";
import { createSync } from "./server/sync.js";
import { createTextInput } from "./views/input/text-input.js";
import { clampZoom } from "./model/timeline.js";
import { createCard } from "./tour/card.js";
import { createGlossary } from "./tour/glossary.js";
import { keptTour } from "./tour/progress.js";
import { createTour } from "./tour/tour.js";
import { createTransport } from "./views/shell/playback.js";
import { createValueTables } from "./views/plots/value-tables.js";
import { createWeightEditor } from "./views/weights/weight-editor.js";
import { createWeights } from "./views/weights/weights.js";

/** @import {Config, Seen} from "./types.d.ts" */

/** @type {Config} */
const config = JSON.parse(byId("config").textContent ?? "");
const first = config.examples.find((example) => example.name === config.default) ?? config.examples[0];
const start = keptDocument() ?? first.document;
/** On a narrow screen the page opens with as many columns as can be typed into. */
const NARROW = { width: 600, columns: 20 };
const darkness = matchMedia("(prefers-color-scheme: dark)");

const reduce = createReducer(config);
const store = createStore({
  document: start,
  history: historyOf(start),
  network: networkOf(config, start.network),
  model: null,
  changed: [],
  original: {},
  weights: {},
  trace: null,
  explained: null,
  step: null,
  selection: first.look,
  preview: null,
  pinned: true,
  stage: null,
  trail: [],
  leaf: null,
  baseline: null,
  compare: "now",
  side: "number",
  presenting: false,
  tour: keptTour(config.tour).tour,
  cell: { array: "", column: 0 },
  channel: 0,
  barRange: null,
  zoom: firstZoom(first.look.t, inputLength(start.input)),
  view: "heatmap",
  numbers: false,
  inside: "diagram",
  termOrder: "size",
  playing: false,
  speed: 5,
  synced: false,
  connection: "connecting",
  theme: document.documentElement.dataset.theme === "dark" ? "dark" : "light",
  notice: null,
}, reduce);
const actions = createActions(store, config);
const socket = new URL(config.socket, location.href);
socket.protocol = socket.protocol.replace("http", "ws");
const server = webSocketTransport(socket.href);

/** @type {import("./server/connection.js").Connection} */
let connection;
const sync = createSync(store, {
  send: (text) => connection.send(text),
  messageBytes: config.limits.message_bytes,
  refused: actions.takeBack,
  warned: (text) => actions.notify({ kind: "error", text }),
  confirmed: () => connection.confirm(),
});

const strip = createStrip(actions);
const text = createTextInput(store, actions);
const bars = createBarsInput(store, actions);
const panel = createInputPanel(store, actions, config.limits);
const plots = createPlots(store, actions);
const tables = createValueTables(actions);
const overlay = createOverlay();
const stages = createStages(store, actions);
const transport = createTransport(store, actions, stages);
const cell = createCell(actions);
const diagram = createDiagram(actions, () => scheduler.invalidate());
const editor = createWeightEditor(store, actions, (name) => weights.focus(name), (...edge) => weights.leave(...edge));
const weights = createWeights(editor.gridActions);
const number = createNumber(store, actions);
const holds = createHoldPanel(store, actions, config.limits);
const marks = createHoldMarks();
const edits = createEditsPanel(store, actions);
const baseline = createBaseline(store, { reduce, transport: server, messageBytes: config.limits.message_bytes, notify: actions.notify });
const comparison = createComparePanel(actions, baseline);
const header = createHeader(store, actions, config);
const choice = createFormChoice(store, actions, config);
const story = createStory(store, actions, config);
const form = createFormPanel(config);
const legend = createLegend();
const notice = createNotice(actions);
const presenter = createPresenter(store, actions);
const tour = createTour(store, actions, config.tour, firstZoom);
const glossary = createGlossary(store, config.glossary, tour);
const card = createCard(tour, config.tour, glossary.show);
const pointing = createPointing(store, actions);
listenToKeys(actions, transport.moves);
stopDisabled();
const keepFocus = createFocusKeeper();
for (const view of /** @type {const} */ (["heatmap", "lines"])) {
  byId(`view-${view}`).addEventListener("click", () => actions.show({ view, numbers: false }));
}
byId("fit").addEventListener("click", () => actions.zoom(null));

const keep = keepDocuments();
const scheduler = createScheduler(() => {
  const again = transport.tick();
  renderTime(seen(store.get()));
  if (again) scheduler.invalidate();
}, () => renderRest(seen(store.get())), sync.awaiting);

/**
 * @param {number} t the step to show
 * @param {number} steps
 */
function firstZoom(t, steps) {
  const from = t - Math.floor(NARROW.columns / 2);
  return innerWidth < NARROW.width ? clampZoom({ from, to: from + NARROW.columns }, steps) : null;
}

/**
 * What the page edits is shown as it is, whatever is compared.
 * @param {Seen} state
 * @returns {Seen}
 */
function edited({ selection, marked, held }) {
  return { ...store.get(), selection, marked, held };
}

/**
 * The input and what is computed from it, over time.
 * @param {Seen} state
 */
function renderTime(state) {
  document.documentElement.dataset.theme = state.theme;
  presenter.render(state);
  panel.render(edited(state));
  text.render(edited(state));
  bars.render(store.get());
  strip.render(state);
  plots.render(state);
  overlay.render(state);
  marks.render(state);
  transport.render(state);
}

/** @param {Seen} state */
function renderRest(state) {
  document.documentElement.classList.toggle("stale", state.connection === "lost");
  legend.render(state);
  for (const view of ["heatmap", "lines"]) press(byId(`view-${view}`), state.view === view && !state.numbers);
  allow(byId("fit"), state.zoom !== null);
  header.render(edited(state));
  choice.render(edited(state));
  story.render(edited(state));
  form.render(state);
  tables.render(state);
  stages.render(state);
  cell.render(state);
  diagram.render(state);
  weights.render(state);
  editor.render(store.get());
  number.render(seen(heldInNumber(store.get())));
  holds.render(store.get());
  edits.render(store.get());
  comparison.render(store.get());
  pointing.render(state);
  notice.render(state);
  card.render(store.get());
  keepFocus();
}

store.subscribe((state, before) => {
  if (state.synced !== before.synced) byId("plots").dataset.synced = state.synced ? String(state.trace?.run) : "";
  if (state.document !== before.document) {
    if (!state.tour.open) keep(state.document);
    sync.flush();
  }
  if (focusOf(state) !== focusOf(before)) {
    sync.inspect();
    baseline.look(state);
  }
  scheduler.invalidate();
  if (state.trace?.complete !== before.trace?.complete) scheduler.hasten();
});

darkness.addEventListener("change", () => actions.show({ theme: darkness.matches ? "dark" : "light" }));
onResize(scheduler.invalidate);
tour.resume();
connection = server.connect({ ...sync.listener, refused: askForToken });

/** A server started anew may want another token than this page has; only then is it of use to say more than "lost". */
async function askForToken() {
  const answer = await fetch("/", { method: "HEAD", cache: "no-store" }).catch(() => null);
  if (answer?.status !== 401) return;
  const enter = { label: "Enter it in a new tab", run: () => open("/", "_blank") };
  actions.notify({ kind: "error", text: "The server wants a new token. Nothing is lost: once it has it, this page goes on.", actions: [enter] });
}

scheduler.invalidate();
