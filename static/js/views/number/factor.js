/** One factor of a term: how it is written, and where its number comes from. */

import { inputName } from "../../lib/format.js";
import { isWeight, symbol } from "../../model/symbols.js";

/** @import {Explained, Factor, Leaf, Network, Selection} from "../../types.d.ts" */

/**
 * A factor's name with its unit or input; the step is the one the panel names.
 * @param {Factor} factor
 * @param {Network | null} network
 * @param {boolean} leads whether it stands before a matrix: its unit is the panel's then, and goes unsaid
 */
export function factorName({ name, index }, network, leads) {
  if (leads) return symbol(name);
  return `${symbol(name)}[${placeOf(name, index, network).join(",")}]`;
}

/**
 * Where in its array a number stands, without the step.
 * @param {string} name
 * @param {readonly number[]} index
 * @param {Network | null} network
 */
export function placeOf(name, index, network) {
  const places = isWeight(name) ? index : index.slice(-1);
  return places.map((place, i) => {
    const isInput = name === "x" || (name.startsWith("W") && i === 1);
    return isInput ? inputName(network, place) : String(place);
  });
}

/**
 * Where a factor's number is computed; null where it is not: of weights, inputs and the states before the first step.
 * @param {Pick<Factor, "name" | "index">} factor
 * @returns {Selection | null}
 */
export function sourceOf({ name, index }) {
  if (isWeight(name) || name === "x") return null;
  const [t, unit] = index;
  if (!name.endsWith("_prev")) return { t, unit, quantity: name.replace(/^1-/, "") };
  return t > 0 ? { t: t - 1, unit, quantity: name.slice(0, -"_prev".length) } : null;
}

/**
 * A leaf among the factors of a value, as they are now; null where they have none such.
 * @param {Leaf} leaf
 * @param {Explained} explained
 * @returns {Factor | null}
 */
export function leafOf({ of, name, index }, { t, unit, quantity, terms }) {
  if (of.t !== t || of.unit !== unit || of.quantity !== quantity) return null;
  const factors = terms.flatMap((term) => term.factors);
  return factors.find((factor) => factor.name === name && factor.index.join() === index.join()) ?? null;
}

/**
 * What a number that nothing computes is, in words.
 * @param {Pick<Leaf, "name" | "index">} leaf
 * @param {Network | null} network
 * @returns {{name: string, place: string, text: string}}
 */
export function leafWords({ name, index }, network) {
  const place = `[${placeOf(name, index, network).join(",")}]`;
  if (isWeight(name)) return { name, place, text: "a weight, chosen in its grid: change it there" };
  if (name === "x") return { name, place: `${place} at t = ${index[0] + 1}`, text: "the input: change it in the strip above the plots" };
  return { name: name.replace("_prev", "_0"), place, text: "the start state, before the first step" };
}
