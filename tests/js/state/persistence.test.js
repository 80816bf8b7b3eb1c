/** A tab's work outlives its reload and its end, whatever the storages do. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { createPersistence, storagesOf, TOUR_KEY } from "../../../static/js/state/persistence.js";
import { deniedStorage, fakeIndexedDB, fakeStorage } from "../support/fake-storage.js";
import { config, document } from "../support/documents.js";

const { mock } = await import("node:test");

/** A tab on storages that may be shared with others. */
function tab({ indexedDB = fakeIndexedDB(), sessionStorage = fakeStorage(), localStorage = fakeStorage(), slot = 0 } = {}) {
  const page = new EventTarget();
  const troubles = [];
  const persistence = createPersistence({ indexedDB, sessionStorage, localStorage, config, slot, page, onTrouble: (trouble) => troubles.push(trouble) });
  return { ...persistence, page, troubles, sessionStorage, leave: () => page.dispatchEvent(new Event("pagehide")) };
}

/** Waits until nothing more happens: each round outlasts what the fakes do next. */
async function settled() {
  for (let i = 0; i < 20; i += 1) await new Promise((then) => setTimeout(then));
}

test("a reloaded tab has its own document immediately", () => {
  const first = tab();
  first.keep(document("abc"));
  first.leave();
  const again = tab({ sessionStorage: first.sessionStorage });
  assert.deepEqual(again.own(), document("abc"));
});

test("a new tab gets the latest document of closed tabs and has none of its own", async () => {
  const indexedDB = fakeIndexedDB();
  mock.timers.enable({ apis: ["Date"], now: 1000 });
  for (const text of ["a", "b"]) {
    const closing = tab({ indexedDB });
    closing.keep(document(text));
    closing.leave();
    await settled();
    mock.timers.tick(1000);
  }
  mock.timers.reset();
  const fresh = tab({ indexedDB });
  assert.equal(fresh.own(), null);
  assert.deepEqual(await fresh.load(), { own: null, latest: document("b") });
});

test("two tabs keep a record each, and neither reloads into the other's document", async () => {
  const indexedDB = fakeIndexedDB();
  const [one, two] = [tab({ indexedDB }), tab({ indexedDB })];
  one.keep(document("aa"));
  two.keep(document("bb"));
  for (const each of [one, two]) each.leave();
  await settled();
  assert.equal(indexedDB.records.size, 2);
  assert.deepEqual(tab({ indexedDB, sessionStorage: one.sessionStorage }).own(), document("aa"));
  assert.deepEqual((await tab({ indexedDB, sessionStorage: two.sessionStorage }).load()).own, document("bb"));
});

test("a duplicated tab gets its own id", async () => {
  const indexedDB = fakeIndexedDB();
  const one = tab({ indexedDB });
  one.keep(document("aa"));
  const copy = fakeStorage();
  for (const [key, value] of one.sessionStorage.items) copy.setItem(key, value);
  const two = tab({ indexedDB, sessionStorage: copy });
  two.keep(document("bb"));
  for (const each of [one, two]) each.leave();
  await settled();
  assert.deepEqual([...indexedDB.records.values()].map((record) => record.document.input.text).sort(), ["aa", "bb"]);
});

test("two pages in one tab keep a document each", async () => {
  const indexedDB = fakeIndexedDB();
  const sessionStorage = fakeStorage();
  const pages = [0, 1].map((slot) => tab({ indexedDB, sessionStorage, slot }));
  pages.forEach((page, slot) => page.keep(document("ab"[slot])));
  for (const page of pages) page.leave();
  await settled();
  assert.equal(indexedDB.records.size, 2);
  assert.deepEqual([0, 1].map((slot) => tab({ indexedDB, sessionStorage, slot }).own()), [document("a"), document("b")]);
});

test("a tab that was reloaded many times has one record", async () => {
  const indexedDB = fakeIndexedDB();
  const sessionStorage = fakeStorage();
  for (const text of ["a", "ab", "b"]) {
    const visit = tab({ indexedDB, sessionStorage });
    visit.keep(document(text));
    visit.leave();
    await settled();
  }
  assert.deepEqual([...indexedDB.records.values()].map((record) => record.document), [document("b")]);
});

test("changes in quick succession are written once, the last one", async (t) => {
  const indexedDB = fakeIndexedDB();
  const one = tab({ indexedDB });
  t.mock.timers.enable({ apis: ["setTimeout"] });
  for (const text of ["a", "ab", "aba"]) one.keep(document(text));
  t.mock.timers.tick(299);
  assert.equal(indexedDB.opened, 0);
  t.mock.timers.tick(1);
  t.mock.timers.reset();
  await settled();
  assert.deepEqual([...indexedDB.records.values()].map((record) => record.document), [document("aba")]);
});

test("the oldest records are deleted", async () => {
  const records = new Map(Array.from({ length: 30 }, (_, i) => [`tab ${i}`, { tab: `tab ${i}`, saved: i, document: document("a") }]));
  const indexedDB = fakeIndexedDB({ records });
  const one = tab({ indexedDB });
  one.keep(document("b"));
  one.leave();
  await settled();
  assert.equal(records.size, 20);
  assert.ok(!records.has("tab 10") && records.has("tab 11"));
});

for (const [name, storages, kind] of [
  ["without IndexedDB", { indexedDB: null }, "blocked"],
  ["with IndexedDB denied", { indexedDB: fakeIndexedDB({ denied: true }) }, "blocked"],
  ["with all storages denied", { indexedDB: null, sessionStorage: deniedStorage(), localStorage: null }, "blocked"],
  ["with the disk full", { indexedDB: fakeIndexedDB({ full: true }) }, "full"],
]) {
  test(`${name} it says so once, when there is something to lose`, async () => {
    const one = tab(storages);
    assert.deepEqual(await one.load(), { own: null, latest: null });
    assert.deepEqual(one.troubles, []);
    for (const text of ["a", "b"]) {
      one.keep(document(text));
      one.leave();
      await settled();
    }
    assert.deepEqual(one.troubles.map((trouble) => trouble.kind), [kind]);
    assert.notEqual(one.troubles[0].reason, "");
  });
}

test("a document too large for the copy removes the old copy, and the database has it", async () => {
  const indexedDB = fakeIndexedDB();
  const sessionStorage = fakeStorage(400);
  const one = tab({ indexedDB, sessionStorage });
  for (const length of [3, 400]) {
    one.keep(document("a".repeat(length)));
    one.leave();
    await settled();
  }
  const again = tab({ indexedDB, sessionStorage });
  assert.equal(again.own(), null);
  assert.deepEqual((await again.load()).own, document("a".repeat(400)));
  assert.deepEqual(one.troubles, []);
});

test("a damaged record is skipped for the next one and reported once", async () => {
  const records = new Map([
    ["x", { tab: "x", saved: 1, document: document("ab") }],
    ["y", { tab: "y", saved: 2, document: { ...document("b"), edits: 3 } }],
    ["z", { tab: "z", saved: 3 }],
  ]);
  const one = tab({ indexedDB: fakeIndexedDB({ records }) });
  assert.deepEqual(await one.load(), { own: null, latest: document("ab") });
  assert.deepEqual(one.troubles.map((trouble) => trouble.kind), ["unusable"]);
});

test("a copy that is not JSON is ignored with its reason", () => {
  const sessionStorage = fakeStorage();
  sessionStorage.setItem("gruscope document", "{");
  const one = tab({ sessionStorage });
  assert.equal(one.own(), null);
  assert.equal(one.own(), null);
  assert.deepEqual(one.troubles, [{ kind: "unusable", reason: "it is not JSON" }]);
});

test("the tour's progress is kept in localStorage", () => {
  const localStorage = fakeStorage();
  const one = tab({ localStorage });
  one.keepTour({ page: "gates" });
  one.leave();
  assert.deepEqual(JSON.parse(localStorage.getItem(TOUR_KEY)), { page: "gates" });
});

test("closing writes what is pending and leaves no listener", async () => {
  const indexedDB = fakeIndexedDB();
  const one = tab({ indexedDB });
  one.keep(document("ab"));
  one.close();
  await settled();
  assert.equal(indexedDB.records.size, 1);
  const { size } = one.sessionStorage.items;
  one.page.dispatchEvent(new Event("pageshow"));
  assert.equal(one.sessionStorage.items.size, size);
});

test("storages that a window refuses are null", () => {
  const window = { get indexedDB() { throw new DOMException("denied", "SecurityError"); }, sessionStorage: fakeStorage(), get localStorage() { throw new Error("denied"); } };
  const { indexedDB, sessionStorage, localStorage } = storagesOf(window);
  assert.deepEqual([indexedDB, localStorage], [null, null]);
  assert.equal(sessionStorage, window.sessionStorage);
});
