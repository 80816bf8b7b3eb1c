/** The symbols and identity colours of values and weights. */

import { make } from "../../lib/dom.js";
import { nameOf, valueRef } from "./references.js";

/** @import {Quantity, Reference} from "../../types.d.ts" */

/** Values with a symbol that differs from their name. */
const WRITTEN = /** @type {Record<string, string>} */ ({ n: "h̃" });
/** Values with their own colour; other values borrow one. */
const HUES = ["x", "z", "r", "n", "h", "i", "f", "o", "g", "c"];
const BORROWED = /** @type {Record<string, string>} */ ({ m: "c" });
const SUBSCRIPTS = /** @type {Record<string, string>} */ ({ previous: "t−1", start: "0" });

/**
 * Plain text: "h̃" for the value n, "hₜ₋₁" for h of the previous step, "(1−z)" for the complement of z.
 * @param {Quantity | Reference} of a value's name, or a reference to anything
 * @returns {string}
 */
export function symbol(of) {
  const reference = asReference(of);
  const written = WRITTEN[reference.name] ?? reference.name;
  if (reference.kind === "complement") return `(1−${written})`;
  if (reference.kind === "start") return `${written}₀`;
  return reference.kind === "previous" ? `${written}ₜ₋₁` : written;
}

/**
 * The quantity that gives a value or weight its colour, "" for none.
 * @param {Quantity | Reference} of
 */
export function hue(of) {
  const { kind, of: value } = asReference(of);
  const owner = kind === "input" || kind === "embedding" ? "x" : BORROWED[value] ?? value;
  return HUES.includes(owner) ? owner : "";
}

/**
 * An element in the colour of its value; `data-name` has the name.
 * @param {Quantity | Reference} of a value's name, or a reference to anything
 * @returns {HTMLElement}
 */
export function symbolNode(of) {
  const reference = asReference(of);
  const { kind, name } = reference;
  if (kind === "complement") return complementNode(reference);
  const [base, index] = typeset(name);
  const node = make("span", `q ${hue(reference)}`.trim(), WRITTEN[base] ?? base);
  node.dataset.name = nameOf(reference);
  const subscript = SUBSCRIPTS[kind] ?? index;
  if (subscript) node.append(make("sub", "", subscript));
  return node;
}

/**
 * A name as a letter and a subscript, split at the underscore. This is only typography; the meaning of a name is in its
 * reference.
 * @param {string} name
 */
export function typeset(name) {
  return name.split("_");
}

/** @param {Reference} reference */
function complementNode(reference) {
  const node = make("span", "", "(1−");
  node.dataset.name = nameOf(reference);
  node.append(symbolNode(reference.name), ")");
  return node;
}

/** @param {Quantity | Reference} of */
function asReference(of) {
  return typeof of === "string" ? valueRef(of) : of;
}
