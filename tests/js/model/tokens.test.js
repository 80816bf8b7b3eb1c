/** Tokens as words and numbers. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { readTokens, tokenName, writeTokens } from "../../../static/js/model/tokens.js";

const plain = { tokens: null, parts: { vocabulary: 4 } };
const named = { tokens: ["the", "12", "two words", "#"], parts: { vocabulary: 4 } };

test("numbers are read with spaces or commas between them", () => {
  assert.deepEqual(readTokens(" 0 1,3; 2 ", plain), [0, 1, 3, 2]);
});

test("words are read by the vocabulary, which may have a number among them", () => {
  assert.deepEqual(readTokens("the 12 the", named), [0, 1, 0]);
  assert.deepEqual(readTokens("#2 #3", named), [2, 3]);
});

test("the first word that is no token is named", () => {
  assert.equal(readTokens("1 4", plain), "Tokens: expected whole numbers from 0 to 3, got “4”.");
  assert.equal(readTokens("1 -1", plain), "Tokens: expected whole numbers from 0 to 3, got “-1”.");
  assert.equal(readTokens("the cat", named), "Tokens: expected words of the vocabulary or #0 to #3, got “cat”.");
  assert.equal(readTokens("#4", named), "Tokens: expected words of the vocabulary or #0 to #3, got “#4”.");
});

test("what is written is read back", () => {
  const twice = { tokens: ["a", "b", "a", "c"], parts: { vocabulary: 4 } };
  for (const network of [plain, named, twice]) assert.deepEqual(readTokens(writeTokens([0, 1, 2, 3], network), network), [0, 1, 2, 3]);
});

test("a token is called by its word, else its number", () => {
  assert.deepEqual([0, 2].map((token) => tokenName(named, token)), ["the", "two words"]);
  assert.equal(tokenName(plain, 2), "2");
});
