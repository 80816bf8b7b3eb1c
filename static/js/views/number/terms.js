/** The lines of a sum: the largest terms, by size or in order, then the rest and the total. */

import { make, put } from "../../lib/dom.js";
import { short } from "../../lib/format.js";
import { symbolNode } from "../../model/cell/symbols.js";
import { FEW_TERMS, sumOf } from "./sum.js";
import { createSumList } from "./sum-list.js";

/** @import {Page} from "../../state/page.d.ts" */
/** @import {Equation, Explained, Factor, Network, State} from "../../types.d.ts" */
/** @import {Sum} from "./sum.js" */

/**
 * @param {Page} page
 * @param {(factor: Factor) => void} open
 * @param {() => void} expand switches between all terms and the largest
 */
export function createTerms({ byId }, open, expand) {
  const root = byId("terms");
  const list = createSumList(root, open);
  const more = Object.assign(make("button", "link more-terms"), { type: "button" });
  const restWords = make("span", "quiet");
  list.restLabel.append(restWords, more);
  more.addEventListener("click", expand);
  /** @type {string | null} */
  let named = null;

  /**
   * @param {Explained} explained
   * @param {Equation} equation
   * @param {Network | null} network
   * @param {State["termOrder"]} order
   * @param {boolean} all
   */
  function render(explained, equation, network, order, all) {
    const sum = sumOf(explained, order, all);
    list.show(sum, network);
    put(restWords, "textContent", wordsOfRest(sum));
    const left = sum.smaller + sum.zeros;
    put(more, "hidden", left === 0 && (!all || sum.terms.length <= FEW_TERMS));
    put(more, "textContent", left > 0 ? "show all" : "show fewer");
    label(explained, equation);
    put(byId("terms-axis"), "textContent", `bars from ${short(sum.low)} to ${short(sum.high)}`);
  }

  /**
   * @param {Explained} explained
   * @param {Equation} equation
   */
  function label({ terms }, { pre, value }) {
    const text = `${terms.length} ${value} ${pre}`;
    if (text === named) return;
    named = text;
    list.totalLabel.replaceChildren(terms.length === 1 ? "one term: " : `sum of ${terms.length} terms: `, symbolNode(pre ?? value));
  }

  return { render };
}

/**
 * Describes the terms that are not shown individually.
 * @param {Pick<Sum, "smaller" | "zeros">} sum
 */
function wordsOfRest({ smaller, zeros }) {
  const parts = [];
  if (smaller > 0) parts.push(`${smaller} smaller`);
  if (zeros > 0) parts.push(zeros === 1 ? "1 zero" : `${zeros} zeros`);
  return `rest: ${[...parts, "rounding"].join(", ")} `;
}
