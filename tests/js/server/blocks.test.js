// Which blocks of the embedding's and the readout's arrays the page asks for, and when.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createBlocks } from "../../../static/js/server/blocks.js";

const ENDS = { embedding: { E: { shape: [50000, 8] } }, readout: { W_y: { shape: [9, 4] }, b_y: { shape: [9] } } };
const edit = (part) => ({ op: "zero", array: "any", ...(part && { part }) });

/** The arrays asked for since the last call, with where their blocks begin. */
function asking() {
  let sent = [];
  let id = 0;
  const blocks = createBlocks({ send: (text) => sent.push(JSON.parse(text)) > 0, nextId: () => (id += 1) });
  return {
    blocks,
    ask(state, edits = []) {
      sent = [];
      blocks.ask({ looks: {}, network: { parts: { ends: ENDS } }, ...state }, { edits });
      return sent.map(({ type, array, row, column }) => `${type} ${array} ${row} ${column}`);
    },
  };
}

test("each array of the part on show is asked for once", () => {
  const { ask } = asking();
  assert.deepEqual(ask({ part: "layer" }), []);
  assert.deepEqual(ask({ part: "readout" }), ["block W_y 0 0", "block b_y 0 0"]);
  assert.deepEqual(ask({ part: "readout" }), []);
  assert.deepEqual(ask({ part: "embedding", looks: { E: { row: 64, column: 0 } } }), ["block E 64 0"]);
  assert.deepEqual(ask({ part: "readout" }), ["block W_y 0 0", "block b_y 0 0"]);
});

test("another block is asked for where the page scrolls", () => {
  const { ask } = asking();
  ask({ part: "readout" });
  assert.deepEqual(ask({ part: "readout", looks: { W_y: { row: 32, column: 0 } } }), ["block W_y 32 0"]);
});

test("blocks are asked for again after edits of their part only", () => {
  const { ask } = asking();
  const [first, second, other] = [edit("readout"), edit("readout"), edit()];
  ask({ part: "readout" }, [first]);
  assert.deepEqual(ask({ part: "readout" }, [first, other, edit("embedding")]), []);
  assert.equal(ask({ part: "readout" }, [first, other, second]).length, 2);
  assert.equal(ask({ part: "readout" }, [other, second]).length, 2);
  assert.equal(ask({ part: "readout" }, [second]).length, 0);
});

test("after a lost connection all are asked for again", () => {
  const { ask, blocks } = asking();
  ask({ part: "readout" });
  blocks.forget();
  assert.equal(ask({ part: "readout" }).length, 2);
});
