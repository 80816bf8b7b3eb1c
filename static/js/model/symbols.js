/** How names of values and weights are written, and which identity colour they have. The one place that knows. */

import { make } from "../lib/dom.js";

/** Values that are written otherwise than they are named. */
const WRITTEN = /** @type {Record<string, string>} */ ({ n: "h̃" });
/** Values with a colour of their own; others borrow one. */
const HUES = "xzrnhifogc";
const BORROWED = /** @type {Record<string, string>} */ ({ m: "c" });
/** What a simple RNN's weights, which name no gate, lead to. */
const ONLY = "h";

/**
 * A name as plain text: "h̃" for n, "hₜ₋₁" for h_prev, "(1−z)" for 1-z.
 * @param {string} name of a value or a weight
 * @returns {string}
 */
export function symbol(name) {
  if (name.startsWith("1-")) return `(1−${symbol(name.slice(2))})`;
  if (name.endsWith("_prev")) return `${symbol(name.slice(0, -"_prev".length))}ₜ₋₁`;
  return WRITTEN[name] ?? name;
}

/**
 * The quantity whose colour a name has; "" for none.
 * @param {string} name of a value or a weight
 */
export function hue(name) {
  const value = valueOf(name);
  const found = BORROWED[value] ?? value;
  return HUES.includes(found) ? found : "";
}

/** @param {string} name */
function valueOf(name) {
  if (isWeight(name)) return name.length > 1 ? name.slice(-1) : ONLY;
  return name.replace(/^1-|_(prev|0)$/g, "");
}

/** @param {string} name */
export function isWeight(name) {
  return /^[WUbp](_|$)/.test(name);
}

/** @param {string} name */
export function isMatrix(name) {
  return /^[WU](_|$)/.test(name);
}

/**
 * Whether an array has one column: a bias or a peephole.
 * @param {string} array
 */
export function isVector(array) {
  return /^[bp]/.test(array);
}

/**
 * A name in its colour, what stands after the underscore lowered; `data-name` keeps the name itself.
 * @param {string} name of a value or a weight
 */
export function symbolNode(name) {
  const [base, index] = name.split("_");
  const node = make("span", `q ${hue(name)}`.trim(), WRITTEN[base] ?? base);
  node.dataset.name = name;
  if (index) node.append(make("sub", "", index === "prev" ? "t−1" : index));
  return node;
}
