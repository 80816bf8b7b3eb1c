/** Everything that the user can do. Views call these functions, which refuse invalid actions with a notice and dispatch all others to the reducer. */

import { inputLength, spliceInput, viewOf, withCell, withForm, withInput } from "../model/document.js";
import { untrainedDocument } from "../model/examples/examples.js";
import { documentFault, inputFault } from "../model/faults.js";
import { isOfWeights } from "../model/edits/edits.js";
import { panelsOf, withPanels } from "../model/panels.js";
import { keptTarget } from "../model/card/target.js";
import { runSteps } from "../model/seq2seq/clock.js";
import { spelt } from "../model/tokens.js";
import { clampZoom } from "../model/timeline.js";
import { createEditActions } from "./edit-actions.js";
import { createTrainingActions } from "./training-actions.js";
import { zoomAround } from "./initial.js";
import { createWriteActions } from "./actions/writing.js";

/** @import {ArrayName, Card, Cell, CellName, Config, Example, Factor, FileNetwork, Form, GruDocument, History, InLayer, InputPiece, NetworkSpec, Notice, NumbersInput, Panel, Part, Preview, Selection, State, Target, TimeWindow, Tour} from "../types.d.ts" */
/** @import {ViewSettings} from "./types.d.ts" */
/** @import {Store} from "./store.js" */

/** @typedef {ReturnType<typeof createActions>} Actions */

/**
 * @param {Store} store
 * @param {Config} config
 */
export function createActions({ get, dispatch }, config) {
  const { limits } = config;

  /**
   * Make a document the present one.
   * @param {GruDocument} document
   * @param {string | null} [gesture] documents of one gesture undo together
   * @param {{view?: Partial<State>, select?: Partial<Selection>}} [also] other changes to make with it
   * @returns {boolean} false if it was refused, with a notice
   */
  function commit(document, gesture = null, { view, select: selection } = {}) {
    const fault = documentFault(document, limits);
    if (fault !== null) return refuse(fault);
    dispatch({ type: "committed", document, gesture, view, select: selection });
    return true;
  }

  /** @param {Partial<ViewSettings>} settings */
  const show = (settings) => dispatch({ type: "shown", settings });

  /** @param {Notice | null} notice */
  const notify = (notice) => show({ notice });

  /**
   * @param {string} text what was expected and what came
   * @returns {false}
   */
  function refuse(text) {
    notify({ kind: "error", text });
    return false;
  }

  /** @param {Partial<Selection>} part */
  const select = (part) => dispatch({ type: "selected", part });

  /** @param {Cell} cell */
  const chooseCell = (cell) => dispatch({ type: "cell chosen", cell });

  /** @param {Part} part whose weights to show: those of the layer on show, or of an end */
  const showPart = (part) => dispatch({ type: "part shown", part });

  /** @param {InLayer} place the layer and direction to show */
  const showLayer = (place) => dispatch({ type: "layer shown", place });

  /** @param {boolean} on */
  const present = (on) => dispatch({ type: "presented", on });

  return {
    commit,
    show,
    notify,
    select,
    chooseCell,
    present,
    showPart,

    /**
     * The visible cells of an array of an end changed.
     * @param {ArrayName} array
     * @param {{row: number, column: number, rows: number, columns: number}} cells
     */
    scrollArray: (array, cells) => dispatch({ type: "array scrolled", array, cells }),

    togglePresenting: () => present(!get().presenting),

    /** @param {readonly Panel[]} panels to show in the presenter's view */
    showPanels: (panels) => commit(withPanels(get().document, panels)),

    /**
     * Show the place under the pointer.
     * @param {Partial<Selection> | null} part null if there is none
     * @param {Preview["from"]} [from]
     */
    point: (part, from = null) => dispatch({ type: "pointed", part, from }),

    /** Unmark the unit and the quantity; the step stays selected. */
    unmark: () => dispatch({ type: "unmarked" }),

    /** Undo the first of these that applies: a notice, a preview, the presenter's view, a mark. */
    escape: () => dispatch({ type: "escaped" }),

    /** A drag or a series of repeated keys has ended: the plots' ranges fit the values again. */
    endGesture: () => dispatch({ type: "gesture ended" }),

    /**
     * Go to the origin of a term, and remember the way back.
     * @param {Selection} place
     */
    follow: (place) => dispatch({ type: "followed", place }),

    /**
     * Show a factor that has no equation.
     * @param {Pick<Factor, "kind" | "name" | "of" | "index">} factor
     */
    showFactor: (factor) => dispatch({ type: "factor shown", factor }),

    back: () => dispatch({ type: "went back" }),

    /** @param {number | null} stage a sub-step, null for the whole step */
    stage: (stage) => show({ stage }),

    undo: () => dispatch({ type: "travelled", by: -1 }),
    redo: () => dispatch({ type: "travelled", by: 1 }),

    /** @param {string} name */
    openExample(name) {
      const example = config.examples.find((other) => other.name === name);
      if (!example) return;
      const view = { selection: { ...viewOf(example.document), ...example.look }, preview: null, pinned: true, zoom: null, channel: 0, playing: false };
      // A new object each time, because the browser's history distinguishes documents by identity.
      commit({ ...withPanels(example.document, panelsOf(get().document)) }, null, { view });
    },

    /**
     * Open a file's network, which the page then offers among its examples. Work on the same file that the server had lost goes on.
     * @param {Example} example
     * @param {number} width px of the page, of which a narrow one shows fewer columns
     */
    openFile(example, width) {
      const { lost, document: doc } = get();
      const others = config.examples.filter(({ name }) => name !== example.name);
      config.examples.splice(0, config.examples.length, example, ...others);
      const { digest } = /** @type {FileNetwork} */ (example.document.network);
      const returns = lost?.network.kind === "file" && lost.network.digest === digest ? lost : example.document;
      const zoom = zoomAround(example.look.t, inputLength(returns.input), width);
      const view = { selection: { ...viewOf(returns), ...example.look }, preview: null, pinned: true, zoom, channel: 0, playing: false, lost: null };
      commit({ ...withPanels(returns, panelsOf(doc)) }, null, { view });
    },

    /**
     * Offer a network that was kept among the examples, and show it in place of the same weights under another name; the input and the holds stay.
     * @param {Example} example
     */
    keepNetwork(example) {
      const others = config.examples.filter(({ name }) => name !== example.name);
      config.examples.splice(0, config.examples.length, example, ...others);
      const { document: doc } = get();
      commit({ ...doc, network: example.document.network, edits: doc.edits.filter((edit) => !isOfWeights(edit)) });
    },

    /**
     * Take a card of the document's network, which the server has checked. An alphabet lets the network read text.
     * @param {string} digest that of the network's file
     * @param {Card} card
     * @param {Target | null} target what the outputs should be
     * @returns {boolean} false if it is refused
     */
    giveCard(digest, card, target) {
      const { document: doc } = get();
      const { network } = doc;
      if (network.kind !== "file" || network.digest !== digest) return refuse("Another network was opened meanwhile: drop the card again.");
      const reads = { ...network, ...(card.alphabet && { alphabet: card.alphabet }) };
      const at = config.examples.findIndex(({ document: example }) => example.network.kind === "file" && example.network.digest === digest);
      const known = config.examples[at];
      if (known) config.examples.splice(at, 1, { ...known, alphabet: reads.alphabet ?? null, document: { ...known.document, network: reads } });
      dispatch({ type: "card given", digest, card });
      const input = spelt(doc.input, reads.alphabet ?? null);
      return commit(withInput({ ...doc, network: reads }, input, target ?? doc.target));
    },

    /**
     * Go to the document of another entry in the browser's history.
     * @param {GruDocument} document
     */
    visit: (document) => dispatch({ type: "visited", document }),

    showLayer,

    /** @param {CellName} cell */
    changeCell: (cell) => commit(withCell(get().document, cell, get().network)),

    /** @param {Partial<Form>} form */
    changeForm: (form) => commit(withForm(get().document, form, get().model?.arrays ?? {})),

    /**
     * Open an untrained network that reads the present input. Edits belong to the old network and are dropped.
     * @param {{hidden_size: number, input_size: number, seed: number, gain: number}} sizes
     */
    openUntrained: (sizes) => commit(untrainedDocument(config, get().document, get().network, sizes)),

    /**
     * Open another random network. Edits belong to the old network and are dropped.
     * @param {NetworkSpec} network
     * @param {GruDocument["input"]} input
     */
    replaceNetwork: (network, input) => commit({ ...withInput(get().document, input, null), network, edits: [] }),

    /**
     * @param {number} start
     * @param {number} remove
     * @param {InputPiece} insert
     * @param {string | null} [gesture]
     */
    splice(start, remove, insert, gesture = null) {
      const fault = isRows(insert) ? inputFault(insert, limits) : null;
      return fault ? refuse(fault) : commit(spliceInput(get().document, start, remove, insert), gesture);
    },

    /**
     * @param {GruDocument["input"]} input
     * @param {string | null} [gesture]
     * @param {Partial<Selection>} [selection] the place to select in it
     * @param {Target | null} [target] by default the present one, without rows that belong to the present input
     */
    replaceInput(input, gesture = null, selection, target = keptTarget(get().document.target)) {
      const fault = input.kind === "numbers" ? inputFault(input.values, limits) : null;
      return fault ? refuse(fault) : commit(withInput(get().document, input, target), gesture, { select: selection });
    },

    ...createWriteActions({ get, dispatch }, { commit, refuse, limits }),

    ...createEditActions(get, { commit, refuse, select, chooseCell, showLayer, showPart, limits }),

    ...createTrainingActions({ get, dispatch }),

    /** Measure the network's score without each of its units. */
    measureUnits: () => dispatch({ type: "units asked" }),
    stopMeasuring: () => dispatch({ type: "units stopped" }),

    /** @param {TimeWindow | null} zoom */
    zoom: (zoom) => show({ zoom: clampZoom(zoom, runSteps(get().document, get().network.parts)) }),

    /**
     * Replace the page's history, and with it undo and redo.
     * @param {History} history
     * @param {Partial<State>} view other changes to make with it
     * @returns {History} the previous history
     */
    exchange(history, view) {
      const before = get().history;
      dispatch({ type: "exchanged", history, view });
      return before;
    },

    /**
     * Go back from a document that the server refused.
     * @param {GruDocument | null} before the last document that it accepted, null if unknown
     * @param {string} message
     * @param {string | null} field the refused part of the document
     */
    takeBack: (before, message, field) => dispatch({ type: "taken back", before, message, field }),

    /** @param {Partial<Tour>} tour */
    tour: (tour) => dispatch({ type: "toured", tour }),
  };
}

/**
 * @param {InputPiece} piece
 * @returns {piece is readonly (readonly number[])[]}
 */
function isRows(piece) {
  return typeof piece !== "string" && piece.length > 0 && typeof piece[0] !== "number";
}

/**
 * @param {NumbersInput} input
 * @param {number} channel
 */
export function channelValues(input, channel) {
  return input.values.map((row) => row[channel] ?? 0);
}
