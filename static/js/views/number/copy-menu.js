/** The menu that copies one number. */

import { make } from "../../lib/dom.js";
import { latex, numpy, plainText } from "./copy.js";

/** @import {Page} from "../../state/page.d.ts" */
/** @import {Number_} from "./copy.js" */

const KINDS = /** @type {const} */ ([["Plain text", plainText], ["LaTeX", latex], ["NumPy", numpy]]);

/**
 * @param {Page} page
 * @param {() => Number_ | null} number the one on show
 */
export function createCopyMenu(page, number) {
  const { actions, byId } = page;
  const button = byId("copy", HTMLButtonElement);
  const menu = byId("copy-menu");
  const items = KINDS.map(([label, write]) => {
    const item = Object.assign(make("button", "", label), { type: "button", role: "menuitem", tabIndex: -1 });
    item.addEventListener("click", () => {
      const shown = number();
      show(false);
      if (shown) copy(write(shown), label);
    });
    return item;
  });
  menu.replaceChildren(...items);

  /** @param {boolean} open */
  function show(open) {
    const had = menu.contains(document.activeElement);
    menu.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (open) items[0].focus();
    else if (had) button.focus();
  }

  /**
   * @param {string} text
   * @param {string} label
   */
  async function copy(text, label) {
    const done = await toClipboard(text);
    actions.notify(done ? { kind: "info", text: `Copied as ${label}.` } : { kind: "error", text: "The browser does not let this page copy." });
  }

  button.addEventListener("click", () => show(menu.hidden));
  menu.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget !== button && !menu.contains(/** @type {Node | null} */ (relatedTarget))) show(false);
  });
  menu.addEventListener("keydown", (event) => {
    const at = items.findIndex((item) => item === document.activeElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (next !== undefined) items.at(next % items.length)?.focus();
    else if (event.key === "Escape") show(false);
    else return;
    event.preventDefault();
  });
}

/**
 * @param {string} text
 * @returns {Promise<boolean>} whether it is there
 */
async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyByHand(text);
  }
}

/**
 * As it is done where a page is not served over TLS or from the same machine.
 * @param {string} text
 */
function copyByHand(text) {
  const field = Object.assign(make("textarea"), { value: text });
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  before?.after(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  before?.focus();
  return done;
}
