/** The plots' values as tables of numbers. A table shows one part of the run, and is filled only while it is visible. */

import { make, press, put } from "../../lib/dom.js";
import { equationOf } from "../../model/cell/equations.js";
import { fixed } from "../../lib/format.js";
import { symbolNode } from "../../model/cell/symbols.js";
import { clampZoom } from "../../model/timeline.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {Model, PageTrace, Quantity, Seen, TimeWindow} from "../../types.d.ts" */

/** The maximum number of steps and units in a table. */
const MOST_STEPS = 60;
const MOST_UNITS = 64;
/** px of the first column, which does not scroll */
const STUCK = 48;

/**
 * The block of a range that contains an index.
 * @param {TimeWindow} range
 * @param {number} at
 * @param {number} most
 * @returns {TimeWindow}
 */
export function blockOf({ from, to }, at, most) {
  const inside = Math.max(from, Math.min(to - 1, at));
  const first = from + Math.floor((inside - from) / most) * most;
  return { from: first, to: Math.min(to, first + most) };
}

/** @typedef {Pick<Seen, "numbers" | "trace" | "model" | "selection" | "zoom">} Inputs */

/**
 * @param {Page} page
 * @returns {View<Inputs>}
 */
export function createValueTables(page) {
  const { actions, byId } = page;
  const root = byId("numbers");
  const choice = byId("view-numbers");
  /** @type {ReturnType<typeof createTable>[]} */
  let tables = [];
  /** @type {Model | null} */
  let named = null;

  choice.addEventListener("click", () => actions.show({ numbers: true }));
  root.addEventListener("click", (event) => {
    const cell = /** @type {HTMLElement} */ (event.target).closest("td");
    const { quantity } = cell?.closest("details")?.dataset ?? {};
    if (!cell || !quantity) return;
    actions.select({ quantity, t: Number(cell.dataset.t), unit: Number(cell.dataset.unit) });
  });
  // Fill a table when it is opened.
  root.addEventListener("toggle", () => latest && render(latest), true);
  /** @type {Inputs | null} */
  let latest = null;

  /** @param {Inputs} state */
  function render(state) {
    latest = state;
    press(choice, state.numbers);
    put(root, "hidden", !state.numbers);
    root.parentElement?.classList.toggle("numeric", state.numbers);
    if (!state.numbers || state.trace === null || state.model === null) return;
    if (state.model !== named) name(state.model, state.selection.quantity);
    for (const table of tables) if (table.root.open) table.render(state, state.trace);
  }

  /**
   * @param {Model} model
   * @param {Quantity} chosen the quantity with the table to open first
   */
  function name(model, chosen) {
    named = model;
    tables = model.values.map((quantity) => createTable(quantity, equationOf(model, quantity)?.title ?? quantity));
    const first = tables.find(({ root: { dataset } }) => dataset.quantity === chosen) ?? tables[0];
    first.root.open = true;
    root.replaceChildren(...tables.map((table) => table.root));
  }

  return { root, inputs: ({ numbers, trace, model, selection, zoom }) => ({ numbers, trace, model, selection, zoom }), render };
}

/**
 * @param {Quantity} quantity
 * @param {string} title
 */
function createTable(quantity, title) {
  const root = make("details", "values");
  root.dataset.quantity = quantity;
  const summary = make("summary");
  summary.append(symbolNode(quantity), ` ${title}`);
  const scroller = make("div", "values-scroller");
  scroller.tabIndex = 0;
  scroller.setAttribute("role", "region");
  scroller.setAttribute("aria-label", `${title} in numbers`);
  const table = make("table");
  const caption = table.createCaption();
  scroller.append(table);
  root.append(summary, scroller);
  /** @type {unknown[]} */
  let built = [];
  /** @type {unknown[]} */
  let filled = [];
  /** @type {HTMLTableCellElement[]} */
  let cells = [];
  /** @type {HTMLTableCellElement | undefined} */
  let current;

  /**
   * @param {Inputs} state
   * @param {PageTrace} trace
   */
  function render({ selection, zoom }, trace) {
    const steps = blockOf(clampZoom(zoom, trace.steps) ?? { from: 0, to: trace.steps }, selection.t, MOST_STEPS);
    const units = blockOf({ from: 0, to: trace.hidden }, selection.unit, MOST_UNITS);
    const shape = [trace.steps, trace.hidden, steps.from, steps.to, units.from, units.to];
    if (shape.some((part, i) => part !== built[i])) build(trace, steps, units);
    built = shape;
    if (filled[0] !== trace || filled[1] !== cells) fillIn(trace, steps, units);
    filled = [trace, cells];
    const width = steps.to - steps.from;
    const inside = selection.t >= steps.from && selection.t < steps.to;
    mark(inside ? cells[(selection.unit - units.from) * width + selection.t - steps.from] : undefined);
  }

  /**
   * One row per unit and one column per step, as in the plot.
   * @param {PageTrace} trace
   * @param {TimeWindow} steps
   * @param {TimeWindow} units
   */
  function build({ steps: allSteps, hidden }, steps, units) {
    const part = steps.to - steps.from < allSteps || units.to - units.from < hidden;
    const whole = part ? ` – the part round the selection, of ${allSteps} timesteps and ${hidden} units` : "";
    caption.textContent = `${title}, timesteps ${steps.from + 1} to ${steps.to}, units ${units.from} to ${units.to - 1}${whole}`;
    const head = make("tr");
    head.append(header("unit", "col"), ...range(steps).map((t) => header(`t = ${t + 1}`, "col")));
    cells = [];
    const rows = range(units).map((unit) => {
      const row = make("tr");
      row.append(header(String(unit), "row"), ...range(steps).map((t) => valueCell(t, unit)));
      return row;
    });
    const [top, body] = [make("thead"), make("tbody")];
    top.append(head);
    body.append(...rows);
    table.replaceChildren(caption, top, body);
  }

  /**
   * @param {number} t
   * @param {number} unit
   */
  function valueCell(t, unit) {
    const cell = make("td");
    cell.dataset.t = String(t);
    cell.dataset.unit = String(unit);
    cells.push(cell);
    return cell;
  }

  /**
   * @param {PageTrace} trace
   * @param {TimeWindow} steps
   * @param {TimeWindow} units
   */
  function fillIn({ arrays, hidden }, steps, units) {
    const values = arrays[quantity];
    let i = 0;
    for (let unit = units.from; unit < units.to; unit += 1) {
      for (let t = steps.from; t < steps.to; t += 1, i += 1) put(cells[i], "textContent", fixed(values[t * hidden + unit]));
    }
  }

  /** @param {HTMLTableCellElement | undefined} cell */
  function mark(cell) {
    if (cell === current) return;
    current?.removeAttribute("aria-current");
    cell?.setAttribute("aria-current", "true");
    current = cell;
    if (cell) reveal(cell);
  }

  /**
   * Scroll a cell into view within the tables, without moving the page.
   * @param {HTMLTableCellElement} cell
   */
  function reveal(cell) {
    const host = /** @type {HTMLElement} */ (root.parentElement);
    const [box, across, down] = [cell, scroller, host].map((element) => element.getBoundingClientRect());
    scroller.scrollLeft += beyond(box.left, box.right, across.left + STUCK, across.right);
    host.scrollTop += beyond(box.top, box.bottom, down.top, down.bottom);
  }

  return { root, render };
}

/**
 * @param {string} text
 * @param {"col" | "row"} scope
 */
function header(text, scope) {
  return Object.assign(make("th", "", text), { scope });
}

/**
 * How far to scroll so that a span lies within another.
 * @param {number} low
 * @param {number} high
 * @param {number} from
 * @param {number} to
 */
function beyond(low, high, from, to) {
  return low < from ? low - from : Math.max(0, high - to);
}

/** @param {TimeWindow} window */
function range({ from, to }) {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
