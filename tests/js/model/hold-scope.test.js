// A hold means one step or every step, and can be converted.

import assert from "node:assert/strict";
import { test } from "node:test";

import { withScope } from "../../../static/js/model/edits/edits.js";

const PLACE = { quantity: "z", unit: 1, t: 7 };
const EVERYWHERE = { op: "clamp", quantity: "z", unit: 1, value: 0.25 };
const AT = { ...EVERYWHERE, t: 7 };
const ELSEWHERE = { ...EVERYWHERE, t: 3 };
const OFF = { ...AT, off: true };

for (const [title, edits, scope, expected] of [
  ["one step becomes every step", [AT], "always", [EVERYWHERE]],
  ["every step becomes the selected one", [EVERYWHERE], "step", [AT]],
  ["a hold that says null for every step too", [{ ...EVERYWHERE, t: null }], "step", [AT]],
  ["a hold of that scope stays", [AT], "step", [AT]],
  ["nothing to convert", [], "always", []],
  ["a hold that it meets gives way", [{ ...EVERYWHERE, value: 1 }, AT], "always", [EVERYWHERE]],
  ["other steps keep their holds", [EVERYWHERE, ELSEWHERE], "step", [ELSEWHERE, AT]],
  ["a hold that is off stays as it is", [OFF], "always", [OFF]],
  ["an ablated unit stays ablated", [{ op: "ablate", unit: 1 }], "step", [{ op: "ablate", unit: 1 }]],
]) {
  test(title, () => assert.deepEqual(withScope(edits, PLACE, scope), expected));
}
