/** The names of weights: their array, row and column. */

import { layerInputName } from "../../lib/format.js";
import { outputName } from "../card/card.js";

/** @import {ArrayPart, Cell, Network, State} from "../../types.d.ts" */

/**
 * @param {Cell} cell
 * @param {Network | null} network
 * @param {ArrayPart | undefined} described the array, if known
 */
export function cellName({ array, row, column }, network, described) {
  return `${array}${cellPlace({ row, column }, network, described)}`;
}

/**
 * @param {Pick<Cell, "row" | "column">} cell
 * @param {Network | null} network
 * @param {ArrayPart | undefined} described
 */
export function cellPlace({ row, column }, network, described) {
  const name = rowName(row, network, described);
  if (described?.shape.length === 1) return `[${name}]`;
  return `[${name}, ${described?.kind === "input_weights" ? layerInputName(network, column) : column}]`;
}

/**
 * A row: the token of the embedding's, the class of the readout's, otherwise a unit.
 * @param {number} row
 * @param {Network | null} network
 * @param {Pick<ArrayPart, "kind"> | undefined} described
 */
export function rowName(row, network, described) {
  const plain = String(row);
  if (network === null) return plain;
  if (described?.kind === "embedding") return quoted(network.tokens?.[row] ?? network.alphabet?.[row], plain);
  if (described?.kind === "readout_weights" || described?.kind === "readout_bias") {
    const name = outputName(network, row);
    return name === plain ? plain : quoted(name, plain);
  }
  return plain;
}

/**
 * @param {string | undefined} name
 * @param {string} otherwise
 */
function quoted(name, otherwise) {
  return name === undefined ? otherwise : `‘${name}’`;
}

/**
 * The selected weight. In a layer, its row is the selected unit.
 * @param {Pick<State, "cell" | "selection">} state
 * @returns {Cell}
 */
export function chosenCell({ cell, selection }) {
  return { ...cell, row: cell.row ?? selection.unit };
}
