/**
 * Who works by keyboard stays where they are: a button that has nothing to do now keeps the focus, and where what has it goes out of sight, the focus
 * goes on to what its markup names (data-then).
 */


/** @import {ById} from "../elements.js" */
/** @import {Lifetime} from "../lifetime.js" */

const SEEN = { visibilityProperty: true };

/**
 * Whether a button has something to do. Unlike a disabled one it can be gone to, and read, when it has not.
 * @param {Element} button
 * @param {boolean} able
 */
export function allow(button, able) {
  const text = String(!able);
  if (button.getAttribute("aria-disabled") !== text) button.setAttribute("aria-disabled", text);
}

/**
 * Stop clicks on buttons that have nothing to do.
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
  /** @type {EventTarget | null} what was gone to last; the browser may have taken the focus from what is hidden already */
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
