/** What a network writes on: symbols or rows after a step of the input, as they arrive; pure functions. */

import { outputName, toOwn } from "./card/card.js";
import { inputLength, spliceInput } from "./document.js";

/** @import {Channel, GruDocument, InputPiece, Network, WriteOptions, Writing, WrittenPart} from "../types.d.ts" */

/** The largest temperature that the server takes. */
export const HOTTEST = 5;

/** Symbols are shaded in this many levels of their probability. */
const LEVELS = 5;

/** @type {WriteOptions} */
export const DEFAULT_OPTIONS = { temperature: 0.7, topK: null, seed: 1, steps: 100 };

/**
 * What a network writes on, null if it cannot, or if its card says that its answers mean something else than its inputs.
 * @param {Pick<Network, "parts" | "card" | "alphabet" | "tokens">} network
 */
export function writesOn({ parts: { writes }, card, alphabet, tokens }) {
  if (writes === "symbols") {
    const names = tokens ?? (alphabet === null ? null : Array.from(alphabet));
    return names === null || !card.classes || sameNames(names, card.classes) ? writes : null;
  }
  const { channels, outputs, target } = card;
  if (writes === null || (target?.ahead ?? 1) !== 1) return null;
  return !channels || !outputs || channels.every((channel, i) => sameChannel(channel, outputs[i])) ? writes : null;
}

/**
 * @param {readonly string[]} a
 * @param {readonly string[]} b
 */
function sameNames(a, b) {
  return a.length === b.length && a.every((name, i) => name === b[i]);
}

/**
 * @param {Channel} a
 * @param {Channel | undefined} b
 */
function sameChannel(a, b) {
  return a.name === b?.name && toOwn(a, 0) === toOwn(b, 0) && toOwn(a, 1) === toOwn(b, 1);
}

/**
 * A wish to write on, which has not been sent.
 * @param {number} t the last step to read
 * @param {WriteOptions} options
 * @param {number} most the steps that fit into an input after it
 * @returns {Writing}
 */
export function wished(t, options, most) {
  const steps = Math.min(options.steps, most);
  return { ...options, t, steps, cut: steps < options.steps, status: "waiting", id: null, symbols: [], probabilities: [], rows: [], fault: "" };
}

/** @param {Pick<Writing, "symbols" | "rows">} writing */
export function writtenSteps({ symbols, rows }) {
  return Math.max(symbols.length, rows.length);
}

/**
 * With another piece. What an earlier document led to stays on show until the first piece of the new one.
 * @param {Writing} writing
 * @param {WrittenPart} part
 * @returns {Writing}
 */
export function withPart(writing, { start, symbols, probabilities, rows, done }) {
  const before = start - writing.t - 1;
  return {
    ...writing,
    status: done ? "done" : writing.status,
    symbols: [...writing.symbols.slice(0, before), ...(symbols ?? [])],
    probabilities: [...writing.probabilities.slice(0, before), ...(probabilities ?? [])],
    rows: [...writing.rows.slice(0, before), ...(rows ?? [])],
  };
}

/**
 * Without the steps that are still to come.
 * @param {Writing} writing
 * @returns {Writing | null} null if there are none before
 */
export function stopped(writing) {
  const steps = writtenSteps(writing);
  return steps === 0 ? null : { ...writing, steps, cut: false, status: "stopped" };
}

/**
 * What remains when the document has changed: the same wish, to be sent again, if the network still has the step.
 * @param {Writing | null} writing
 * @param {GruDocument} document
 * @param {boolean} same whether the network is the same
 */
export function rewished(writing, document, same) {
  if (writing === null || !same || writing.t >= inputLength(document.input)) return null;
  return { ...writing, status: /** @type {const} */ ("waiting"), id: null, fault: "" };
}

/**
 * The document with what was written in place of the steps after t.
 * @param {GruDocument} document
 * @param {Network} network
 * @param {Writing} writing
 * @returns {GruDocument}
 */
export function withWritten(document, network, writing) {
  const start = writing.t + 1;
  return spliceInput(document, start, inputLength(document.input) - start, pieceOf(document, network, writing));
}

/**
 * @param {GruDocument} document
 * @param {Network} network
 * @param {Writing} writing
 * @returns {InputPiece}
 */
function pieceOf({ input }, { alphabet, inputSize }, { symbols, rows }) {
  if (rows.length > 0) return rows;
  if (input.kind === "tokens") return symbols;
  if (input.kind === "text") return symbols.map((symbol) => alphabet?.[symbol] ?? "").join("");
  return symbols.map((symbol) => Array.from({ length: inputSize }, (_, i) => Number(i === symbol)));
}

/**
 * What was written, as pieces of text with a level of probability from 0 to 4; neighbours of one level are one piece.
 * @param {Pick<Writing, "symbols" | "probabilities">} writing
 * @param {Network} network
 * @returns {{text: string, level: number}[]}
 */
export function writtenText({ symbols, probabilities }, network) {
  const name = namer(network);
  /** @type {{text: string, level: number}[]} */
  const pieces = [];
  symbols.forEach((symbol, i) => {
    const level = Math.min(LEVELS - 1, Math.floor(probabilities[i] * LEVELS));
    const last = pieces.at(-1);
    if (last?.level === level) last.text += name(symbol);
    else pieces.push({ text: name(symbol), level });
  });
  return pieces;
}

/**
 * The last symbols before what is written, as text, "" if the input is not symbols.
 * @param {GruDocument} document
 * @param {Network} network
 * @param {number} t
 * @param {number} count
 */
export function textBefore({ input }, network, t, count) {
  const from = Math.max(0, t + 1 - count);
  const dots = from > 0 ? "…" : "";
  if (input.kind === "text") return dots + Array.from(input.text.slice(from, t + 1), shown).join("");
  if (input.kind === "tokens") return dots + input.tokens.slice(from, t + 1).map(namer(network)).join("");
  return "";
}

/**
 * A function that names symbols: letters follow each other, words have spaces between them.
 * @param {Network} network
 * @returns {(symbol: number) => string}
 */
function namer(network) {
  const letters = network.alphabet !== null;
  return (symbol) => (letters ? shown(network.alphabet?.[symbol] ?? "") : `${outputName(network, symbol)} `);
}

/** @param {string} letter */
function shown(letter) {
  return letter === "\n" ? "⏎" : letter;
}
