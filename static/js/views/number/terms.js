/** The lines of a sum: the largest terms, by size or in order, then the rest and the total. */

import { make, put } from "../../lib/dom.js";
import { fixed, short } from "../../lib/format.js";
import { symbolNode } from "../../model/cell/symbols.js";
import { createBar, createRow } from "./row.js";
import { FEW_TERMS, sumOf } from "./sum.js";

/** @import {Page} from "../../state/page.d.ts" */
/** @import {Equation, Explained, Factor, Network, State} from "../../types.d.ts" */
/** @import {Row} from "./row.js" */
/** @import {Sum} from "./sum.js" */

/**
 * @param {Page} page
 * @param {(factor: Factor) => void} open
 * @param {() => void} expand switches between all terms and the largest
 */
export function createTerms({ byId }, open, expand) {
  const root = byId("terms");
  /** @type {Row[]} */
  const rows = [];
  const rest = createFoot("rest");
  const total = createFoot("total");
  const more = Object.assign(make("button", "link more-terms"), { type: "button" });
  const restWords = make("span", "quiet");
  rest.label.append(restWords, more);
  more.addEventListener("click", expand);
  root.append(rest.root, total.root);
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
    while (rows.length < sum.terms.length) {
      const row = createRow(open);
      rows.push(row);
      root.insertBefore(row.root, rest.root);
    }
    for (const row of rows.splice(sum.terms.length)) row.root.remove();
    sum.terms.forEach((term, i) => rows[i].show(term, network, sum.spans[i], sum));
    put(restWords, "textContent", wordsOfRest(sum));
    const left = sum.smaller + sum.zeros;
    put(more, "hidden", left === 0 && (!all || sum.terms.length <= FEW_TERMS));
    put(more, "textContent", left > 0 ? "show all" : "show fewer");
    put(rest.product, "textContent", fixed(sum.rest));
    rest.bar.show(sum.restSpan, sum);
    label(explained, equation);
    put(total.product, "textContent", fixed(sum.total));
    total.bar.show({ from: 0, to: sum.total }, sum);
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
    total.label.replaceChildren(terms.length === 1 ? "one term: " : `sum of ${terms.length} terms: `, symbolNode(pre ?? value));
  }

  return { render };
}

/** @param {string} name */
function createFoot(name) {
  const root = make("li", `term foot ${name}`);
  const label = make("span", "foot-label");
  const product = make("span", "foot-product");
  const bar = createBar();
  root.append(label, product, bar.root);
  return { root, label, product, bar };
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
