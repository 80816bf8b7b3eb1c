/** Keeps the parts of a state consistent after an action changed some of them. */

import { viewOf } from "../../model/document.js";
import { isPair, lastStep, stepOfLayer } from "../../model/seq2seq/clock.js";
import { NO_ENDS, arraysOf } from "../../model/weights/ends.js";
import { equationOf } from "../../model/cell/equations.js";
import { taskOf } from "../../model/units/ablation.js";
import { sameLayer } from "../../model/cell/layers.js";
import { networkOf, sized } from "../../model/network.js";
import { shows } from "../../model/training/shown.js";
import { isVector } from "../../model/cell/references.js";
import { rewished } from "../../model/writing.js";

/** @import {Config, Preview, Selection, State} from "../../types.d.ts" */

/**
 * @param {State} state
 * @param {State} before
 * @param {Config} config
 * @returns {State}
 */
export function settled(state, before, config) {
  if (state.document === before.document && state.trace === before.trace) return state;
  return kept(state.document === before.document ? state : withDocument(state, before, config));
}

/**
 * Clear the trace, so that the numbers of another network or layer are never shown under the present one.
 * @param {State} state
 * @param {State} before
 * @param {Config} config
 * @returns {State}
 */
function withDocument(state, before, config) {
  const { training, document: { network } } = state;
  const ofTraining = shows(training, state.document) && shows(training, before.document); // then only the weights differ
  const same = ofTraining || network === before.document.network || JSON.stringify(network) === JSON.stringify(before.document.network);
  const next = { ...state, synced: false, writing: rewished(state.writing, state.document, same) };
  const view = viewOf(state.document);
  if (same && sameLayer(view, viewOf(before.document))) return next;
  const shown = same ? sized(state.document, state.network.parts, state.network.alphabet, state.network.card) : networkFor(state, config);
  const selection = { ...state.selection, ...view };
  // An encoder's layer and its decoder's are shown side by side, so their values stay.
  const beside = same && isPair(shown.parts, view, viewOf(before.document));
  const trace = beside && state.trace !== null ? { ...state.trace, ...view } : null;
  const cleared = { ...next, network: shown, selection, trace, explained: null, step: null, original: {}, weights: {} };
  const inside = state.inside === "units" && taskOf(config, shown.card) === null ? "diagram" : state.inside;
  const output = state.output === before.output ? null : state.output; // the tour opens a network with one of its outputs taken apart
  return same ? cleared : { ...cleared, inside, ablation: null, answer: null, right: null, map: null, output, explainedOutput: null, part: /** @type {const} */ ("layer"), ends: NO_ENDS, looks: {} };
}

/**
 * @param {State} state
 * @param {Config} config
 */
function networkFor({ training, document }, config) {
  const { ready } = training;
  if (ready === null || !shows(training, document)) return networkOf(config, document);
  const { network } = document;
  return sized(document, ready.network, network.kind === "example" ? null : network.alphabet ?? null, ready.card);
}

/**
 * Clamp the selection, preview, sub-step, selected weight and channel to the document.
 * @param {State} state
 * @returns {State}
 */
function kept(state) {
  const { model, stage, network, channel } = state;
  return {
    ...state,
    selection: keptSelection(state),
    preview: keptPreview(state),
    stage: model !== null && stage !== null && stage >= model.stages.length ? null : stage,
    cell: keptCell(state),
    channel: channel < network.inputSize ? channel : 0,
  };
}

/**
 * @param {State} state
 * @returns {Selection}
 */
function keptSelection({ document, model, network, selection, trace, answer }) {
  const t = stepOfLayer(document, network.parts, Math.min(selection.t, lastStep(document, network.parts, answer)));
  const unit = Math.min(selection.unit, network.hiddenSize - 1);
  // Without a trace, the model may still be that of the cell before.
  const known = model === null || trace === null || equationOf(model, selection.quantity);
  const quantity = known ? selection.quantity : model.values[model.values.length - 1];
  const same = t === selection.t && unit === selection.unit && quantity === selection.quantity;
  return same ? selection : { ...selection, t, unit, quantity };
}

/**
 * @param {State} state
 * @returns {Preview | null}
 */
function keptPreview({ document, model, network, preview, answer }) {
  if (preview === null) return null;
  const there = preview.t <= lastStep(document, network.parts, answer) && preview.unit < network.hiddenSize;
  return there && (model === null || equationOf(model, preview.quantity)) ? preview : null;
}

/**
 * @param {State} state
 * @returns {State["cell"]}
 */
function keptCell({ part, network, model, weights, cell }) {
  if (cell.array in arraysOf(network.parts, part)) return cell;
  const names = Object.keys(model?.arrays ?? {});
  const array = names.length === 0 || names.includes(cell.array) ? cell.array : names[0];
  const columns = weights[array]?.shape[1] ?? (isVector(model?.arrays[array]) ? 1 : cell.column + 1);
  const column = Math.min(cell.column, columns - 1);
  return array === cell.array && column === cell.column ? cell : { array, column };
}
