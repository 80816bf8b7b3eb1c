/** Tokens as text: words of a vocabulary, or numbers. */

/** @import {Input, Network} from "../types.d.ts" */

/**
 * The name of a token: its word, or its number if there is none.
 * @param {Pick<Network, "tokens">} network
 * @param {number} token
 */
export function tokenName({ tokens }, token) {
  return tokens?.[token] ?? String(token);
}

/**
 * Tokens as text that `readTokens` reads back. A word with white space in it, or of two rows, is written as its number.
 * @param {readonly number[]} found
 * @param {Pick<Network, "tokens">} network
 */
export function writeTokens(found, { tokens }) {
  if (tokens === null) return found.join(" ");
  const rows = rowsOf(tokens);
  return found.map((token) => (isWord(tokens[token]) && rows.get(tokens[token]) === token ? tokens[token] : `#${token}`)).join(" ");
}

/**
 * Tokens as the characters of an alphabet; another input stays as it is.
 * @param {Input} input
 * @param {string | null} alphabet
 * @returns {Input}
 */
export function spelt(input, alphabet) {
  if (input.kind !== "tokens" || alphabet === null) return input;
  return { kind: "text", text: input.tokens.map((token) => alphabet[token]).join("") };
}

/** @param {string | undefined} word */
function isWord(word) {
  return /^[^\s#]\S*$/.test(word ?? "");
}

/**
 * The tokens in a text, or a sentence about the first that is none.
 * @param {string} text
 * @param {Pick<Network, "tokens" | "parts">} network
 * @returns {number[] | string}
 */
export function readTokens(text, { tokens, parts }) {
  const size = parts.vocabulary ?? 0;
  const words = text.split(tokens === null ? /[\s,;]+/ : /\s+/).filter(Boolean);
  const rows = tokens === null ? null : rowsOf(tokens);
  const found = [];
  for (const word of words) {
    const token = rows?.get(word) ?? numberOf(word, rows !== null);
    if (!(token >= 0 && token < size)) return complaint(word, size, tokens !== null);
    found.push(token);
  }
  return found;
}

/**
 * @param {string} word
 * @param {boolean} marked whether numbers begin with #, because a word may be a number
 */
function numberOf(word, marked) {
  const digits = marked ? /^#(\d+)$/.exec(word)?.[1] : /^\d+$/.exec(word)?.[0];
  return digits === undefined ? NaN : Number(digits);
}

/**
 * @param {string} word
 * @param {number} size
 * @param {boolean} named
 */
function complaint(word, size, named) {
  const numbers = named ? `or #0 to #${size - 1}` : `whole numbers from 0 to ${size - 1}`;
  return named ? `Tokens: expected words of the vocabulary ${numbers}, got “${word}”.` : `Tokens: expected ${numbers}, got “${word}”.`;
}

/**
 * The row of each token; of two equal ones, the first.
 * @param {readonly string[]} tokens
 */
function rowsOf(tokens) {
  return new Map(tokens.map((token, row) => /** @type {const} */ ([token, row])).reverse());
}
