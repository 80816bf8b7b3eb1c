/** IndexedDB databases of what the page keeps: the document of each tab, and the card of each network. */

/** One record for each tab, `{tab, saved, document}`. */
const DOCUMENTS = { name: "gruscope", store: "documents", key: "tab" };
/** One record for each network of a file, `{digest, saved, card}`. A card has up to 8 MiB, the limit of the server. */
const CARDS = { name: "gruscope cards", store: "cards", key: "digest" };
const BY_TIME = "saved";
/** Records beyond this many are deleted, oldest first, so that visits do not fill the disk. */
const MOST_RECORDS = 20;

/**
 * @typedef {object} KeptRecord
 * @property {string} tab
 * @property {number} saved milliseconds since 1970
 * @property {unknown} document as it was stored; nothing about it has been checked
 */

/**
 * @typedef {object} DocumentDatabase
 * @property {(record: KeptRecord) => Promise<void>} put resolves when the record is stored
 * @property {(tab: string) => Promise<KeptRecord | undefined>} get
 * @property {() => Promise<string[]>} newest tabs that have a record, the latest one first
 * @property {() => void} close
 */

/**
 * @typedef {object} CardDatabase
 * @property {(record: {digest: string, saved: number, card: unknown}) => Promise<void>} put resolves when the record is stored
 * @property {(digest: string) => Promise<{card: unknown} | undefined>} get nothing about the card has been checked
 * @property {() => void} close
 */

/**
 * @param {IDBFactory} indexedDB
 * @returns {Promise<DocumentDatabase>} rejects if the browser denies storage
 */
export const openDocumentDatabase = (indexedDB) => open(indexedDB, DOCUMENTS);

/**
 * @param {IDBFactory} indexedDB
 * @returns {Promise<CardDatabase>} rejects if the browser denies storage
 */
export const openCardDatabase = (indexedDB) => open(indexedDB, CARDS);

/**
 * @param {IDBFactory} indexedDB
 * @param {{name: string, store: string, key: string}} options
 */
async function open(indexedDB, { name, store: holder, key: keyPath }) {
  const opening = indexedDB.open(name, 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore(holder, { keyPath }).createIndex(BY_TIME, "saved");
  };
  const database = await result(opening);
  // Another tab may run a newer version of the page, which cannot upgrade the database while this one keeps it open.
  database.onversionchange = () => database.close();

  return {
    /** @param {any} record */
    async put(record) {
      const transaction = database.transaction(holder, "readwrite");
      const store = transaction.objectStore(holder);
      store.put(record);
      const keys = store.index(BY_TIME).getAllKeys();
      keys.onsuccess = () => keys.result.slice(0, -MOST_RECORDS).forEach((key) => store.delete(key));
      await completion(transaction);
    },
    /** @param {string} key */
    get: (key) => result(database.transaction(holder).objectStore(holder).get(key)),
    async newest() {
      const keys = await result(database.transaction(holder).objectStore(holder).index(BY_TIME).getAllKeys());
      return /** @type {string[]} */ (keys).reverse();
    },
    close: () => database.close(),
  };
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function result(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * @param {IDBTransaction} transaction
 * @returns {Promise<void>} rejects with QuotaExceededError if the disk or the browser's share of it is full
 */
function completion(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}
