/** Ready-made sequences to fill the input with. */

/** @import {Input} from "../types.d.ts" */

/** @typedef {"impulse" | "step" | "sine" | "noise" | "repeat"} Generator */

/** @type {Record<Generator, string>} */
export const GENERATORS = {
  impulse: "impulse at t",
  step: "step from t on",
  sine: "sine",
  noise: "noise",
  repeat: "repeat steps 1 to t",
};

/**
 * A stream of uniform numbers from 0 to 1 (mulberry32): the same for the same seed, everywhere.
 * @param {number} seed
 */
export function uniform(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Text: noise draws any symbol, impulse and step write the second symbol of the alphabet over the first, its filler.
 * @param {string} text
 * @param {string} alphabet
 * @param {Generator} kind
 * @param {number} t
 * @param {number} seed
 * @returns {string}
 */
export function generateText(text, alphabet, kind, t, seed) {
  const random = uniform(seed);
  const mark = alphabet[1] ?? alphabet[0];
  /** @type {Record<Generator, (at: number) => string>} */
  const symbols = {
    impulse: (at) => (at === t ? mark : alphabet[0]),
    step: (at) => (at >= t ? mark : alphabet[0]),
    sine: (at) => alphabet[Math.round(((wave(at, text.length) + 1) / 2) * (alphabet.length - 1))],
    noise: () => alphabet[Math.floor(random() * alphabet.length)],
    repeat: (at) => text[at % (t + 1)],
  };
  return Array.from(text, (_, at) => symbols[kind](at)).join("");
}

/**
 * One channel of numbers from −1 to 1; `repeat` tiles the present values up to t.
 * @param {number[]} values
 * @param {Generator} kind
 * @param {number} t
 * @param {number} seed
 * @returns {number[]}
 */
export function generateNumbers(values, kind, t, seed) {
  const random = uniform(seed);
  /** @type {Record<Generator, (at: number) => number>} */
  const numbers = {
    impulse: (at) => (at === t ? 1 : 0),
    step: (at) => (at >= t ? 1 : 0),
    sine: (at) => wave(at, values.length),
    noise: () => 2 * random() - 1,
    repeat: (at) => values[at % (t + 1)],
  };
  return values.map((_, at) => Math.round(numbers[kind](at) * 1e4) / 1e4);
}

/**
 * A sine with four periods over the sequence.
 * @param {number} at
 * @param {number} steps
 */
function wave(at, steps) {
  return Math.sin((2 * Math.PI * at) / Math.max(4, steps / 4));
}

/**
 * Lengthen or shorten an input; text is padded with the filler, numbers with zeros, tokens with token 0.
 * @param {Input} input
 * @param {number} steps
 * @param {string} filler
 * @param {number} channels
 * @returns {Input}
 */
export function resize(input, steps, filler, channels) {
  if (input.kind === "text") return { kind: "text", text: input.text.slice(0, steps).padEnd(steps, filler) };
  if (input.kind === "tokens") {
    return { kind: "tokens", tokens: [...input.tokens.slice(0, steps), ...new Array(Math.max(0, steps - input.tokens.length)).fill(0)] };
  }
  const more = Array.from({ length: Math.max(0, steps - input.values.length) }, () => new Array(channels).fill(0));
  return { kind: "numbers", values: [...input.values.slice(0, steps), ...more] };
}

/**
 * Numbers with more or fewer channels; new ones are 0.
 * @param {Extract<Input, {kind: "numbers"}>} input
 * @param {number} channels
 * @returns {Input}
 */
export function resizeChannels(input, channels) {
  const values = input.values.map((row) => Array.from({ length: channels }, (_, i) => row[i] ?? 0));
  return { kind: "numbers", values };
}
