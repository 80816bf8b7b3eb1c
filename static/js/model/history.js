/** Undo and redo as data: the list of documents and the index of the present one. */

/** @import {GruDocument, History} from "../types.d.ts" */

const LONGEST = 500;

/**
 * A history that begins with a document.
 * @param {GruDocument} document
 * @returns {History}
 */
export function historyOf(document) {
  return { documents: [document], at: 0, gesture: null };
}

/**
 * Add a document after the present one. Documents of one gesture (a drag, a run of typing) share an entry.
 * @param {History} history
 * @param {GruDocument} document
 * @param {string | null} gesture
 * @returns {History}
 */
export function pushed({ documents, at, gesture: last }, document, gesture) {
  const joins = gesture !== null && gesture === last && at > 0 && at === documents.length - 1;
  const next = [...documents.slice(0, joins ? at : at + 1), document].slice(-LONGEST);
  return { documents: next, at: next.length - 1, gesture };
}

/**
 * The history one entry earlier or later, or the same history if there is none.
 * @param {History} history
 * @param {1 | -1} by
 * @returns {History}
 */
export function moved(history, by) {
  const at = history.at + by;
  return at in history.documents ? { ...history, at, gesture: null } : history;
}

/**
 * The history at a document, at the earlier entry if there are two. A missing document is added.
 * @param {History} history
 * @param {GruDocument} document
 * @returns {History}
 */
export function atDocument(history, document) {
  const earlier = history.documents.lastIndexOf(document, history.at);
  const at = earlier >= 0 ? earlier : history.documents.indexOf(document);
  return at >= 0 ? { ...history, at, gesture: null } : pushed(history, document, null);
}

/**
 * The history with another document in place of the present one, which is not a step to undo.
 * @param {History} history
 * @param {GruDocument} document
 * @returns {History}
 */
export function replaced(history, document) {
  return { ...history, documents: history.documents.with(history.at, document), gesture: null };
}

/** @param {History} history */
export function presentOf({ documents, at }) {
  return documents[at];
}

/** @param {History} history */
export function canUndo({ at }) {
  return at > 0;
}

/** @param {History} history */
export function canRedo({ documents, at }) {
  return at < documents.length - 1;
}
