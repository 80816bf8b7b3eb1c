/** Actions that change the selection and the settings of views. */

import { viewOf, withView } from "../../model/document.js";
import { equationOf, valueNamed } from "../../model/cell/equations.js";
import { sameLayer } from "../../model/cell/layers.js";
import { looking } from "../../model/weights/ends.js";
import { isArray } from "../../model/cell/references.js";
import { replaced } from "../../model/history.js";
import { readsInput, sized } from "../../model/network.js";
import { actingLayer, lastStep } from "../../model/seq2seq/clock.js";
import { follow } from "../../model/timeline.js";
import { endCellChosen, endOf, partShown } from "./part.js";

/** @import {Cell, Factor, Selection, State} from "../../types.d.ts" */
/** @import {Action} from "../types.d.ts" */

/** The most followed terms to remember. */
const LONGEST_TRAIL = 100;
/** @type {readonly Selection[]} */
const NOWHERE = Object.freeze([]);

/**
 * @param {State} state
 * @param {Action} action
 * @returns {Partial<State> | null} null if the action is of another kind
 */
export function reduceFocus(state, action) {
  switch (action.type) {
    case "selected":
      return selected(state, action.part);
    case "pointed":
      return pointed(state, action);
    case "unmarked":
      return unmarked();
    case "cell chosen":
      return cellChosen(state, action.cell);
    case "part shown":
      return partShown(state, action.part);
    case "array scrolled":
      return { looks: looking(state.looks, action.array, action.cells) };
    case "followed":
      return gone(state, action.place, [...state.trail, state.selection].slice(-LONGEST_TRAIL));
    case "factor shown":
      return factorShown(state, action.factor);
    case "went back":
      return wentBack(state);
    case "presented":
      return { presenting: action.on, preview: null };
    case "escaped":
      return escaped(state);
    case "shown":
      return action.settings;
    case "toured":
      return { tour: { ...state.tour, ...action.tour } };
    case "looked at":
      return { selection: action.selection };
    default:
      return null;
  }
}

/**
 * Select a step, unit or quantity; a unit or quantity is then marked.
 * @param {State} state
 * @param {Partial<Selection>} part
 * @param {readonly Selection[]} [trail] the way back from there
 * @returns {Partial<State>}
 */
export function selected(state, part, trail = NOWHERE) {
  const selection = within(state, part);
  const zoom = follow(state, selection.t);
  const { document, network } = state;
  const layer = actingLayer(document, network.parts, viewOf(document).layer, selection.t);
  if (layer !== viewOf(document).layer) return inOtherStage(state, { ...selection, layer }, part, trail);
  return { selection, preview: null, pinned: state.pinned || isMark(part), trail, leaf: null, zoom };
}

/**
 * Select a step at which the other one of an encoder and a decoder acts, whose layer is then shown.
 * @param {State} state
 * @param {Selection} selection
 * @param {Partial<Selection>} part
 * @param {readonly Selection[]} trail
 * @returns {Partial<State>}
 */
function inOtherStage(state, selection, part, trail) {
  const document = withView(state.document, selection);
  const { parts, alphabet, card } = state.network;
  const there = { ...state, document, network: sized(document, parts, alphabet, card), selection };
  return { ...selected(there, part, trail), selection, document, history: replaced(state.history, document) };
}

/**
 * Select a place that may be in another layer, which is then shown.
 * @param {State} state
 * @param {Selection} place
 * @param {readonly Selection[]} trail
 * @returns {Partial<State>}
 */
function gone(state, place, trail) {
  if (sameLayer(place, viewOf(state.document))) return selected(state, place, trail);
  const document = withView(state.document, place);
  const { parts, alphabet, card } = state.network;
  const there = { ...state, document, network: sized(document, parts, alphabet, card), model: null };
  return { ...selected(there, place, trail), document, history: replaced(state.history, document) };
}

/**
 * Show the place under the pointer. Playback continues.
 * @param {State} state
 * @param {Extract<Action, {type: "pointed"}>} action
 * @returns {Partial<State>}
 */
function pointed(state, { part, from }) {
  const { preview, playing } = state;
  const next = part === null || playing ? null : { ...within(state, part), marks: isMark(part), from };
  return JSON.stringify(next) === JSON.stringify(preview) ? {} : { preview: next };
}

/** @returns {Partial<State>} no unit and no quantity is marked; the step stays */
function unmarked() {
  return { preview: null, pinned: false, trail: NOWHERE };
}

/**
 * @param {State} state
 * @param {Cell} cell
 * @returns {Partial<State>}
 */
function cellChosen(state, { array, row, column }) {
  if (state.part !== "layer") return endCellChosen(state, { array, row, column });
  const quantity = valueNamed(state.model, array);
  return { cell: { array, column }, ...selected(state, { unit: row, ...(quantity && { quantity }) }) };
}

/**
 * Show a factor without an equation in its array and in the panel of one number; "back" returns to the value.
 * @param {State} state
 * @param {Pick<Factor, "kind" | "name" | "of" | "index">} factor
 * @returns {Partial<State>}
 */
function factorShown(state, { kind, name, of, index }) {
  const { selection, channel, cell, network } = state;
  const [row, column = 0] = index;
  const end = endOf(state, { kind, name, index });
  return {
    ...(end ? partShown(state, end.part) : isArray({ kind }) && partShown(state, "layer")),
    leaf: { of: selection, factor: { kind, name, of, index } },
    ...(end ? endCellChosen({ ...state, part: end.part }, end.cell) : { cell: isArray({ kind }) && row === selection.unit ? { array: name, column } : cell }),
    channel: kind === "input" && (network === null || readsInput(network.parts, selection.layer)) ? column : channel,
  };
}

/**
 * @param {State} state
 * @returns {Partial<State>}
 */
function wentBack(state) {
  const { trail, leaf } = state;
  if (leaf !== null) return { leaf: null };
  const last = trail.at(-1);
  return last === undefined ? {} : gone(state, last, trail.slice(0, -1));
}

/**
 * Undo the first of these that applies: a notice, a preview, the presenter's view, a mark.
 * @param {State} state
 * @returns {Partial<State>}
 */
function escaped({ notice, preview, presenting }) {
  if (notice !== null) return { notice: null };
  if (preview !== null) return { preview: null };
  return presenting ? { presenting: false, preview: null } : unmarked();
}

/**
 * The selection with a part changed, clamped to the input and the network.
 * @param {State} state
 * @param {Partial<Selection>} part
 * @returns {Selection}
 */
function within({ selection, network, model, document, answer }, part) {
  const wanted = { ...selection, ...part };
  const t = Math.max(0, Math.min(lastStep(document, network.parts, answer), wanted.t));
  const unit = Math.max(0, Math.min(network.hiddenSize - 1, wanted.unit));
  const quantity = equationOf(model, wanted.quantity) || model === null ? wanted.quantity : selection.quantity;
  const same = t === selection.t && unit === selection.unit && quantity === selection.quantity;
  return same ? selection : { ...wanted, t, unit, quantity };
}

/**
 * Whether a place names more than a step.
 * @param {Partial<Selection>} part
 */
function isMark(part) {
  return "unit" in part || "quantity" in part;
}
