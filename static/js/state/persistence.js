/** What outlives a reload of its tab, or the visit. */

/** @import {Lifetime} from "../lib/lifetime.js" */
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

/**
 * @param {Pick<Lifetime, "listen" | "after" | "cancel">} lifetime
 * @returns {(document: GruDocument) => void}
 */
export function keepDocuments(lifetime) {
  return createKeeper(lifetime, "sessionStorage", KEY);
}

/**
 * @param {Pick<Lifetime, "listen" | "after" | "cancel">} lifetime
 * @param {"sessionStorage" | "localStorage"} place
 * @param {string} key
 * @returns {(value: object) => void} keeps the newest of the values it is called with, once they rest
 */
export function createKeeper({ listen, after, cancel }, place, key) {
  let timer = 0;
  /** @type {object | null} */
  let newest = null;

  function keep() {
    cancel(timer);
    if (newest === null) return;
    try {
      window[place].setItem(key, JSON.stringify(newest));
    } catch {
      // No room or no permission: the page works without.
    }
    newest = null;
  }

  listen(window, "pagehide", keep);
  return (value) => {
    newest = value;
    cancel(timer);
    timer = after(keep, QUIET_MS);
  };
}
