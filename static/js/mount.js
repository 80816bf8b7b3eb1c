/** Mounts a page into an element: connects the store, the server and the views, and removes them again. */

import { createRaster } from "./lib/canvas.js";
import { createColours } from "./lib/colour.js";
import { createElements } from "./lib/elements.js";
import { createFocusKeeper, stopDisabled } from "./lib/controls/focus-restore.js";
import { createLifetime } from "./lib/lifetime.js";
import { randomId } from "./lib/random-id.js";
import { createRules } from "./lib/rules.js";
import { createSizes } from "./lib/size.js";
import { typeScale } from "./lib/type-scale.js";
import { columnsOf } from "./model/seq2seq/clock.js";
import { createTimelines } from "./model/timeline.js";
import { createBaseline } from "./server/baseline.js";
import { createSync } from "./server/sync.js";
import { createTraining } from "./server/training.js";
import { createActions } from "./state/actions.js";
import { createBrowserHistory, documentArrivedAt } from "./state/browser-history.js";
import { createEffects } from "./state/effects.js";
import { firstExample, initialState, zoomAround } from "./state/initial.js";
import { createKeptCards } from "./state/kept-cards.js";
import { createPersistence, storagesOf } from "./state/persistence.js";
import { createReducer } from "./state/reducers/reducer.js";
import { createScheduler } from "./state/scheduler.js";
import { createStore } from "./state/store.js";
import { createSeen } from "./state/view-state.js";
import { keptTour } from "./tour/progress.js";
import { createCard } from "./tour/card.js";
import { createGlossary } from "./tour/glossary.js";
import { createTour } from "./tour/tour.js";
import { offerKeptWork, troubleNotice } from "./views/shell/kept-work.js";
import { createGestures } from "./views/shell/gestures.js";
import { createViews } from "./views/views.js";
import { createWeightScale } from "./views/weights/weight-scale.js";

/** @import {Connection, Transport} from "./server/connection.js" */
/** @import {Actions} from "./state/actions.js" */
/** @import {Page} from "./state/page.d.ts" */
/** @import {Scheduler} from "./state/scheduler.js" */
/** @import {Store} from "./state/store.js" */
/** @import {Config, GruDocument, State} from "./types.d.ts" */

/**
 * The interface of a running page.
 * @typedef {object} Mounted
 * @property {() => void} unmount stop the page and empty its root
 * @property {Actions["notify"]} notify show a message
 * @property {Store["subscribe"]} subscribe listen to changes of the page's state
 */

/**
 * @param {HTMLElement} root contains the page's markup, and belongs to the page until it is unmounted
 * @param {object} options
 * @param {Transport} options.transport the connection to the server
 * @param {Config} options.config
 * @param {Window | null} [options.browser] the window with the history of examples, if the page has the tab to itself
 * @param {() => void} [options.refused] the server could not be reached at all
 * @returns {Mounted}
 */
export function mount(root, { transport, config: given, browser = null, refused = () => {} }) {
  const config = { ...given, examples: [...given.examples] }; // files that the page opens are added
  const lifetime = createLifetime();
  const { signal, listen } = lifetime;
  const darkness = matchMedia("(prefers-color-scheme: dark)");
  root.dataset.page = randomId();
  root.dataset.theme ??= darkness.matches ? "dark" : "light";

  const reduce = createReducer(config);
  const persistence = createPersistence({
    ...storagesOf(window),
    config,
    slot: [...root.ownerDocument.querySelectorAll("[data-page]")].filter((other) => other !== root).length,
    // Deferred, because a document from storage is checked before there is a page for the notice.
    onTrouble: (trouble) => queueMicrotask(() => actions.notify(troubleNotice(trouble))),
  });
  const own = (browser && documentArrivedAt(browser, config)) ?? persistence.own();
  const store = createStore(beginning(root, config, own), reduce);
  const actions = createActions(store, config);
  const seen = createSeen();
  /** @type {Scheduler} */
  let scheduler;
  const invalidate = () => scheduler.invalidate();

  /** @type {Page} */
  const page = {
    ...lifetime,
    ...createColours(root),
    ...createTimelines(root, listen, (steps) => columnsOf(store.get().network.parts, store.get().answer, steps)),
    root, config, store, actions, invalidate,
    byId: createElements(root),
    sizeOf: createSizes(invalidate, signal),
    drawRaster: createRaster(),
    weightScale: createWeightScale(),
    seen: (state = store.get()) => seen(state),
    typeScale: () => typeScale(root),
    rules: () => createRules(root, signal),
  };

  /** @type {Connection} */
  let connection;
  const limits = { messageBytes: config.limits.message_bytes };
  const sync = createSync(store, {
    ...limits,
    tasks: config.tasks,
    isSteady: createGestures(root, listen, actions.endGesture),
    send: (text) => connection.send(text),
    refused: actions.takeBack,
    warned: (text) => actions.notify({ kind: "error", text }),
    confirmed: () => connection.confirm(),
  });
  const baseline = createBaseline(store, { ...limits, reduce, transport, notify: actions.notify });
  const training = createTraining(store, {
    connect: config.training === null ? undefined : transport.train,
    actions,
    storage: browser && storagesOf(browser).sessionStorage,
    listen: (event, listener) => listen(window, event, listener),
  });
  const tour = createTour(page, (t, steps) => zoomAround(t, steps, root.clientWidth), persistence.keepTour, training);
  const { first, rest, tick } = createViews(page, baseline, transport, training);
  const card = createCard(page, tour, createGlossary(page, tour).show);
  scheduler = createScheduler({
    first, tick,
    rest: [...rest, ...card],
    look: () => ({ seen: seen(store.get()), state: store.get() }),
    wait: sync.awaiting,
    drawn: createFocusKeeper(page),
    signal,
  });
  stopDisabled(page);
  const browserHistory = browser && createBrowserHistory(browser, config, lifetime, { leave: tour.leave, open: actions.visit });
  browserHistory?.follow(store.get().document);
  const cards = createKeptCards(store, persistence);
  store.subscribe(createEffects({ config, keep: persistence.keep, cards, sync, baseline, browserHistory, scheduler }));
  listen(darkness, "change", () => actions.show({ theme: darkness.matches ? "dark" : "light" }));
  tour.resume();
  if (own === null) void offerKeptWork(persistence, page);
  void cards.recall();
  connection = transport.connect({ ...sync.listener, refused });
  scheduler.invalidate();

  return {
    notify: actions.notify,
    subscribe: store.subscribe,
    unmount() {
      lifetime.end();
      persistence.close();
      sync.close();
      baseline.close();
      training.close();
      connection.close();
      root.replaceChildren();
    },
  };
}

/**
 * @param {HTMLElement} root
 * @param {Config} config
 * @param {GruDocument | null} own the document of a reloaded tab
 * @returns {State}
 */
function beginning(root, config, own) {
  return initialState(config, own ?? firstExample(config).document, {
    tour: keptTour(config.tour).tour,
    theme: root.dataset.theme === "dark" ? "dark" : "light",
    width: root.clientWidth,
  });
}
