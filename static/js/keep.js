/** The document outlives a reload of its tab. */

/** @import {GruDocument} from "./types.d.ts" */

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

/**
 * @returns {(document: GruDocument) => void} keeps the newest of the documents it is called with, once they rest
 */
export function createKeeper() {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {GruDocument | null} */
  let newest = null;

  function keep() {
    clearTimeout(timer);
    if (newest === null) return;
    try {
      sessionStorage.setItem(KEY, JSON.stringify(newest));
    } catch {
      // No room or no permission: the page works without.
    }
    newest = null;
  }

  addEventListener("pagehide", keep);
  return (document) => {
    newest = document;
    clearTimeout(timer);
    timer = setTimeout(keep, QUIET_MS);
  };
}
