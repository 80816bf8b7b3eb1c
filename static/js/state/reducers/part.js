/** Which part's weights the page shows: those of the layer on show, of the embedding or of the readout. */

import { NO_ENDS, arraysOf, looking, tokenAt } from "../../model/weights/ends.js";
import { isArray } from "../../model/cell/references.js";

/** @import {Cell, End, Factor, Part, State} from "../../types.d.ts" */

/**
 * @param {State} state
 * @param {Part} part
 * @returns {Partial<State>}
 */
export function partShown(state, part) {
  if (part === state.part) return {};
  const { network, model, selection, output } = state;
  if (part === "layer") {
    const [array = ""] = Object.keys(model?.arrays ?? {});
    return { part, cell: { array, column: 0 }, ends: NO_ENDS, looks: {} };
  }
  const [array] = Object.keys(arraysOf(network.parts, part));
  if (array === undefined) return {};
  const row = (part === "readout" ? output : tokenAt(state, selection.t)) ?? 0;
  return { part, side: "weights", ends: NO_ENDS, ...endCellChosen({ ...state, looks: {} }, { array, row, column: 0 }) };
}

/**
 * Choose a weight of the embedding or the readout. An output that is taken apart becomes that of its row.
 * @param {Pick<State, "looks" | "output" | "part">} state
 * @param {Cell} cell
 * @returns {Partial<State>}
 */
export function endCellChosen({ looks, output, part }, { array, row, column }) {
  const follows = part === "readout" && output !== null;
  return { cell: { array, row, column }, looks: looking(looks, array, { row, column }), ...(follows && { output: row }) };
}

/**
 * The weight of an end that a factor is: one of the readout, or a number of the embedding's row that is read at its step.
 * @param {State} state
 * @param {Pick<Factor, "kind" | "name" | "index">} factor
 * @returns {{part: End, cell: Cell} | null}
 */
export function endOf(state, { kind, name, index }) {
  const { parts } = state.network;
  const [first, column = 0] = index;
  if (isArray({ kind }) && name in arraysOf(parts, "readout")) return { part: "readout", cell: { array: name, row: first, column } };
  const [array] = Object.keys(arraysOf(parts, "embedding"));
  const row = kind === "input" && array !== undefined ? tokenAt(state, first) : null;
  return row === null ? null : { part: "embedding", cell: { array, row, column } };
}
