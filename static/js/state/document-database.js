/** The IndexedDB database of kept documents: one record for each tab, `{tab, saved, document}`. */

const NAME = "gruscope";
const STORE = "documents";
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
 * @param {IDBFactory} indexedDB
 * @returns {Promise<DocumentDatabase>} rejects if the browser denies storage
 */
export async function openDocumentDatabase(indexedDB) {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore(STORE, { keyPath: "tab" }).createIndex(BY_TIME, "saved");
  };
  const database = await result(opening);
  // Another tab may run a newer version of the page, which cannot upgrade the database while this one keeps it open.
  database.onversionchange = () => database.close();

  return {
    async put(record) {
      const transaction = database.transaction(STORE, "readwrite");
      const store = transaction.objectStore(STORE);
      store.put(record);
      const keys = store.index(BY_TIME).getAllKeys();
      keys.onsuccess = () => keys.result.slice(0, -MOST_RECORDS).forEach((key) => store.delete(key));
      await completion(transaction);
    },
    get: (tab) => result(database.transaction(STORE).objectStore(STORE).get(tab)),
    async newest() {
      const keys = await result(database.transaction(STORE).objectStore(STORE).index(BY_TIME).getAllKeys());
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
