/** A sum that visibly adds up: its terms as steps, each from where the last one ended, and what is left over. */

import { fixed, parseNumber } from "../../lib/format.js";
import { niceCeiling } from "../../lib/round-numbers.js";

/** @import {Explained, State, Term} from "../../types.d.ts" */

/** Terms shown one by one unless all are asked for. */
export const MOST_TERMS = 24;
/** So few are shown with those that are 0. */
export const FEW_TERMS = 4;
/** Round, and seldom another while values move. */
const AXIS_ENDS = [1, 1.5, 2, 3, 4, 6, 8, 10];

/**
 * @typedef {{from: number, to: number}} Span
 * @typedef {object} Sum
 * @property {readonly Term[]} terms those shown one by one
 * @property {Span[]} spans where each begins and ends
 * @property {number} smaller how many others there are that are not 0
 * @property {number} zeros how many others are 0
 * @property {number} rest what the others come to, as printed: the printed terms and this make the printed total
 * @property {Span} restSpan
 * @property {number} total
 * @property {number} low where the axis begins
 * @property {number} high where it ends
 */

/**
 * @param {Explained} explained
 * @param {State["termOrder"]} order
 * @param {boolean} all whether every term is shown
 * @returns {Sum}
 */
export function sumOf(explained, order, all) {
  const nonzero = explained.terms.filter(({ product }) => product !== 0);
  const whole = all || explained.terms.length <= FEW_TERMS;
  const terms = whole ? chosen(explained.terms, order, explained.terms.length) : chosen(nonzero, order, MOST_TERMS);
  const total = totalOf(explained);
  let at = 0;
  const spans = terms.map(({ product }) => ({ from: at, to: (at += product) }));
  const rest = printed(total) - terms.reduce((sum, { product }) => sum + printed(product), 0);
  const ends = [total, ...spans.map(({ to }) => to)].filter(Number.isFinite);
  return {
    terms, spans, total, rest,
    smaller: whole ? 0 : nonzero.length - terms.length,
    zeros: whole ? 0 : explained.terms.length - nonzero.length,
    restSpan: { from: !whole && nonzero.length > terms.length ? at : total, to: total },
    low: -roundUp(-Math.min(0, ...ends)),
    high: roundUp(Math.max(0, ...ends)),
  };
}

/**
 * What the terms sum to.
 * @param {Explained} explained
 */
export function totalOf({ pre_activation: sum, computed, result }) {
  return sum ?? computed ?? result;
}

/**
 * The largest terms, by size or in the order of the equation.
 * @param {readonly Term[]} terms
 * @param {State["termOrder"]} order
 * @param {number} most
 */
function chosen(terms, order, most) {
  if (order === "order" && terms.length <= most) return terms;
  const sorted = terms.toSorted((a, b) => Math.abs(b.product) - Math.abs(a.product)).slice(0, most);
  if (order === "size") return sorted;
  const kept = new Set(sorted);
  return terms.filter((term) => kept.has(term));
}

/**
 * A number as a reader of the panel adds it.
 * @param {number} value
 */
function printed(value) {
  return parseNumber(fixed(value));
}

/** @param {number} most */
function roundUp(most) {
  return most > 0 ? niceCeiling(most, AXIS_ENDS) : 0;
}
