// Messages to the server, and when to connect again.

import assert from "node:assert/strict";
import { test } from "node:test";

import { backoff } from "../../../static/js/server/connection.js";
import { editMessage } from "../../../static/js/server/wire.js";

test("the back-off doubles up to five seconds, and at least half of it passes", () => {
  const delays = (random) => Array.from({ length: 8 }, (_, attempt) => backoff(attempt, random));
  const longest = [250, 500, 1000, 2000, 4000, 5000, 5000, 5000];
  assert.deepEqual(delays(1), longest);
  assert.deepEqual(delays(0), longest.map((delay) => delay / 2));
});

test("a message is one JSON object", () => {
  const change = { kind: "edits", start: 0 };
  assert.deepEqual(JSON.parse(editMessage(3, 2, change)), { type: "edit", run: 3, keep: 2, change });
});
