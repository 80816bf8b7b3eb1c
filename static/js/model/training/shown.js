/** Documents that show a snapshot of a training. */

import { isOfWeights, isOn } from "../edits/edits.js";
import { panelsOf, withPanels } from "../panels.js";
import { newestOf } from "./training.js";

/** @import {GruDocument, Training, TrainingOrigin} from "../../types.d.ts" */

/**
 * The digest of a document's network, null if it is not a file's.
 * @param {GruDocument} document
 */
export function digestOf({ network }) {
  return network.kind === "file" ? network.digest ?? null : null;
}

/**
 * Whether a document shows a snapshot of a training.
 * @param {Training} training
 * @param {GruDocument} document
 */
export function shows({ digests }, document) {
  const digest = digestOf(document);
  return digest !== null && digests[digest] === true;
}

/**
 * Whether a document shows a snapshot with other weights.
 * @param {GruDocument} document
 */
export function isEdited({ edits }) {
  return edits.some((edit) => isOfWeights(edit) && isOn(edit));
}

/**
 * The document with another snapshot. Its input, form and holds stay; edits of weights belong to the snapshot before.
 * @param {Training} training which has a network
 * @param {string} digest
 * @param {GruDocument} document the present one
 * @returns {GruDocument}
 */
export function withSnapshotOf(training, digest, document) {
  const { ready } = training;
  if (ready === null) return document;
  const own = /** @type {GruDocument} */ (ready.document);
  const base = shows(training, document) ? document : withPanels({ ...own, edits: own.edits ?? [] }, panelsOf(document));
  const network = /** @type {GruDocument["network"]} */ ({ ...own.network, digest });
  return { ...base, network, edits: base.edits.filter((edit) => !isOfWeights(edit)) };
}

/**
 * The document after new snapshots have arrived: it shows the newest if the page follows the training.
 * @param {Training} training
 * @param {GruDocument} document
 * @returns {GruDocument} the same if it does not change
 */
export function followed(training, document) {
  const newest = newestOf(training);
  if (newest === null || training.ready === null || newest.digest === digestOf(document) || !follows(training, document)) return document;
  return withSnapshotOf(training, newest.digest, document);
}

/**
 * Whether the page shows each new snapshot: not while it shows another network, or one with edits.
 * @param {Training} training
 * @param {GruDocument} document
 */
export function follows(training, document) {
  return training.following && (training.due || (shows(training, document) && !isEdited(document)));
}

/**
 * Where the training goes on: at the snapshot on show, with its edits; null if the page shows another network.
 * @param {Training} training
 * @param {GruDocument} document
 * @returns {TrainingOrigin | null}
 */
export function originOf(training, document) {
  const digest = digestOf(document);
  if (digest === null || training.snapshots.every((one) => one.digest !== digest)) return null;
  return { digest, edits: document.edits.filter((edit) => isOfWeights(edit) && isOn(edit)) };
}
