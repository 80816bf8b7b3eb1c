/**
 * Keeps the reader's work. Each tab has its own record in IndexedDB, which survives closing the tab. A new tab can load the latest record.
 */

import { randomId } from "../lib/random-id.js";
import { storedCardFault, storedDocumentFault } from "../model/document-check.js";
import { openCardDatabase, openDocumentDatabase } from "./document-database.js";

/** @import {Card, Config, GruDocument} from "../types.d.ts" */
/** @import {CardDatabase, DocumentDatabase} from "./document-database.js" */

/** The reader's progress in the tour, in localStorage. */
export const TOUR_KEY = "gruscope tour";
/** Milliseconds without a change before changes are written. */
const QUIET_MS = 300;

/**
 * - `blocked`: the browser denies storage
 * - `full`: the storage is full
 * - `unusable`: a kept document is damaged or has another version
 * @typedef {{kind: "blocked" | "full" | "unusable", reason: string}} Trouble
 */

/**
 * @typedef {object} Storages
 * @property {IDBFactory | null} indexedDB null if the browser denies access
 * @property {Storage | null} sessionStorage
 * @property {Storage | null} localStorage
 */

/**
 * @typedef {object} Persistence
 * @property {() => GruDocument | null} own this tab's document, if it was reloaded
 * @property {() => Promise<{own: GruDocument | null, latest: GruDocument | null}>} load this tab's document and the latest one of any other tab; never
 *   rejects
 * @property {(document: GruDocument) => void} keep
 * @property {(digest: string, card: Card) => Promise<void>} keepCard the card of a file's network; never rejects
 * @property {(digest: string) => Promise<Card | null>} card the kept card of a file's network; never rejects
 * @property {(progress: object) => void} keepTour
 * @property {() => void} close write what is pending and stop
 */

/**
 * The browser's storages. Reading these properties throws where a browser denies storage.
 * @param {Window} window
 * @returns {Storages}
 */
export function storagesOf(window) {
  /**
   * @template T
   * @param {() => T} read
   */
  const granted = (read) => {
    try {
      return read();
    } catch {
      return null;
    }
  };
  return {
    indexedDB: granted(() => window.indexedDB),
    sessionStorage: granted(() => window.sessionStorage),
    localStorage: granted(() => window.localStorage),
  };
}

/**
 * @param {Storages & {
 *   config: Pick<Config, "limits" | "examples">,
 *   onTrouble: (trouble: Trouble) => void,
 *   slot?: number,
 *   page?: EventTarget,
 * }} options `onTrouble` is called at most once for each kind; `slot` distinguishes the
 *   pages mounted in one document; `page` is the target of `pagehide` and `pageshow`, the window
 * @returns {Persistence}
 */
export function createPersistence({ indexedDB, sessionStorage, localStorage, config, onTrouble, slot = 0, page = window }) {
  const keys = keysOf(slot);
  const tab = claimTab(sessionStorage, keys);
  const told = new Set();
  /** @type {Promise<DocumentDatabase> | null} */
  let database = null;
  /** @type {Promise<CardDatabase> | null} */
  let cardDatabase = null;
  const documents = createQuietWriter(writeDocument);
  const tour = createQuietWriter(writeTour);

  /**
   * @param {Trouble["kind"]} kind
   * @param {string} reason
   */
  function tell(kind, reason) {
    if (told.has(kind)) return;
    told.add(kind);
    onTrouble({ kind, reason });
  }

  /** @param {unknown} error */
  function tellWriteFailed(error) {
    const { name, message } = error instanceof Error || error instanceof DOMException ? error : { name: "", message: String(error) };
    tell(name === "QuotaExceededError" ? "full" : "blocked", message || name);
  }

  function opened() {
    database ??= indexedDB === null
      ? Promise.reject(new Error("the browser denies access to IndexedDB"))
      : Promise.resolve(indexedDB).then(openDocumentDatabase);
    return database;
  }

  function openedCards() {
    cardDatabase ??= indexedDB === null
      ? Promise.reject(new Error("the browser denies access to IndexedDB"))
      : Promise.resolve(indexedDB).then(openCardDatabase);
    return cardDatabase;
  }

  /**
   * @param {string} digest
   * @param {Card} kept
   */
  async function keepCard(digest, kept) {
    try {
      await (await openedCards()).put({ digest, saved: Date.now(), card: kept });
    } catch (error) {
      tellWriteFailed(error);
    }
  }

  /** @param {string} digest */
  async function card(digest) {
    try {
      const found = (await (await openedCards()).get(digest))?.card;
      if (found === undefined) return null;
      const fault = storedCardFault(found);
      if (fault === null) return /** @type {Card} */ (found);
      tell("unusable", `its card: ${fault}`);
    } catch {
      // The document is there without names. A failed write is reported.
    }
    return null;
  }

  /** @param {GruDocument} document */
  async function writeDocument(document) {
    writeCopy(document);
    try {
      await (await opened()).put({ tab, saved: Date.now(), document });
    } catch (error) {
      tellWriteFailed(error);
    }
  }

  /**
   * IndexedDB is asynchronous, but the first paint must show the document of a reloaded tab. So sessionStorage, which is synchronous, has a copy. If the
   * document is too large, the old copy is removed and `load` finds the document in the database.
   * @param {GruDocument} document
   */
  function writeCopy(document) {
    if (!write(sessionStorage, keys.document, JSON.stringify(document))) remove(sessionStorage, keys.document);
  }

  /**
   * The tour's progress is small and the first paint depends on it, so it is kept in localStorage.
   * @param {object} progress
   */
  async function writeTour(progress) {
    try {
      if (localStorage === null) throw new Error("the browser denies access to localStorage");
      localStorage.setItem(TOUR_KEY, JSON.stringify(progress));
    } catch (error) {
      tellWriteFailed(error);
    }
  }

  /**
   * @param {unknown} found
   * @returns {GruDocument | null}
   */
  function usable(found) {
    const fault = storedDocumentFault(found, config);
    if (fault === null) return /** @type {GruDocument} */ (found);
    tell("unusable", fault);
    return null;
  }

  function own() {
    const text = read(sessionStorage, keys.document);
    if (text === null) return null;
    try {
      return usable(JSON.parse(text));
    } catch {
      tell("unusable", "it is not JSON");
      return null;
    }
  }

  async function load() {
    try {
      const kept = await opened();
      const mine = await kept.get(tab);
      let latest = null;
      for (const other of await kept.newest()) {
        if (other === tab || latest !== null) continue;
        latest = usable((await kept.get(other))?.document);
      }
      return { own: own() ?? (mine === undefined ? null : usable(mine.document)), latest };
    } catch {
      // Nothing is lost yet. A failed write is reported.
      return { own: own(), latest: null };
    }
  }

  function leave() {
    documents.flush();
    tour.flush();
    remove(sessionStorage, keys.inUse);
  }
  const back = () => markTab(sessionStorage, keys, tab);
  page.addEventListener("pagehide", leave);
  page.addEventListener("pageshow", back);

  return {
    own,
    load,
    keep: documents.write,
    keepCard,
    card,
    keepTour: tour.write,
    close() {
      page.removeEventListener("pagehide", leave);
      page.removeEventListener("pageshow", back);
      leave();
      const closing = database;
      closing?.then((kept) => kept.close(), () => {});
      cardDatabase?.then((kept) => kept.close(), () => {});
    },
  };
}

/**
 * The keys of a page in sessionStorage: the tab's id, the mark that it is in use, and the copy of the document.
 * @param {number} slot
 */
function keysOf(slot) {
  const suffix = slot === 0 ? "" : ` ${slot + 1}`;
  return { tab: `gruscope tab${suffix}`, inUse: `gruscope tab in use${suffix}`, document: `gruscope document${suffix}` };
}

/** @typedef {ReturnType<typeof keysOf>} Keys */

/**
 * This tab's id. A duplicated tab starts with a copy of the other tab's sessionStorage. The mark of use distinguishes them: the page removes it when it is
 * left, so a reload finds the id free and a duplicate finds it taken.
 * @param {Storage | null} storage
 * @param {Keys} keys
 */
function claimTab(storage, keys) {
  const kept = read(storage, keys.inUse) === null ? read(storage, keys.tab) : null;
  const tab = kept ?? randomId();
  markTab(storage, keys, tab);
  return tab;
}

/**
 * If there is no room for the mark, a reloaded tab counts as new.
 * @param {Storage | null} storage
 * @param {Keys} keys
 * @param {string} tab
 */
function markTab(storage, keys, tab) {
  write(storage, keys.tab, tab);
  write(storage, keys.inUse, "1");
}

/**
 * @param {Storage | null} storage
 * @param {string} key
 */
function read(storage, key) {
  try {
    return storage?.getItem(key) ?? null;
  } catch {
    return null;
  }
}

/**
 * @param {Storage | null} storage
 * @param {string} key
 * @param {string} value
 * @returns {boolean} whether storage is permitted and had room
 */
function write(storage, key, value) {
  try {
    storage?.setItem(key, value);
    return storage !== null;
  } catch {
    return false;
  }
}

/**
 * @param {Storage | null} storage
 * @param {string} key
 */
function remove(storage, key) {
  try {
    storage?.removeItem(key);
  } catch {
    // If access is denied, there is nothing to remove.
  }
}

/**
 * Writes the newest value after a while without a newer one.
 * @template T
 * @param {(value: T) => Promise<void>} put
 */
function createQuietWriter(put) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {{value: T} | null} */
  let pending = null;

  function flush() {
    clearTimeout(timer);
    const last = pending;
    pending = null;
    if (last !== null) void put(last.value);
  }

  return {
    /** @param {T} value */
    write(value) {
      pending = { value };
      clearTimeout(timer);
      timer = setTimeout(flush, QUIET_MS);
    },
    flush,
  };
}
