/** What outlives a reload of its tab, or the visit. */

/** @import {GruDocument} from "../types.d.ts" */

const KEY = "gruscope document";
const QUIET_MS = 300;

/**
 * What the tab was at before it was reloaded, or null.
 * @returns {GruDocument | null}
 */
export function keptDocument() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    return kept?.network && kept.input && Array.isArray(kept.edits) ? kept : null;
  } catch {
    return null;
  }
}

/** @returns {(document: GruDocument) => void} */
export function keepDocuments() {
  return createKeeper("sessionStorage", KEY);
}

/**
 * @param {"sessionStorage" | "localStorage"} place
 * @param {string} key
 * @returns {(value: object) => void} keeps the newest of the values it is called with, once they rest
 */
export function createKeeper(place, key) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {object | null} */
  let newest = null;

  function keep() {
    clearTimeout(timer);
    if (newest === null) return;
    try {
      window[place].setItem(key, JSON.stringify(newest));
    } catch {
      // No room or no permission: the page works without.
    }
    newest = null;
  }

  addEventListener("pagehide", keep);
  return (value) => {
    newest = value;
    clearTimeout(timer);
    timer = setTimeout(keep, QUIET_MS);
  };
}
