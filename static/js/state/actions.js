/** Everything a person can do, as functions on the store. Views call these; nothing else changes the document. */

import { diff, inputLength, spliceInput, withCell, withForm } from "../model/document.js";
import { createEditActions } from "./edit-actions.js";
import { equationOf, valueNamed } from "../model/equations.js";
import { panelsOf, samePanels, withPanels } from "../model/panels.js";
import { isWeight } from "../model/symbols.js";
import { clampZoom, follow } from "../model/timeline.js";

/** @import {Cell, CellName, Config, Factor, Form, GruDocument, NetworkSpec, Notice, NumbersInput, Panel, Preview, Selection, State, TimeWindow} from "../types.d.ts" */
/** @import {History, Pile} from "../model/history.js" */
/** @import {Store} from "./store.js" */

/** Inputs of more numbers than this are measured in bytes before they are taken. */
const WEIGH_FROM = 8000;
/** Followed terms that are remembered. */
const LONGEST_TRAIL = 100;
/** @type {readonly Selection[]} */
const NOWHERE = [];

/** @typedef {ReturnType<typeof createActions>} Actions */

/**
 * Whether two documents compute and show the same.
 * @param {GruDocument} a
 * @param {GruDocument} b
 */
function alike(a, b) {
  return diff(a, b).length === 0 && samePanels(panelsOf(a), panelsOf(b));
}

/**
 * @param {Store} store
 * @param {History} history
 * @param {Config} config
 */
export function createActions(store, history, config) {
  const { limits } = config;
  /** What every server has, whichever file it was started with. */
  const fallback = (config.examples.find(({ document: { network } }) => network.kind !== "file") ?? config.examples[0]).document;

  /**
   * What is wrong with a document, or null.
   * @param {GruDocument} document
   */
  function fault(document) {
    const steps = inputLength(document.input);
    if (steps < 1) return "The sequence needs at least one timestep.";
    if (steps > limits.steps) return `The sequence has ${steps} timesteps; at most ${limits.steps} fit.`;
    if (document.edits.length > limits.edits) return `There are ${document.edits.length} edits; at most ${limits.edits} fit.`;
    return tooLarge(document);
  }

  /** @param {GruDocument} document */
  function tooLarge({ input, edits, network }) {
    const numbers = edits.length * 10 + (input.kind === "numbers" ? input.values.length * (input.values[0]?.length ?? 0) : 0);
    if (numbers < WEIGH_FROM) return null;
    const bytes = JSON.stringify({ network, edits, input }).length + 200;
    if (bytes <= limits.message_bytes) return null;
    return `This document makes ${Math.round(bytes / 1024)} KiB; at most ${Math.round(limits.message_bytes / 1024)} KiB fit.`;
  }

  /** @param {readonly (readonly number[])[]} rows */
  function valueFault(rows) {
    for (const value of rows.flat()) {
      if (!Number.isFinite(value) || Math.abs(value) > limits.input_value) {
        return `x: a value must be from −${limits.input_value} to ${limits.input_value}, got ${value}.`;
      }
    }
    return null;
  }

  function undoState() {
    return { canUndo: history.canUndo(), canRedo: history.canRedo() };
  }

  /**
   * Take a document as the new one.
   * @param {GruDocument} document
   * @param {string | null} [gesture] documents of one gesture undo together
   * @param {Partial<State>} [patch] what changes with it
   * @returns {boolean} false where it was refused, with a notice
   */
  function commit(document, gesture = null, patch = {}) {
    const wrong = fault(document);
    if (wrong !== null) return refuse(wrong);
    if (alike(store.get().document, document)) {
      store.update({ ...patch, notice: null });
      return true;
    }
    history.push(document, gesture);
    store.update({ document, ...patch, notice: null, ...undoState() });
    return true;
  }

  /** @param {GruDocument | null} document */
  function travel(document) {
    if (document !== null) store.update({ document, notice: null, ...undoState() });
  }

  /** @param {Notice | null} notice */
  function notify(notice) {
    store.update({ notice });
  }

  /**
   * @param {string} text what was expected and what came
   * @returns {false}
   */
  function refuse(text) {
    notify({ kind: "error", text });
    return false;
  }

  /**
   * The selection with a part changed, kept within what there is.
   * @param {Partial<Selection>} part
   * @returns {Selection}
   */
  function within(part) {
    const { selection, network, model, document: doc } = store.get();
    const wanted = { ...selection, ...part };
    const t = Math.max(0, Math.min(inputLength(doc.input) - 1, wanted.t));
    const unit = Math.max(0, Math.min(network.hiddenSize - 1, wanted.unit));
    const quantity = equationOf(model, wanted.quantity) || model === null ? wanted.quantity : selection.quantity;
    const same = t === selection.t && unit === selection.unit && quantity === selection.quantity;
    return same ? selection : { t, unit, quantity };
  }

  /**
   * Go to a step, unit or quantity; the last two are marked then.
   * @param {Partial<Selection>} part
   * @param {readonly Selection[]} [trail] the way back from there
   */
  function select(part, trail = NOWHERE) {
    const { pinned } = store.get();
    const selection = within(part);
    store.update({ selection, preview: null, pinned: pinned || isMark(part), trail, leaf: null, zoom: follow(store.get(), selection.t) });
  }

  /**
   * Show a place while it is pointed at; what plays is not held up by it.
   * @param {Partial<Selection> | null} part null where nothing is
   * @param {Preview["from"]} [from]
   */
  function point(part, from = null) {
    const { preview, playing } = store.get();
    const next = part === null || playing ? null : { ...within(part), marks: isMark(part), from };
    if (JSON.stringify(next) !== JSON.stringify(preview)) store.update({ preview: next });
  }

  /** Mark no unit and no quantity; the step stays. */
  function unmark() {
    store.update({ preview: null, pinned: false, trail: NOWHERE });
  }

  /** @param {boolean} presenting */
  function present(presenting) {
    store.update({ presenting, preview: null });
  }

  /** @param {Cell} cell */
  function chooseCell({ array, row, column }) {
    const quantity = valueNamed(store.get().model, array);
    store.update({ cell: { array, column } });
    select({ unit: row, ...(quantity && { quantity }) });
  }

  return {
    commit,
    present,
    togglePresenting: () => present(!store.get().presenting),

    /** @param {readonly Panel[]} panels on show to a room */
    showPanels(panels) {
      commit(withPanels(store.get().document, panels));
    },

    notify,
    select: (/** @type {Partial<Selection>} */ part) => select(part),
    point,

    unmark,

    /** Take back the last of: a notice, what is pointed at, the presenter's view, what is marked. */
    escape() {
      const { notice, preview, presenting } = store.get();
      if (notice !== null) notify(null);
      else if (preview !== null) point(null);
      else if (presenting) present(false);
      else unmark();
    },

    /**
     * Go to where a term comes from, with a way back.
     * @param {Selection} place
     */
    follow(place) {
      const { selection, trail } = store.get();
      select(place, [...trail, selection].slice(-LONGEST_TRAIL));
    },

    /**
     * Show a factor that nothing computes, where it stands and in the panel; back leads to the value again.
     * @param {Pick<Factor, "name" | "index">} factor
     */
    show({ name, index }) {
      const { selection, channel, cell } = store.get();
      const [row, column = 0] = index;
      store.update({
        leaf: { of: selection, name, index },
        cell: isWeight(name) && row === selection.unit ? { array: name, column } : cell,
        channel: name === "x" ? column : channel,
      });
    },

    back() {
      const { trail, leaf } = store.get();
      if (leaf !== null) return store.update({ leaf: null });
      const last = trail[trail.length - 1];
      return last && select(last, trail.slice(0, -1));
    },

    /** @param {number | null} stage a sub-step, null for the whole step */
    stage(stage) {
      store.update({ stage });
    },

    undo: () => travel(history.undo()),
    redo: () => travel(history.redo()),

    /** @param {string} name */
    openExample(name) {
      const example = config.examples.find((other) => other.name === name);
      if (example) commit(withPanels(example.document, panelsOf(store.get().document)), null, { selection: example.look, preview: null, pinned: true, zoom: null, channel: 0, playing: false });
    },

    /** @param {CellName} cell */
    changeCell(cell) {
      const { document: doc, network } = store.get();
      commit(withCell(doc, cell, network));
    },

    /** @param {Partial<Form>} form */
    changeForm(form) {
      commit(withForm(store.get().document, form));
    },

    /**
     * Another random network; edits belong to the old one and go.
     * @param {NetworkSpec} network
     * @param {GruDocument["input"]} input
     */
    replaceNetwork(network, input) {
      commit({ ...store.get().document, network, input, edits: [] });
    },

    /**
     * @param {number} start
     * @param {number} remove
     * @param {string | number[][]} insert
     * @param {string | null} [gesture]
     */
    splice(start, remove, insert, gesture = null) {
      const wrong = typeof insert === "string" ? null : valueFault(insert);
      return wrong ? refuse(wrong) : commit(spliceInput(store.get().document, start, remove, insert), gesture);
    },

    /**
     * @param {GruDocument["input"]} input
     * @param {string | null} [gesture]
     */
    replaceInput(input, gesture = null) {
      const wrong = input.kind === "text" ? null : valueFault(input.values);
      return wrong ? refuse(wrong) : commit({ ...store.get().document, input }, gesture);
    },

    chooseCell,
    ...createEditActions(store, { commit, refuse, select, chooseCell, limits }),

    /** @param {TimeWindow | null} zoom */
    zoom(zoom) {
      store.update({ zoom: clampZoom(zoom, inputLength(store.get().document.input)) });
    },

    /**
     * Put another pile of documents under the page, with an undo of its own.
     * @param {Pile} pile
     * @param {Partial<State>} patch what changes with it
     * @returns {Pile} the one that was there
     */
    exchange(pile, patch) {
      const before = history.swap(pile);
      store.update({ document: pile.documents[pile.at], ...patch, notice: null, ...undoState() });
      return before;
    },

    /**
     * Take back what the server refused: to the last document that stood; where none is known, one step at a time, and
     * behind the first to an example, and at once where it is the file that is missing. What is refused stays within
     * reach of redo or undo.
     * @param {GruDocument | null} before
     * @param {string} message
     * @param {string | null} field what of the document was refused
     */
    takeBack(before, message, field) {
      const lost = store.get().document.network.kind === "file" && /\bnetwork\.\w+$/.test(field ?? "");
      const older = before !== null ? history.goTo(before) : lost ? null : history.undo();
      if (older === null) history.push(fallback);
      store.update({ document: older ?? fallback, ...undoState() });
      const plainly = "The server does not have this network’s file any more. Start it with the file again and undo, or choose another network.";
      notify({ kind: "error", text: lost ? `${plainly} (${message})` : message });
    },
  };
}

/**
 * Whether a place names more than a step.
 * @param {Partial<Selection>} part
 */
function isMark(part) {
  return "unit" in part || "quantity" in part;
}

/**
 * @param {NumbersInput} input
 * @param {number} channel
 */
export function channelValues(input, channel) {
  return input.values.map((row) => row[channel] ?? 0);
}
