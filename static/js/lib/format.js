/** Formats numbers and names. Digits are fixed, so that text does not jump while values change. */

/** @import {Network} from "../types.d.ts" */

const MINUS = "−";
/** Numbers from here on are written with a power of ten. */
const LARGEST_FIXED = 1e5;
const LARGEST_SHORT = 1e7;

/**
 * A number with a sign column and fixed digits.
 * @param {number} value
 * @param {number} [digits]
 */
export function fixed(value, digits = 4) {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  const text = size < LARGEST_FIXED ? size.toFixed(digits) : size.toExponential(2).replace("e+", "e");
  return (value < 0 && Number(text) !== 0 ? MINUS : "") + text;
}

/**
 * The shortest text with this many significant digits.
 * @param {number} value
 * @param {number} [digits]
 */
export function short(value, digits = 4) {
  if (!Number.isFinite(value)) return "–";
  const rounded = Number(value.toPrecision(digits));
  const text = Math.abs(rounded) < LARGEST_SHORT ? String(rounded) : rounded.toExponential().replace("e+", "e");
  return text.replace("-", MINUS);
}

/**
 * Parse a number as typed, with a decimal point or comma and any minus sign.
 * @param {string} text
 * @returns {number} NaN if it is not a number
 */
export function parseNumber(text) {
  const plain = text.trim().replace(MINUS, "-").replace(/^([+-]?\d*),(\d+)$/, "$1.$2");
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : NaN;
}

/** @param {string} symbol */
export function visible(symbol) {
  return symbol === " " ? "␣" : symbol;
}

/**
 * An input's name: that of the card, its symbol if there is an alphabet, else its index.
 * @param {Network | null} network
 * @param {number} index
 */
export function inputName(network, index) {
  const name = network?.card?.channels?.[index]?.name;
  if (name) return name;
  const symbol = network?.parts?.vocabulary == null ? network?.alphabet?.[index] : undefined;
  return symbol === undefined ? String(index) : `‘${visible(symbol)}’`;
}

/**
 * What a layer's input is called: the input's name if the layer reads it, else its index.
 * @param {Network | null} network
 * @param {number} index
 */
export function layerInputName(network, index) {
  if (network?.readsAnswers) return network.card.classes?.[index] ?? String(index);
  return network?.readsInput === false ? String(index) : inputName(network, index);
}
