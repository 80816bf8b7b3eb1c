// What the page says of a network in a line, and which networks a filter shows.

import assert from "node:assert/strict";
import { test } from "node:test";

import { nextInput, untrainedDocument } from "../../../static/js/model/examples/examples.js";
import { cardWords, isShown, networkWords, sizeWords } from "../../../static/js/model/examples/listing.js";

const layer = (cell, hidden_size = 16) => ({ cell, hidden_size, input_size: 3, output_size: hidden_size, directions: ["forward"], merge: "concat" });
const parts = (...layers) => ({ layers, vocabulary: null, readout: null, decoder: null, parameters: 0, uniform: true, note: "" });
const text = (words) => ({ kind: "text", text: words });
const SCORE = { says: "61 % right", value: 0.61, about: "" };

const WORDS = {
  name: "words", title: "Words", network: parts(layer("gru"), layer("gru")),
  document: { network: { kind: "example", name: "words", cell: "gru", digest: "ab" }, edits: [], input: text("abc"), options: { dtype: "float32", form: { z_keeps: false } }, view: { layer: 1, direction: "forward" } },
  listing: { made: "trained", family: "text", score: SCORE, inputs: [text("abc"), text("cab")] },
};
const READER = {
  name: "reader", title: "A line", network: parts(layer("gru")),
  document: { network: { kind: "random", hidden_size: 16, seed: 60, gain: 3, alphabet: " abc" }, edits: [], input: text("a cab"), options: { dtype: "float64" } },
  listing: { made: "untrained", family: "text" },
};
const FILE = { name: "file ab", title: "model.pt", network: parts(layer("lstm", 1)), document: { network: { kind: "file", cell: "lstm", digest: "cd" }, edits: [], input: text("a") }, listing: { made: "file" } };
const config = { examples: [WORDS, READER, FILE] };

test("sizes in words", () => {
  assert.equal(sizeWords(parts(layer("rnn", 1))), "RNN, 1 unit");
  assert.equal(sizeWords(parts(layer("gru"), layer("gru"))), "2 × GRU, 16 units");
  assert.equal(sizeWords(parts(layer("gru", 8), layer("gru", 4))), "2 × GRU");
  assert.equal(sizeWords(parts(layer("gru"), layer("lstm"))), "2 layers, GRU and LSTM");
  assert.equal(sizeWords({ ...parts(layer("gru"), layer("gru")), decoder: { first: 1 } }), "encoder and decoder, GRU, 16 units");
});

test("a card says the score, or else how the network was made", () => {
  assert.equal(cardWords(WORDS), "2 × GRU, 16 units · 61 % right");
  assert.equal(cardWords(READER), "untrained · GRU, 16 units");
  assert.equal(cardWords(FILE), "yours · LSTM, 1 unit");
});

test("an edited network no longer has its score", () => {
  const edits = [{ op: "zero", array: "W_z" }];
  const words = (document) => networkWords(config, document, WORDS.network).kind;
  assert.equal(words(WORDS.document), "trained · 2 × GRU, 16 units · 61 % right");
  assert.equal(words({ ...WORDS.document, input: text("cc") }), "trained · 2 × GRU, 16 units · 61 % right");
  assert.equal(words({ ...WORDS.document, edits }), "trained · 2 × GRU, 16 units · edited");
  assert.equal(words({ ...WORDS.document, edits: [{ ...edits[0], off: true }] }), "trained · 2 × GRU, 16 units · 61 % right");
});

test("a network of one's own has its seed, or the file that it is from", () => {
  const random = { ...READER.document, network: { ...READER.document.network, seed: 5 } };
  assert.deepEqual(networkWords(config, random, READER.network), { title: "Untrained network", kind: "seed 5 · GRU, 16 units", example: null });
  const file = { ...FILE.document, network: { kind: "file", digest: "gone" } };
  assert.deepEqual(networkWords(config, file, FILE.network), { title: "Your network", kind: "from a file · LSTM, 1 unit", example: null });
});

test("a filter shows a family, or what is the reader's own, of one cell or any", () => {
  const shown = (family, cell = null) => config.examples.filter((one) => isShown(one, { family, cell })).map(({ name }) => name);
  assert.deepEqual(shown("all"), ["words", "reader", "file ab"]);
  assert.deepEqual(shown("text"), ["words", "reader"]);
  assert.deepEqual(shown("yours"), ["file ab"]);
  assert.deepEqual(shown("all", "lstm"), ["file ab"]);
  assert.deepEqual(shown("memory"), []);
});

test("inputs follow one another, and one's own is followed by the first", () => {
  assert.deepEqual(nextInput(WORDS, WORDS.document), text("cab"));
  assert.deepEqual(nextInput(WORDS, { ...WORDS.document, input: text("cab") }), text("abc"));
  assert.deepEqual(nextInput(WORDS, { ...WORDS.document, input: text("b") }), text("abc"));
  assert.equal(nextInput(READER, READER.document), null);
  const one = { ...WORDS, listing: { ...WORDS.listing, inputs: [text("abc")] } };
  assert.equal(nextInput(one, WORDS.document), null);
  assert.equal(nextInput(null, WORDS.document), null);
});

test("an untrained network reads the present input with the sizes asked for", () => {
  const sizes = { alphabet: "abc", inputSize: 6, tokens: null, parts: WORDS.network, layerInputs: 6, hiddenSize: 16 };
  const wanted = { hidden_size: 4, input_size: 2, seed: 7, gain: 2 };
  const made = untrainedDocument(config, WORDS.document, sizes, wanted);
  assert.deepEqual(made, {
    network: { kind: "random", cell: "gru", hidden_size: 4, seed: 7, gain: 2, alphabet: "abc" },
    edits: [], input: text("abc"), options: { dtype: "float32" },
  });
  const numbers = { ...FILE.document, input: { kind: "numbers", values: [[1, 2, 3]] } };
  const other = untrainedDocument(config, numbers, { ...sizes, alphabet: null }, wanted);
  assert.deepEqual(other.network, { kind: "random", cell: "lstm", hidden_size: 4, seed: 7, gain: 2, input_size: 2 });
  assert.deepEqual(other.input, { kind: "numbers", values: [[1, 2]] });
  const random = { ...READER.document, edits: [{ op: "zero", array: "W_z" }] };
  const resized = untrainedDocument(config, random, { ...sizes, alphabet: " abc" }, wanted);
  assert.deepEqual(resized, { ...READER.document, network: { ...READER.document.network, hidden_size: 4, seed: 7, gain: 2 } });
});

test("in place of tokens an untrained network reads an example's text", () => {
  const tokens = { ...FILE.document, input: { kind: "tokens", tokens: [0, 1] } };
  const made = untrainedDocument(config, tokens, { alphabet: null, inputSize: 2 }, { hidden_size: 4, input_size: 1, seed: 7, gain: 2 });
  assert.deepEqual(made, { ...READER.document, network: { ...READER.document.network, hidden_size: 4, seed: 7, gain: 2 } });
});
