/** Undo and redo: a list of documents and a place in it. */

/** @import {GruDocument} from "../types.d.ts" */

const LONGEST = 500;

/**
 * What a history has piled up, and the place in it.
 * @typedef {{documents: readonly GruDocument[], at: number}} Pile
 */

/**
 * @typedef {object} History
 * @property {(document: GruDocument, gesture?: string | null) => void} push documents of one gesture (a drag, a run of
 *   typing) share an entry
 * @property {() => GruDocument | null} undo
 * @property {() => GruDocument | null} redo
 * @property {() => boolean} canUndo
 * @property {() => boolean} canRedo
 * @property {(document: GruDocument) => GruDocument} goTo back to a document, which is added where it is not among them
 * @property {(pile: Pile) => Pile} swap put a pile in the present one's place, which is returned
 */

/**
 * @param {GruDocument} first
 * @returns {History}
 */
export function createHistory(first) {
  /** @type {readonly GruDocument[]} */
  let documents = [first];
  let at = 0;
  /** @type {string | null} */
  let current = null;

  /** @param {number} step */
  const move = (step) => {
    if (at + step < 0 || at + step >= documents.length) return null;
    at += step;
    current = null;
    return documents[at];
  };

  return {
    push(document, gesture = null) {
      const joins = gesture !== null && gesture === current && at > 0 && at === documents.length - 1;
      documents = [...documents.slice(0, joins ? at : at + 1), document].slice(-LONGEST);
      at = documents.length - 1;
      current = gesture;
    },
    undo: () => move(-1),
    redo: () => move(1),
    canUndo: () => at > 0,
    canRedo: () => at < documents.length - 1,
    goTo(document) {
      const found = documents.lastIndexOf(document, at);
      if (found < 0) documents = [...documents.slice(0, at + 1), document];
      at = found < 0 ? documents.length - 1 : found;
      current = null;
      return document;
    },
    swap(pile) {
      const before = { documents, at };
      ({ documents, at } = pile);
      current = null;
      return before;
    },
  };
}
