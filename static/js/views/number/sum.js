/** A sum whose terms visibly add up: a bar for each, starting where the previous one ended, and one for the rest. */

import { fixed, parseNumber } from "../../lib/format.js";
import { niceCeiling } from "../../lib/round-numbers.js";

/** @import {Explained, State, Term} from "../../types.d.ts" */

/** The number of terms shown individually, unless the reader asks for all. */
export const MOST_TERMS = 24;
/** With at most this many terms, zeros are also shown. */
export const FEW_TERMS = 4;
/** Round numbers, far enough apart to change rarely while values move. */
const AXIS_ENDS = [1, 1.5, 2, 3, 4, 6, 8, 10];

/**
 * @typedef {{from: number, to: number}} Span
 * @typedef {object} Sum
 * @property {readonly Term[]} terms the terms shown individually
 * @property {Span[]} spans the ends of their bars
 * @property {number} smaller the number of other terms that are not 0
 * @property {number} zeros the number of other terms that are 0
 * @property {number} rest the printed total minus the printed terms, so that the printed numbers add up
 * @property {Span} restSpan
 * @property {number} total
 * @property {number} low the low end of the axis
 * @property {number} high the high end of the axis
 */

/**
 * @param {Explained} explained
 * @param {State["termOrder"]} order
 * @param {boolean} all whether to show every term
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
 * The sum of the terms.
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
 * A number rounded as the panel prints it.
 * @param {number} value
 */
function printed(value) {
  return parseNumber(fixed(value));
}

/** @param {number} most */
function roundUp(most) {
  return most > 0 ? niceCeiling(most, AXIS_ENDS) : 0;
}
