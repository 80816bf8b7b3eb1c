/** A label beside the previewed value in the plots. Every frame reads the value again, so the label is never outdated. */

import { put } from "../../lib/dom.js";
import { fixed } from "../../lib/format.js";
import { symbol } from "../../model/cell/symbols.js";
import { valueAt } from "../../model/trace.js";

/** @import {Page} from "../../state/page.d.ts" */
/** @import {Seen} from "../../types.d.ts" */

/** px between a value and its label, and the size of the label */
const AWAY = 10;
const WIDE = 150;
const HIGH = 48;

/** @param {Page} page */
export function createPlotLabel(page) {
  const { byId } = page;
  const root = byId("plot-label");
  const [number, name] = /** @type {HTMLElement[]} */ ([...root.children]);

  /**
   * @param {Pick<Seen, "preview" | "trace" | "selection">} seen
   * @param {{left: number, top: number, width: number, height: number} | null} spot null if the place is not visible
   * @param {number} width px of the panel
   */
  function render({ preview, trace, selection: { t, unit, quantity } }, spot, width) {
    const shown = preview !== null && spot !== null;
    put(root, "hidden", !shown);
    if (!shown) return;
    put(number, "textContent", fixed(valueAt(trace, quantity, t, unit)));
    put(name, "textContent", `${symbol(quantity)} · unit ${unit} · t = ${t + 1}`);
    const right = spot.left + spot.width + AWAY + WIDE < width;
    const above = spot.top > HIGH;
    const x = right ? `${spot.left + spot.width + AWAY}px` : `calc(${spot.left - AWAY}px - 100%)`;
    const y = above ? `calc(${spot.top}px - 100%)` : `${spot.top + spot.height}px`;
    root.style.transform = `translate(${x}, ${y})`;
  }

  return { render };
}
