/** The lines of a sum: a row for each term, then the rest and the total. */

import { make, put } from "../../lib/dom.js";
import { fixed } from "../../lib/format.js";
import { createBar, createRow } from "./row.js";

/** @import {Factor, Network} from "../../types.d.ts" */
/** @import {Row} from "./row.js" */
/** @import {Sum} from "./sum.js" */

/**
 * @param {HTMLElement} root an empty list
 * @param {(factor: Factor) => void} open called on a click on a factor
 */
export function createSumList(root, open) {
  /** @type {Row[]} */
  const rows = [];
  const rest = createFoot("rest");
  const total = createFoot("total");
  root.append(rest.root, total.root);

  /**
   * @param {Sum} sum
   * @param {Network | null} network
   */
  function show(sum, network) {
    while (rows.length < sum.terms.length) {
      const row = createRow(open);
      rows.push(row);
      root.insertBefore(row.root, rest.root);
    }
    for (const row of rows.splice(sum.terms.length)) row.root.remove();
    sum.terms.forEach((term, i) => rows[i].show(term, network, sum.spans[i], sum));
    put(rest.product, "textContent", fixed(sum.rest));
    rest.bar.show(sum.restSpan, sum);
    put(total.product, "textContent", fixed(sum.total));
    total.bar.show({ from: 0, to: sum.total }, sum);
  }

  return { show, restLabel: rest.label, totalLabel: total.label };
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
