/**
 * Keeps the keyboard focus: disabled buttons stay focusable, and when a focused control disappears, the focus moves to the element that its markup
 * names (data-then).
 */


/** @import {ById} from "../elements.js" */
/** @import {Lifetime} from "../lifetime.js" */

const SEEN = { visibilityProperty: true };

/**
 * Enable a button or disable it with aria-disabled, so that it can still be focused and read.
 * @param {Element} button
 * @param {boolean} able
 */
export function allow(button, able) {
  const text = String(!able);
  if (button.getAttribute("aria-disabled") !== text) button.setAttribute("aria-disabled", text);
}

/**
 * Stop clicks on disabled buttons.
 * @param {Pick<Lifetime, "listen">} page
 */
export function stopDisabled({ listen }) {
  listen(window, "click", (event) => {
    if (!(event.target instanceof Element) || event.target.closest('[aria-disabled="true"]') === null) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, { capture: true });
}

/**
 * @param {Pick<Lifetime, "listen"> & {byId: ById}} page
 * @returns {() => void} to be called when the page is drawn
 */
export function createFocusKeeper({ byId, listen }) {
  /** @type {EventTarget | null} the element that had the focus last; the browser may already have moved the focus from a hidden element */
  let last = null;
  listen(window, "focusin", ({ target }) => { last = target; });
  listen(window, "pointerdown", () => { last = null; }, { capture: true });

  return () => {
    const focused = document.activeElement === document.body ? last : document.activeElement;
    if (!(focused instanceof HTMLElement) || focused.dataset.then === undefined || focused.checkVisibility(SEEN)) return;
    last = null;
    byId(focused.dataset.then).focus();
  };
}
