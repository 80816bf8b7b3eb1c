/**
 * Examples as entries of the browser's history: Back returns to the previous example as it was left, Forward to the next one. Undo and redo have
 * their own list. When they move from one example to another, the browser's history moves too, so that both always agree.
 */

import { storedDocumentFault } from "../model/document-check.js";

/** @import {Lifetime} from "../lib/lifetime.js" */
/** @import {Config, GruDocument} from "../types.d.ts" */

/** The key of our data in an entry's state, beside the data of other programs. */
const KEY = "gruscope";
/** The key of the tab's last entry, which distinguishes a reload from an arrival at another entry. */
const POSITION_KEY = "gruscope entry";
/** Browsers refuse to change an entry many times a second. */
const QUIET_MS = 400;

/** @typedef {{position: number, document: GruDocument}} Entry */
/** @typedef {ReturnType<typeof createBrowserHistory>} BrowserHistory */

/**
 * The document of the entry to which the browser went while no page was running; null after a reload or at the first visit.
 * @param {Window} browser
 * @param {Pick<Config, "limits" | "examples">} config
 * @returns {GruDocument | null}
 */
export function documentArrivedAt(browser, config) {
  const entry = entryIn(browser.history.state, config);
  return entry === null || remembered(browser) === entry.position ? null : entry.document;
}

/**
 * @param {Window} browser
 * @param {Pick<Config, "limits" | "examples">} config
 * @param {Pick<Lifetime, "listen" | "after" | "cancel">} lifetime
 * @param {object} actions
 * @param {() => void} actions.leave called before another entry is shown, to leave modes with their own documents, such as the tour
 * @param {(document: GruDocument) => void} actions.open
 */
export function createBrowserHistory(browser, config, { listen, after, cancel }, { leave, open }) {
  let position = entryIn(browser.history.state, config)?.position ?? 0;
  /** The latest document of each entry seen by this page, by its position. @type {GruDocument[]} */
  let documents = [];
  /** @type {WeakMap<GruDocument, number>} */
  const homes = new WeakMap();
  /** Positions that this page has requested from the browser. @type {number[]} */
  let asked = [];
  let timer = 0;

  listen(browser, "popstate", ({ state }) => {
    const entry = entryIn(state, config);
    if (entry === null) return;
    if (asked.shift() === entry.position) return;
    asked = [];
    leave();
    position = entry.position;
    const document = documents[position] ?? entry.document;
    settle(document);
    open(document);
  });
  listen(browser, "pagehide", keep);

  /** @param {GruDocument} document of the present entry */
  function settle(document) {
    documents[position] = document;
    homes.set(document, position);
    remember(browser, position);
    cancel(timer);
    timer = after(keep, QUIET_MS);
  }

  function keep() {
    cancel(timer);
    const document = documents[position];
    // Until the browser reaches the requested position, its present entry belongs to another document.
    if (document !== undefined && asked.length === 0) write("replaceState", document);
  }

  /**
   * @param {"replaceState" | "pushState"} way
   * @param {GruDocument} document
   */
  function write(way, document) {
    try {
      browser.history[way]({ ...(way === "replaceState" && browser.history.state), [KEY]: { position, document } }, "");
    } catch {
      // The document is too large for an entry, or there were too many changes. This page still has it, but a reload of that entry will not.
    }
  }

  /** @param {GruDocument} document */
  function push(document) {
    keep();
    position += 1;
    documents = documents.slice(0, position);
    write("pushState", document);
  }

  /** @param {number} home the entry of a document that undo or redo brought back */
  function go(home) {
    keep();
    asked.push(home);
    browser.history.go(home - position);
    position = home;
  }

  return {
    /**
     * @param {GruDocument} document the page's present document
     * @param {boolean} [switched] whether another example was opened
     */
    follow(document, switched = false) {
      const home = homes.get(document);
      if (home === undefined && switched) push(document);
      else if (home !== undefined && home !== position && documents[home] !== undefined) go(home);
      settle(document);
    },
  };
}

/**
 * @param {any} state of the browser's history
 * @param {Pick<Config, "limits" | "examples">} config
 * @returns {Entry | null} null if the entry belongs to another program, or its document is damaged or has another version
 */
function entryIn(state, config) {
  const entry = state?.[KEY];
  return Number.isInteger(entry?.position) && storedDocumentFault(entry.document, config) === null ? entry : null;
}

/** @param {Window} browser */
function remembered(browser) {
  try {
    return Number(browser.sessionStorage.getItem(POSITION_KEY) ?? NaN);
  } catch {
    return NaN;
  }
}

/**
 * @param {Window} browser
 * @param {number} position
 */
function remember(browser, position) {
  try {
    browser.sessionStorage.setItem(POSITION_KEY, String(position));
  } catch {
    // Storage is denied: then a reload counts as an arrival and shows the entry's document, which is correct too.
  }
}
