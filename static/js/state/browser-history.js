/**
 * Examples as entries of the browser's history: Back returns to the former example as it was left, Forward to the later one. Undo and redo keep
 * their own list; where they cross from one example to another, the browser's history moves along, so that both always agree.
 */

import { storedDocumentFault } from "../model/document-check.js";

/** @import {Lifetime} from "../lib/lifetime.js" */
/** @import {Config, GruDocument} from "../types.d.ts" */

/** What an entry keeps, beside whatever else is in the browser's state. */
const KEY = "gruscope";
/** Which entry the tab was at last, to tell a reload from an arrival at another entry. */
const POSITION_KEY = "gruscope entry";
/** Browsers refuse entries that change many times a second. */
const QUIET_MS = 400;

/** @typedef {{position: number, document: GruDocument}} Entry */
/** @typedef {ReturnType<typeof createBrowserHistory>} BrowserHistory */

/**
 * The document of the entry that the browser has gone to while no page was there to hear of it; null after a reload or at a first visit.
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
 * @param {() => void} actions.leave called before another entry is shown: leaves whatever has documents of its own
 * @param {(document: GruDocument) => void} actions.open
 */
export function createBrowserHistory(browser, config, { listen, after, cancel }, { leave, open }) {
  let position = entryIn(browser.history.state, config)?.position ?? 0;
  /** The latest document of each entry seen by this page, by its position. @type {GruDocument[]} */
  let documents = [];
  /** @type {WeakMap<GruDocument, number>} */
  const homes = new WeakMap();
  /** Positions that this page has asked the browser to go to. @type {number[]} */
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
    // Until the browser has gone where it was asked to, its entry is another one's.
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
      // The document is too large for an entry, or there were too many changes: this page still has it, a reload of that entry does not.
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
     * @param {GruDocument} document that is now on the page
     * @param {boolean} [switched] whether another example was opened in place of the one before
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
 * @returns {Entry | null} null if the entry is another program's, or its document is damaged or of another version
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
    // Without permission an arrival shows the entry's document, which is right in any case.
  }
}
