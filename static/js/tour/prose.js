/** Renders the texts of the tour and the glossary: `[words](name)` leads to the picture, `[words](#term)` to the glossary. */

import { make } from "../lib/dom.js";
import { proseNodes } from "../model/cell/equations.js";
import { INPUT, isArray, nameOf, referenceNamed } from "../model/cell/references.js";
import { hue } from "../model/cell/symbols.js";

/** @import {Model, Reference, Selection} from "../types.d.ts" */

const MARKED = /\[([^\]]+)\]\(([^)]+)\)/;

/** "t = 5" stays on one line. */
const TIED = / (=) (?=\d)/g;

/**
 * The actions of a name in a text.
 * @typedef {object} Leads
 * @property {(name: string | null) => void} point the name under the pointer, or null
 * @property {(name: string) => void} go
 * @property {(term: string) => void} explain
 */

/**
 * @param {string} text
 * @param {Model | null} model
 * @param {Leads} leads
 * @returns {Node[]}
 */
export function tourNodes(text, model, leads) {
  const parts = text.replace(TIED, "\u00a0$1\u00a0").split(MARKED);
  return parts.flatMap((part, i) => {
    if (i % 3 === 0) return proseNodes(part, model);
    if (i % 3 === 2) return [];
    const target = parts[i + 1];
    if (target.startsWith("#")) return [termButton(part, target.slice(1), leads)];
    return [nameNode(part, target, model, leads)];
  });
}

/**
 * The words of a name, with a link only if the cell has the name.
 * @param {string} words
 * @param {string} name
 * @param {Model | null} model
 * @param {Leads} leads
 */
export function nameNode(words, name, model, leads) {
  const reference = known(name, model);
  if (!reference) return make("span", "", words);
  const button = Object.assign(make("button", `name ${hue(reference)}`.trim(), words), { type: "button" });
  button.dataset.name = name;
  for (const type of ["pointerenter", "focus"]) button.addEventListener(type, () => leads.point(name));
  for (const type of ["pointerleave", "blur"]) button.addEventListener(type, () => leads.point(null));
  button.addEventListener("click", () => leads.go(name));
  return button;
}

/**
 * @param {string} words
 * @param {string} term
 * @param {Leads} leads
 */
function termButton(words, term, leads) {
  const button = Object.assign(make("button", "term-link", words), { type: "button", title: "Look it up" });
  button.addEventListener("click", () => leads.explain(term));
  return button;
}

/**
 * The reference of a name in the present cell, undefined if the cell does not have it.
 * @param {string} name
 * @param {Model | null} model
 * @returns {Reference | undefined}
 */
export function known(name, model) {
  if (model === null) return undefined;
  return name === nameOf(INPUT) ? INPUT : referenceNamed(model, name);
}

/**
 * The place of a name in the picture, relative to a place; null if it is not a value.
 * @param {string} name
 * @param {Selection} from
 * @param {Model | null} model
 * @returns {Selection | null}
 */
export function placeOf(name, from, model) {
  const reference = known(name, model);
  if (!reference || reference.kind === "input" || isArray(reference)) return null;
  return { ...from, quantity: reference.of, t: Math.max(0, from.t - (reference.kind === "previous" ? 1 : 0)) };
}
