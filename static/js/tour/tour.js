/**
 * The tour: pages with separate documents. The reader's own document and its undo are set aside until the reader leaves the tour.
 */

import { inputLength } from "../model/document.js";
import { historyOf, presentOf } from "../model/history.js";
import { ONLY_LAYER } from "../model/cell/layers.js";
import { isArrayNamed } from "../model/cell/equations.js";
import { progressOf } from "./done.js";
import { keptTour, toKeep } from "./progress.js";
import { placeOf } from "./prose.js";
import { demonstrate } from "./demonstrate.js";

/** @import {Page} from "../state/page.d.ts" */
/** @import {TrainingLink} from "../server/training.js" */
/** @import {GruDocument, History, State, TimeWindow, Tour, TourPage} from "../types.d.ts" */

/** The key that marks a tab as reloaded during the tour. */
const OPEN_KEY = "gruscope touring";
/** The parts of the state that are restored after the tour. */
const ASIDE = /** @type {const} */ (["selection", "pinned", "zoom", "channel", "cell", "view", "numbers", "baseline", "compare", "side", "lens", "holdScope", "output", "inside"]);

/** @typedef {ReturnType<typeof createTour>} TourActions */

/**
 * @param {Page} page
 * @param {(t: number, steps: number) => TimeWindow | null} zoomAt the columns to show of a new input
 * @param {(progress: object) => void} keep
 * @param {TrainingLink} training
 */
export function createTour(page, zoomAt, keep, training) {
  const { store, actions } = page;
  const pages = page.config.tour;
  const kept = keptTour(pages);
  /** @type {Map<string, History>} */
  const histories = new Map(Object.entries(kept.documents).map(([name, document]) => [name, historyOf(document)]));
  /** @type {{history: History, state: Partial<State>} | null} */
  let own = null;
  const current = () => pages[store.get().tour.page];

  /** @param {Partial<Tour>} patch */
  const update = (patch) => actions.tour(patch);

  /** A training that is about to begin must not replace the document of another page. */
  function settleTraining() {
    if (store.get().training.due) actions.setTraining({ due: false, following: false });
  }

  /** @param {number} index */
  function open(index) {
    const next = pages[index];
    settleTraining();
    const history = histories.get(next.name) ?? historyOf(next.document);
    const tour = { ...store.get().tour, open: true, begun: true, page: index, aimed: null };
    return actions.exchange(history, { tour, ...begin(next, presentOf(history)) });
  }

  /**
   * The state of a page when it opens.
   * @param {TourPage} page
   * @param {GruDocument} document
   * @returns {Partial<State>}
   */
  function begin({ look, task, output, inside, panel }, document) {
    const { input } = document;
    const steps = inputLength(input);
    const cell = task.kind === "weight" ? { cell: { array: task.array, row: task.row, column: task.column } } : {};
    return {
      selection: { ...ONLY_LAYER, ...look, t: Math.min(look.t, steps - 1) }, zoom: zoomAt(look.t, steps), ...cell, output, inside,
      preview: null, pinned: true, stage: null, trail: [], playing: false, channel: 0, view: "heatmap", numbers: false,
      baseline: null, compare: "now", side: "tour", lens: panel === "cell", holdScope: "step",
    };
  }

  function enter(index = store.get().tour.page) {
    if (store.get().tour.open) return;
    const state = store.get();
    const aside = Object.fromEntries(ASIDE.map((name) => [name, state[name]]));
    own = { history: open(index), state: aside };
    touring(true);
  }

  /** @param {number} index */
  function go(index) {
    if (index < 0 || index >= pages.length) return;
    const { name } = current();
    histories.set(name, open(index));
    save();
  }

  function leave() {
    if (own === null) return;
    const { name } = current();
    settleTraining();
    const rest = { preview: null, stage: null, trail: [], playing: false };
    histories.set(name, actions.exchange(own.history, { ...own.state, ...rest, tour: { ...store.get().tour, open: false, aimed: null } }));
    own = null;
    touring(false);
    save();
  }

  /** Reset the page's document; undo restores the edits. */
  function again() {
    const { name, document } = current();
    const { [name]: _, ...answers } = store.get().tour.answers;
    actions.commit(document, null, { view: begin(current(), document) });
    update({ answers });
  }

  /** @param {number} option */
  function answer(option) {
    const { answers } = store.get().tour;
    update({ answers: { ...answers, [current().name]: option } });
  }

  function showMe() {
    const { name, task, question } = current();
    if (question && store.get().tour.answers[name] === undefined) answer(-1);
    demonstrate(task, page, training);
  }

  /** @returns {Record<string, GruDocument>} */
  function documents() {
    const now = own === null ? [] : [[current().name, store.get().document]];
    const all = [...[...histories].map(([name, history]) => [name, presentOf(history)]), ...now];
    const begun = new Map(pages.map(({ name, document }) => [name, document]));
    return Object.fromEntries(all.filter(([name, document]) => document !== begun.get(/** @type {string} */ (name))));
  }

  function save() {
    keep(toKeep(pages, { tour: store.get().tour, documents: documents() }));
  }

  store.subscribe((state, before) => {
    const { tour } = state;
    if (tour.open && !tour.done.includes(current().name) && isDone(current(), state)) {
      update({ done: [...tour.done, current().name] });
    } else if (tour.begun && (tour !== before.tour || (tour.open && state.document !== before.document))) {
      save();
    }
  });

  return {
    enter,
    leave,
    again,
    answer,
    showMe,
    next: () => go(store.get().tour.page + 1),
    previous: () => go(store.get().tour.page - 1),
    decline: () => update({ begun: true }),

    /** @param {TourPage["panel"]} panel that a text describes */
    look(panel) {
      if (panel === "cell") actions.show({ lens: true });
    },

    /** @param {string} name of the network for which the reader leaves the tour */
    goOn(name) {
      leave();
      actions.openExample(name);
    },

    /** Continue the tour after a reload. */
    resume() {
      if (wasTouring()) enter();
    },

    /** @param {string | null} name under the pointer in a text */
    point(name) {
      update({ aimed: name });
      actions.point(name === null ? null : placeOf(name, store.get().selection, store.get().model));
    },

    /** @param {string} name followed from a text */
    go(name) {
      const { selection, model } = store.get();
      const place = placeOf(name, selection, model);
      if (place) actions.select(place);
      else if (isArrayNamed(model, name)) {
        actions.chooseCell({ array: name, row: selection.unit, column: 0 });
        actions.show({ side: "weights" });
      }
    },
  };
}

/**
 * Whether a page's task is done and its question was answered first.
 * @param {TourPage} page
 * @param {State} state
 */
function isDone(page, state) {
  if (page.question && state.tour.answers[page.name] === undefined) return false;
  return progressOf(page, state).done;
}

/** @param {boolean} on */
function touring(on) {
  try {
    if (on) sessionStorage.setItem(OPEN_KEY, "1");
    else sessionStorage.removeItem(OPEN_KEY);
  } catch {
    // Storage is denied: a reload then opens the reader's own document.
  }
}

function wasTouring() {
  try {
    return sessionStorage.getItem(OPEN_KEY) !== null;
  } catch {
    return false;
  }
}
