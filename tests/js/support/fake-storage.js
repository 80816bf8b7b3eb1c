/** Storages for tests under Node: as much of Storage and IndexedDB as the page uses. */

/** A Storage with an optional limit on what all values take together. */
export function fakeStorage(room = Infinity) {
  const items = new Map();
  return {
    items,
    getItem: (key) => items.get(key) ?? null,
    setItem(key, value) {
      const others = [...items].filter(([other]) => other !== key).reduce((sum, [, text]) => sum + text.length, 0);
      if (others + value.length > room) throw new DOMException("no room", "QuotaExceededError");
      items.set(key, value);
    },
    removeItem: (key) => items.delete(key),
  };
}

/** A Storage whose every use is refused, as with cookies blocked. */
export function deniedStorage() {
  const refuse = () => {
    throw new DOMException("access denied", "SecurityError");
  };
  return { getItem: refuse, setItem: refuse, removeItem: refuse };
}

/**
 * An IDBFactory over a Map of records, shared by all who open it. Like a browser it answers later, copies what it stores, and ends a transaction that
 * has nothing left to do.
 * @param {{records?: Map<string, any>, denied?: boolean, full?: boolean}} [options]
 */
export function fakeIndexedDB({ records = new Map(), denied = false, full = false } = {}) {
  const factory = { records, full, opened: 0, open };

  function open() {
    factory.opened += 1;
    const request = { result: null, error: null };
    setTimeout(() => {
      if (denied) {
        request.error = new DOMException("access denied", "SecurityError");
        return request.onerror?.();
      }
      request.result = { createObjectStore: () => ({ createIndex() {} }), transaction, close() {} };
      request.onupgradeneeded?.();
      return request.onsuccess?.();
    });
    return request;
  }

  function transaction() {
    const puts = new Map();
    const deletions = new Set();
    let open = 0;
    const self = { objectStore: () => store, error: null };

    function ask(answer) {
      const request = { result: undefined };
      open += 1;
      setTimeout(() => {
        request.result = answer();
        request.onsuccess?.();
        open -= 1;
        if (open === 0) end();
      });
      return request;
    }

    function end() {
      if (factory.full && puts.size > 0) {
        self.error = new DOMException("quota", "QuotaExceededError");
        return self.onabort?.();
      }
      for (const [key, record] of puts) records.set(key, record);
      for (const key of deletions) records.delete(key);
      return self.oncomplete?.();
    }

    const all = () => new Map([...records, ...puts]);
    const store = {
      put(record) {
        const copy = structuredClone(record);
        return ask(() => puts.set(copy.tab, copy));
      },
      get: (key) => ask(() => structuredClone(all().get(key))),
      delete: (key) => ask(() => deletions.add(key)),
      index: () => ({ getAllKeys: () => ask(() => [...all().values()].sort((a, b) => a.saved - b.saved).map(({ tab }) => tab)) }),
    };
    return self;
  }

  return factory;
}
