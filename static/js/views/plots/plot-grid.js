/** The plots by keyboard: a focusable cell over each plot. Arrow keys move the preview within it, and the previewed value is announced. */

import { lay, make, put } from "../../lib/dom.js";
import { fixed } from "../../lib/format.js";
import { plotBoxes } from "./plot-boxes.js";
import { symbol } from "../../model/cell/symbols.js";
import { follow } from "../../model/timeline.js";
import { valueAt } from "../../model/trace.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {Size} from "../../lib/size.js" */
/** @import {Quantity, Seen, Selection, State} from "../../types.d.ts" */

const FAR = Number.MAX_SAFE_INTEGER;
/** @type {Record<string, [keyof Pick<Selection, "t" | "unit">, number]>} */
const MOVES = {
  ArrowLeft: ["t", -1], ArrowRight: ["t", 1], Home: ["t", -FAR], End: ["t", FAR],
  ArrowUp: ["unit", -1], ArrowDown: ["unit", 1],
};
/** Keys that move to the previous or next plot. */
const TURNS = /** @type {Record<string, number>} */ ({ PageUp: -1, PageDown: 1 });

/** @typedef {Pick<Seen, "trace" | "zoom" | "selection"> & {size: Size, scale: number}} Inputs */

/**
 * @param {Page} page
 * @returns {View<Inputs>}
 */
export function createPlotGrid(page) {
  const { store, byId, sizeOf, timeline } = page;
  const { point, select, zoom } = page.actions;
  const root = byId("plot-grid");
  const plots = /** @type {HTMLElement} */ (root.parentElement);
  const said = byId("plot-said");
  /** @type {HTMLElement[]} */
  let cells = [];

  root.addEventListener("focusin", ({ target }) => show(placeIn(target)));
  root.addEventListener("focusout", ({ relatedTarget }) => {
    put(said, "textContent", "");
    if (!root.contains(/** @type {Node | null} */ (relatedTarget))) point(null);
  });
  root.addEventListener("keydown", (event) => {
    if (store.get().playing || event.altKey || event.ctrlKey || event.metaKey) return;
    const place = placeIn(event.target);
    const move = MOVES[event.key];
    const turn = TURNS[event.key];
    if (move) show(moved(store.get(), place, ...move));
    else if (turn) cells[Math.max(0, Math.min(cells.length - 1, cells.indexOf(/** @type {HTMLElement} */ (event.target)) + turn))].focus();
    else if (event.key === "Enter") select(place);
    else return;
    event.preventDefault();
  });

  /**
   * The visible place, with the quantity of a cell.
   * @param {EventTarget | null} cell
   * @returns {Selection}
   */
  function placeIn(cell) {
    return { ...page.seen().selection, quantity: quantityOf(cell) };
  }

  /** @param {Selection} place */
  function show(place) {
    point(place);
    zoom(follow(store.get(), place.t));
  }

  /** @param {Inputs} state */
  function render(state) {
    if (state.trace === null) return;
    const { values, steps } = state.trace;
    if (values.join() !== cells.map(quantityOf).join()) offer(values);
    const { width, height } = state.size;
    plotBoxes(state.scale, timeline(width, steps, state.zoom), height, values.length).forEach((box, i) => lay(cells[i], box));
    const { t, unit, quantity } = state.selection;
    const stop = Math.max(0, values.indexOf(quantity));
    cells.forEach((cell, i) => {
      put(cell, "tabIndex", i === stop ? 0 : -1);
      const text = `${symbol(values[i])}, unit ${unit}, t = ${t + 1}: ${fixed(valueAt(state.trace, values[i], t, unit))}`;
      if (cell.getAttribute("aria-label") !== text) cell.setAttribute("aria-label", text);
      if (cell === document.activeElement) put(said, "textContent", text);
    });
  }

  /** @param {readonly Quantity[]} values */
  function offer(values) {
    cells = values.map((value) => {
      const cell = make("div", "plot-cell");
      cell.setAttribute("role", "gridcell");
      // Set the attribute itself: the property is −1 even without it, so `put` would leave the cell unfocusable.
      cell.setAttribute("tabindex", "-1");
      cell.dataset.quantity = value;
      return cell;
    });
    root.replaceChildren(...cells.map((cell) => {
      const row = make("div");
      row.setAttribute("role", "row");
      row.append(cell);
      return row;
    }));
  }

  return {
    root,
    inputs: ({ trace, zoom, selection }) => ({ trace, zoom, selection, size: sizeOf(plots), scale: page.typeScale() }),
    render,
  };
}

/** @param {EventTarget | null} cell */
function quantityOf(cell) {
  return /** @type {HTMLElement} */ (cell).dataset.quantity ?? "";
}

/**
 * A place a number of steps or units away, within the run. Units count downwards both in heatmaps and among lines.
 * @param {State} state
 * @param {Selection} place
 * @param {"t" | "unit"} along
 * @param {number} by
 * @returns {Selection}
 */
function moved({ trace, network }, place, along, by) {
  const most = (along === "t" ? trace?.steps ?? 1 : network.hiddenSize) - 1;
  return { ...place, [along]: Math.max(0, Math.min(most, place[along] + by)) };
}
