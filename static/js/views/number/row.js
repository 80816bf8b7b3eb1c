/** One line of a sum: a term's factors as buttons, its product, and a bar that starts where the previous one ended. */

import { make, put } from "../../lib/dom.js";
import { fixed } from "../../lib/format.js";
import { matrixPlace, nameOf } from "../../model/cell/references.js";
import { hue } from "../../model/cell/symbols.js";
import { factorName } from "./factor.js";

/** @import {Factor, Network, Term} from "../../types.d.ts" */
/** @import {Span, Sum} from "./sum.js" */

/** The digits of a factor plus the number of factors, so that a line fits. */
const MANY = 5;

/** @typedef {ReturnType<typeof createRow>} Row */

/** @param {(factor: Factor) => void} open called on a click on a factor */
export function createRow(open) {
  const root = make("li", "term");
  const names = make("span", "term-name");
  const values = make("span", "factors");
  const product = make("span", "product");
  const bar = createBar();
  root.append(names, values, product, bar.root);
  /** @type {{button: HTMLButtonElement, factor: Factor | null}[]} */
  const slots = [];

  /** @param {number} count */
  function reserve(count) {
    for (let i = slots.length; i < count; i += 1) {
      const button = Object.assign(make("button"), { type: "button" });
      /** @type {(typeof slots)[number]} */
      const slot = { button, factor: null };
      button.addEventListener("click", () => slot.factor && open(slot.factor));
      slots.push(slot);
      names.append(button);
    }
    slots.forEach(({ button }, i) => put(button, "hidden", i >= count));
  }

  /**
   * @param {Term} term
   * @param {Network | null} network
   * @param {Span} span
   * @param {Sum} sum
   */
  function show({ factors, product: value }, network, span, sum) {
    reserve(factors.length);
    const matrix = matrixPlace(factors);
    factors.forEach((factor, i) => {
      const slot = slots[i];
      slot.factor = factor;
      put(slot.button, "textContent", factorName(factor, network, i < matrix));
      put(slot.button, "className", `factor ${hue(factor)}`);
      put(slot.button, "title", whereTo(factor));
      nameFor(slot.button, factor);
    });
    put(values, "textContent", factors.length > 1 ? factors.map((factor) => fixed(factor.value, MANY - factors.length)).join("·") : "");
    put(product, "textContent", fixed(value));
    bar.show(span, sum);
  }

  return { root, show, button: (/** @type {number} */ i) => slots[i]?.button };
}

/** A bar on an axis that all lines of a sum share. */
export function createBar() {
  const root = make("span", "fall");
  const fill = make("i");
  const axis = make("b");
  root.append(axis, fill);
  root.setAttribute("aria-hidden", "true");

  /**
   * @param {Span} span
   * @param {Pick<Sum, "low" | "high">} axisOf
   */
  function show({ from, to }, { low, high }) {
    const width = high - low || 1;
    const place = (/** @type {number} */ value) => (100 * (value - low)) / width;
    axis.style.left = `min(${place(0)}%, 100% - 1px)`;
    fill.style.left = `${place(Math.min(from, to))}%`;
    fill.style.width = `${place(Math.max(from, to)) - place(Math.min(from, to))}%`;
    put(fill, "className", to < from ? "negative" : "");
    put(fill, "hidden", to === from);
  }

  return { root, show };
}

/**
 * Name a factor that is a value at the same step, so that every view previews it under the pointer.
 * @param {HTMLElement} button
 * @param {Factor} factor
 */
function nameFor({ dataset }, factor) {
  const unit = isHere(factor) ? String(factor.index[1]) : undefined;
  if (dataset.unit === unit && dataset.name === (unit && nameOf(factor))) return;
  delete dataset.name;
  delete dataset.unit;
  if (unit !== undefined) Object.assign(dataset, { name: nameOf(factor), unit });
}

/**
 * Whether a factor is a value of the same step.
 * @param {Factor} factor
 */
function isHere({ kind }) {
  return kind === "value" || kind === "complement";
}

/** @param {Factor} factor */
function whereTo(factor) {
  const value = fixed(factor.value);
  if (factor.kind === "previous") return `${value}: go one step back`;
  return isHere(factor) ? `${value}: take apart` : `${value}: show where it stands`;
}
