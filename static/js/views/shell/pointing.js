/**
 * Names of quantities: pointing at one previews its quantity, a click pins it, and all names of the marked quantity are highlighted.
 * An element that names a quantity has `data-name`; with `data-unit` it names one unit of it.
 */

import { equationOf, valueNamed } from "../../model/cell/equations.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {Selection} from "../../types.d.ts" */

/** Elements that react to a click in another way. */
const OWN_CLICK = "button, a, label, select, input, .number-panel";
/** Elements that find the place under the pointer themselves. */
const OWN_POINTER = "#diagram";

/**
 * @param {Page} page
 * @returns {View<{name: string}>}
 */
export function createPointing(page) {
  const { root, store, listen } = page;
  const { point, select, unmark } = page.actions;
  const light = page.rules();
  /** whether the pointer is over a name */
  let over = false;

  /**
   * The place that a name stands for.
   * @param {EventTarget | null} target
   * @returns {Partial<Selection> | null}
   */
  function placeOf(target) {
    if (!(target instanceof Element) || target.closest(OWN_POINTER)) return null;
    const element = target.closest("[data-name]") ?? target.closest(".plot-title")?.querySelector("[data-name]");
    const { name, unit } = /** @type {HTMLElement | SVGElement | undefined} */ (element)?.dataset ?? {};
    const quantity = name === undefined ? undefined : valueNamed(store.get().model, name);
    return quantity === undefined ? null : { quantity, ...(unit !== undefined && { unit: Number(unit) }) };
  }

  /** @param {PointerEvent} event */
  function hover(event) {
    if (event.pointerType === "touch") return;
    const place = placeOf(event.target);
    const inNumber = /** @type {Element} */ (event.target).closest(".number-panel") !== null;
    if (place !== null) point(place, inNumber ? "number" : null);
    else if (over) point(null);
    over = place !== null;
  }

  // The first also fires when the page moves under the pointer; the second restores a preview that Escape or an edit has cleared.
  listen(root, "pointerover", hover);
  listen(root, "pointermove", hover);
  listen(root, "pointerleave", () => {
    if (over) point(null);
    over = false;
  });
  listen(root, "click", (event) => {
    const place = placeOf(event.target);
    if (place === null || event.defaultPrevented || /** @type {Element} */ (event.target).closest(OWN_CLICK)) return;
    const { pinned, selection } = store.get();
    const same = pinned && selection.quantity === place.quantity && (place.unit ?? selection.unit) === selection.unit;
    if (same && /** @type {PointerEvent} */ (event).pointerType === "touch") unmark();
    else select(place);
  });

  /** @param {{name: string}} inputs the marked quantity, or "" */
  function render({ name }) {
    const rules = `& .q[data-name="${name}"] { background: var(--lit); box-shadow: 0 0 0 2px var(--lit); border-radius: 2px; }`;
    light(name === "" ? "" : rules);
    root.dataset.lit = name;
  }

  return {
    root,
    inputs: ({ marked, selection: { quantity }, model }) => ({ name: marked && equationOf(model, quantity) ? quantity : "" }),
    render,
  };
}
